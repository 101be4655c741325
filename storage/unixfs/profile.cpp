#include "storage/unixfs/profile.hpp"

#include "storage/blocks/block_io.hpp"
#include "storage/hash/digest.hpp"

#include <bit>

namespace weir::unixfs {

namespace {

/// Room for the protobuf around a chunk in a leaf.
constexpr std::size_t leaf_overhead = 256;

status in_range(const char* field, std::size_t value, std::size_t low, std::size_t high) {
  if (value < low || value > high)
    return fail(errc::invalid_argument, std::string{field} + " is out of range", std::to_string(value),
                std::to_string(low) + " to " + std::to_string(high));
  return {};
}

} // namespace

const profile& unixfs_v1_2025() {
  static const profile p{.name = "unixfs-v1-2025"};
  return p;
}

const profile& unixfs_v0_2015() {
  static const profile p{.name = "unixfs-v0-2015",
                         .cid_version = 0,
                         .raw_leaves = false,
                         .chunk_size = 256 << 10,
                         .file_links = 174,
                         .measure = directory_measure::links};
  return p;
}

result<profile> find_profile(std::string_view name) {
  if (name == unixfs_v1_2025().name)
    return unixfs_v1_2025();
  if (name == unixfs_v0_2015().name || name == "legacy-cid-v0")
    return unixfs_v0_2015();
  return fail(errc::not_found, "there is no such import profile", std::string{name},
              "unixfs-v1-2025, unixfs-v0-2015, legacy-cid-v0");
}

status check(const profile& p) {
  WEIR_CHECK(in_range("cid version", static_cast<std::size_t>(p.cid_version), 0, 1));
  if (p.cid_version == 0 && p.hash != hash_code::sha2_256)
    return fail(errc::invalid_argument, "CIDs of version 0 are always SHA-256");
  if (!hash_supported(p.hash) || p.hash == hash_code::identity)
    return fail(errc::invalid_argument, "this hash function cannot name blocks", std::to_string(p.hash));
  WEIR_CHECK(in_range("chunk size", p.chunk_size, 1, max_block_size - leaf_overhead));
  WEIR_CHECK(in_range("file links", p.file_links, 2, 8192));
  WEIR_CHECK(in_range("hamt fanout", p.hamt_fanout, 8, 1024));
  if (!std::has_single_bit(p.hamt_fanout))
    return fail(errc::invalid_argument, "hamt fanout is not a power of two", std::to_string(p.hamt_fanout));
  WEIR_CHECK(in_range("shard threshold", p.shard_threshold, 0, max_block_size));
  return in_range("inline limit", p.inline_limit, 0, max_digest_size);
}

} // namespace weir::unixfs
