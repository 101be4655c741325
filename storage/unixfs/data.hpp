#pragma once
// The UnixFS message that sits in the data field of a dag-pb node.
// https://specs.ipfs.tech/unixfs/
#include "messages/types/bytes.hpp"
#include "messages/types/result.hpp"

#include <optional>

namespace weir::unixfs {

enum class data_type : std::uint8_t { raw = 0, directory = 1, file = 2, metadata = 3, symlink = 4, hamt_shard = 5 };

struct timestamp {
  std::int64_t seconds = 0;
  std::uint32_t nanoseconds = 0; ///< below 10^9

  friend bool operator==(const timestamp&, const timestamp&) = default;
};

/// POSIX permission bits and modification time: both optional, both only
/// where the user asked for them.
struct attributes {
  std::optional<std::uint32_t> mode; ///< low 12 bits
  std::optional<timestamp> mtime;

  bool empty() const { return !mode && !mtime; }
  friend bool operator==(const attributes&, const attributes&) = default;
};

struct data {
  data_type type = data_type::file;
  std::optional<bytes> content; ///< of a leaf, target of a symlink, bit field of a shard
  std::optional<std::uint64_t> file_size;
  std::vector<std::uint64_t> block_sizes;
  std::optional<std::uint64_t> hash_type;
  std::optional<std::uint64_t> fanout;
  attributes attr;

  friend bool operator==(const data&, const data&) = default;
};

/// Multihash code of the hash in HAMT directories: the first 8 bytes of
/// MurmurHash3 x64 128.
inline constexpr std::uint64_t murmur3_x64_64 = 0x22;

bytes encode(const data& d);

/// errc::malformed: broken protobuf, no type or an unknown one, a field twice,
/// nanoseconds of a second or more. Unknown fields are ignored, as everywhere.
result<data> decode(bytes_view message);

/// What `encode` gives for a leaf around `content` of this size, without copying.
void put_leaf(bytes& out, data_type type, bytes_view content);
std::size_t leaf_size(std::size_t content_size);

} // namespace weir::unixfs
