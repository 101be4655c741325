#pragma once
// Identifiers and clocks of the system, each a type of its own.
#include "messages/types/strong.hpp"

#include <cstdint>
#include <string>

namespace weir {

/// Number of a committed shared transaction; 0 is "before everything".
using revision = strong<struct revision_tag, std::uint64_t>;

/// UUIDs in lower-case text form.
using content_id = strong<struct content_id_tag, std::string>;
using bucket_id = strong<struct bucket_id_tag, std::string>; ///< seed 001: "bucket-uuid"
using deal_uuid = strong<struct deal_uuid_tag, std::string>; ///< our idempotency key at the provider
using upload_id = strong<struct upload_id_tag, std::string>;
using instance_id = strong<struct instance_id_tag, std::string>; ///< of an FFS instance (seed 000: "Powergate")

/// Number of a deal in the market actor f05; 0 is "none yet" (real ids start at 1 in Weir's eyes).
using deal_id = strong<struct deal_id_tag, std::uint64_t>;

/// Chain epoch of 30 seconds. Durations in epochs are `epoch_delta`.
using epoch = strong<struct epoch_tag, std::int64_t>;
using epoch_delta = std::int64_t;
inline constexpr epoch_delta epochs_per_day = 2880;
inline constexpr std::int64_t epoch_seconds = 30;
inline const epoch no_epoch{-1};

inline epoch operator+(epoch e, epoch_delta d) {
  return epoch{e.value + d};
}
inline epoch operator-(epoch e, epoch_delta d) {
  return epoch{e.value - d};
}
inline epoch_delta operator-(epoch a, epoch b) {
  return a.value - b.value;
}

/// Milliseconds since 1970, of the wall clock: shown to people, never decides.
using unix_ms = strong<struct unix_ms_tag, std::int64_t>;

/// Who owns a record: the name of a user; "local" is the operator of a node on loopback.
using owner_id = strong<struct owner_id_tag, std::string>;

/// A random UUID (version 4) from the system's entropy.
std::string make_uuid();

} // namespace weir
