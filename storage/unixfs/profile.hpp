#pragma once
// How files and folders become DAGs. The same bytes under the same profile
// give the same CID in every tool that knows it.
// https://specs.ipfs.tech/ipips/ipip-0499/ and Kubo's `ipfs add` options.
#include "messages/types/cid.hpp"
#include "storage/unixfs/chunker.hpp"

#include <span>

namespace weir::unixfs {

enum class dag_layout : std::uint8_t { balanced, trickle };

/// What is compared with `shard_threshold`: Kubo before IPIP-499 added up name
/// and CID lengths, since then it takes the size of the block itself.
enum class directory_measure : std::uint8_t { links, block };

struct profile {
  std::string_view name;
  int cid_version = 1; ///< 0 only with SHA-256; raw leaves are always 1
  std::uint64_t hash = hash_code::sha2_256;
  bool raw_leaves = true;
  chunking chunks = chunking::fixed(1 << 20);
  dag_layout layout = dag_layout::balanced;
  std::size_t file_links = 1024;   ///< children of a file node, 2 to 8192
  std::size_t directory_links = 0; ///< entries of a flat folder, 0 is any number
  std::size_t hamt_fanout = 256;   ///< power of two, 8 to 1024
  directory_measure measure = directory_measure::block;
  std::uint64_t shard_threshold = 256 << 10; ///< a folder is sharded when it measures more
  std::size_t inline_limit = 0;              ///< blocks up to this size go into their CID, 0 to 128
};

/// 1 MiB raw leaves, 1,024 links, CIDv1: what Weir uses by default.
const profile& unixfs_v1_2025();
/// 256 KiB protobuf leaves, 174 links, CIDv0: `ipfs add` as it was for ten years.
const profile& unixfs_v0_2015();

/// All of them. Besides those two: `legacy-cid-v1`, what `ipfs add
/// --cid-version=1` gives; `test-cid-v1` and `test-cid-v1-wide`, which Kubo had
/// from 0.29 to 0.39. (Before 0.40 Kubo also sharded a folder that measures
/// exactly the threshold; that is not repeated.)
std::span<const profile> profiles();

/// By name, `legacy-cid-v0` included, which is `unixfs-v0-2015`.
/// errc::not_found lists the names.
result<profile> find_profile(std::string_view name);

/// errc::invalid_argument names the field that is out of its domain.
status check(const profile& p);

} // namespace weir::unixfs
