#pragma once
// CAR version 2: a pragma that readers of version 1 refuse, a header of fixed
// size, a whole CAR version 1, and an index of it.
// https://ipld.io/specs/transport/car/carv2/
//
//   pragma (11 bytes) | header (40) | padding | CAR v1 | padding | index
#include "messages/types/cid.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

namespace weir {

inline constexpr std::size_t car_v2_pragma_size = 11;
inline constexpr std::size_t car_v2_header_size = 40;
inline constexpr std::size_t car_v2_front_size = car_v2_pragma_size + car_v2_header_size;

/// Offsets and sizes in bytes of the file.
struct car_v2_header {
  bool fully_indexed = false; ///< characteristics: identity blocks are in the index, too
  std::uint64_t data_offset = car_v2_front_size;
  std::uint64_t data_size = 0;
  std::uint64_t index_offset = 0; ///< 0 is none

  friend bool operator==(const car_v2_header&, const car_v2_header&) = default;
};

/// Does a file begin so?
bool is_car_v2(bytes_view front);
/// Pragma and header.
bytes car_v2_front(const car_v2_header& header);
/// The header, which follows the pragma. errc::malformed when its parts overlap.
result<car_v2_header> decode_car_v2_header(bytes_view header);

/// How an index is written, by its multicodec: sorted by digest only, or by
/// hash function and digest, from which multihashes can be made again.
enum class car_index_format : std::uint64_t { sorted = 0x0400, multihash_sorted = 0x0401 };

struct car_index_entry {
  std::uint64_t hash = 0; ///< multihash code; 0 in the format `sorted`, which has none
  bytes digest;
  std::uint64_t offset = 0; ///< of the frame, from the start of the CAR v1

  friend auto operator<=>(const car_index_entry&, const car_index_entry&) = default;
};

/// Sorts the entries.
bytes encode_car_index(car_index_format format, std::vector<car_index_entry> entries);
struct decoded_car_index {
  car_index_format format = car_index_format::sorted;
  std::vector<car_index_entry> entries; ///< in the order of the index
};
/// The whole of `data`. errc::malformed when it is cut short, is not sorted or
/// is of a width that no digest has; errc::unsupported for another format.
result<decoded_car_index> decode_car_index(bytes_view data);

/// The CAR version 1 in a file of either version.
struct car_payload {
  std::uint64_t offset = 0, size = 0;
  std::optional<car_v2_header> v2;
};
/// errc::malformed when a version 2 says more than the file has.
result<car_payload> locate_car_payload(const std::filesystem::path& path);

/// What a version 2 carries of an index; nothing when it has none.
/// errc::too_large over `limit` bytes.
result<std::optional<decoded_car_index>> read_car_v2_index(const std::filesystem::path& path,
                                                           std::uint64_t limit = 256 << 20);

/// Makes a CAR version 2, with its index, of a CAR of either version. Identity
/// blocks stay in it, but not in the index. Durable under its name when it
/// returns; on an error there is no such file.
status write_car_v2(const std::filesystem::path& from, const std::filesystem::path& to,
                    car_index_format format = car_index_format::multihash_sorted);

} // namespace weir
