#include "storage/unixfs/profile.hpp"

#include "storage/blocks/block_io.hpp"
#include "storage/hash/digest.hpp"

#include <bit>

namespace weir::unixfs {

namespace {

status in_range(const char* field, std::size_t value, std::size_t low, std::size_t high) {
  if (value < low || value > high)
    return fail(errc::invalid_argument, std::string{field} + " is out of range", std::to_string(value),
                std::to_string(low) + " to " + std::to_string(high));
  return {};
}

} // namespace

std::span<const profile> profiles() {
  static const profile all[] = {
      {.name = "unixfs-v1-2025"},
      {.name = "unixfs-v0-2015",
       .cid_version = 0,
       .raw_leaves = false,
       .chunks = chunking::fixed(256 << 10),
       .file_links = 174,
       .measure = directory_measure::links},
      {.name = "legacy-cid-v1",
       .chunks = chunking::fixed(256 << 10),
       .file_links = 174,
       .measure = directory_measure::links},
      {.name = "test-cid-v1", .file_links = 174, .measure = directory_measure::links},
      {.name = "test-cid-v1-wide",
       .hamt_fanout = 1024,
       .measure = directory_measure::links,
       .shard_threshold = 1 << 20},
  };
  return all;
}

const profile& unixfs_v1_2025() {
  return profiles()[0];
}

const profile& unixfs_v0_2015() {
  return profiles()[1];
}

result<profile> find_profile(std::string_view name) {
  if (name == "legacy-cid-v0")
    return unixfs_v0_2015();
  std::string names = "legacy-cid-v0";
  for (const auto& p : profiles()) {
    if (p.name == name)
      return p;
    names += ", ";
    names += p.name;
  }
  return fail(errc::not_found, "there is no such import profile", std::string{name}, std::move(names));
}

status check(const profile& p) {
  WEIR_CHECK(in_range("cid version", static_cast<std::size_t>(p.cid_version), 0, 1));
  if (p.cid_version == 0 && p.hash != hash_code::sha2_256)
    return fail(errc::invalid_argument, "CIDs of version 0 are always SHA-256");
  if (!hash_supported(p.hash) || p.hash == hash_code::identity)
    return fail(errc::invalid_argument, "this hash function cannot name blocks", std::to_string(p.hash));
  WEIR_CHECK(check(p.chunks));
  WEIR_CHECK(in_range("file links", p.file_links, 2, 8192));
  WEIR_CHECK(in_range("hamt fanout", p.hamt_fanout, 8, 1024));
  if (!std::has_single_bit(p.hamt_fanout))
    return fail(errc::invalid_argument, "hamt fanout is not a power of two", std::to_string(p.hamt_fanout));
  WEIR_CHECK(in_range("shard threshold", p.shard_threshold, 0, max_block_size));
  return in_range("inline limit", p.inline_limit, 0, max_digest_size);
}

} // namespace weir::unixfs
