#pragma once
// Sizes, durations and times as people write and read them. A size is bytes,
// with an optional binary unit: "64MiB", "1 GiB", "4096". A duration has a
// unit: "90s", "30m", "2h", "2d", or "10epochs".
#include "messages/types/ids.hpp"
#include "messages/types/result.hpp"

#include <string>
#include <string_view>

namespace weir::cli {

/// errc::invalid_argument says what is understood. K and KiB are 1024, KB is 1000, and so on.
result<std::uint64_t> parse_size(std::string_view text);
/// In epochs of 30 seconds, rounded up.
result<epoch_delta> parse_duration(std::string_view text);
/// Digits only, no sign.
result<std::uint64_t> parse_number(std::string_view text);

/// "1.5 GiB"
std::string size_text(std::uint64_t bytes);
/// "12.3 MiB/s"
std::string rate_text(double bytes_per_second);
/// "1:05", "2:03:10"
std::string time_text(double seconds);
/// "2d 3h" for a number of epochs.
std::string epochs_text(epoch_delta epochs);
/// "bafy…hgbi"
std::string short_cid(std::string_view cid);

} // namespace weir::cli
