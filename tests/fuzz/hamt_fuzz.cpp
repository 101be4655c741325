// Sharded folders: one made of the input's names gives them all back; one with
// a damaged shard, or made of shards that link to each other at will, is read
// without an endless walk.
// Input: {fanout (1 byte), shard to damage, place of the damage, its bits},
// then records {length (1 byte), name}.
#include "storage/blocks/memory_blocks.hpp"
#include "storage/hash/block_cid.hpp"
#include "storage/ipld/dag_pb.hpp"
#include "storage/ipld/links.hpp"
#include "storage/unixfs/directory_builder.hpp"
#include "storage/unixfs/tree_reader.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <set>

using namespace weir;

namespace {

constexpr std::size_t most_names = 300;

/// Reading never takes more than the blocks' links allow, however they are linked.
void read_all(memory_blocks& blocks, const cid& root, const std::set<std::string>& names) {
  unixfs::tree_reader tree{blocks, {.depth = 8, .entries = 20'000}};
  std::size_t listed = 0;
  (void)tree.list(root, [&](const unixfs::directory_link&) {
    return ++listed < 100'000 ? status{} : status{fail(errc::too_large)};
  });
  fuzz::require(listed < 100'000);
  for (auto& name : names)
    (void)tree.find(root, name);
  (void)tree.walk(root, [](const std::string&, const unixfs::node_info&) { return status{}; });
}

void expect_names(memory_blocks& blocks, const cid& root, const std::set<std::string>& names) {
  unixfs::tree_reader tree{blocks};
  std::set<std::string> found;
  auto listed = tree.list(root, [&](const unixfs::directory_link& l) {
    fuzz::require(found.insert(l.name).second);
    return status{};
  });
  fuzz::require(listed.ok());
  fuzz::require(found == names);
  for (auto& name : names)
    fuzz::require(tree.find(root, name).ok());
  fuzz::require(tree.find(root, "not one of them" + std::string(300, 'x')).error().code == errc::not_found);
}

std::vector<cid> shards_below(memory_blocks& blocks, const cid& root) {
  std::vector<cid> all;
  auto walked = for_each_block(root, blocks, [&](const cid& id, bytes_view) {
    if (id.codec() == codec::dag_pb)
      all.push_back(id);
    return status{};
  });
  fuzz::require(walked.ok());
  return all;
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::reader in{data, size};
  auto how = unixfs::unixfs_v1_2025();
  how.hamt_fanout = std::size_t{8} << in.byte() % 8;
  how.directory_links = 1; // everything is sharded
  auto which = in.byte(), where = in.byte(), bits = in.byte();
  memory_blocks blocks;
  auto leaf = *cid_of({}, {});
  fuzz::require(blocks.put(leaf, {}).ok());
  unixfs::directory_builder builder{blocks, how};
  std::set<std::string> names;
  while (!in.empty() && names.size() < most_names) {
    auto name = in.name();
    if (builder.add(name, {leaf, 0, 0, 0}) && name.find('/') == name.npos)
      names.insert(name);
    else if (name.find('/') != name.npos)
      return 0; // a folder in between: the other fuzzer's business
  }
  auto root = builder.finish();
  if (!root)
    return 0;
  expect_names(blocks, root->id, names);
  auto shards = shards_below(blocks, root->id);
  auto& damaged = *blocks.find(shards[which % shards.size()]);
  // A link of it to any shard, itself and those above it too: what only a broken hash function could give.
  if (auto node = decode_dag_pb(damaged); node && !node->links.empty() && bits % 2 == 0) {
    node->links[where % node->links.size()].hash = shards[bits % shards.size()];
    damaged = encode_dag_pb(*node);
  } else if (!damaged.empty()) {
    damaged[where % damaged.size()] ^= bits;
  }
  read_all(blocks, root->id, names);
  return 0;
}
