// The message alone, then a whole DAG of its blocks: each block of the input
// can link to those before it, as any foreign DAG can.
#include "storage/blocks/memory_blocks.hpp"
#include "storage/hash/block_cid.hpp"
#include "storage/ipld/dag_pb.hpp"
#include "storage/unixfs/file_reader.hpp"
#include "storage/unixfs/tree_reader.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace weir;

namespace {

/// Input: records of {number of links (1 byte), for each the block that it goes
/// to and the length and bytes of its name, length and bytes of the message}.
class dag_input {
public:
  dag_input(const std::uint8_t* data, std::size_t size) : in_{data, size} {}

  std::vector<cid> build(memory_blocks& blocks) {
    std::vector<cid> made;
    while (!in_.empty() && made.size() < 64) {
      pb_node node;
      for (auto links = in_.byte() % 32; links > 0; --links) {
        auto to = in_.byte();
        auto name = in_.name();
        if (!made.empty())
          node.links.push_back({made[to % made.size()], std::move(name), 0});
      }
      node.data = to_bytes(in_.chunk());
      auto block = encode_dag_pb(node);
      made.push_back(*cid_of({1, codec::dag_pb}, block));
      fuzz::require(blocks.put(made.back(), block).ok());
    }
    return made;
  }

private:
  fuzz::reader in_;
};

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bytes_view in{data, size};
  if (auto message = unixfs::decode(in))
    fuzz::require(*unixfs::decode(unixfs::encode(*message)) == *message);

  memory_blocks blocks;
  auto all = dag_input{data, size}.build(blocks);
  unixfs::tree_reader tree{blocks, {.depth = 20, .entries = 500}};
  for (const auto& id : all) {
    std::uint64_t got = 0;
    auto limited = [&](bytes_view part) {
      got += part.size();
      return got < 100000 ? status{} : status{fail(errc::too_large)};
    };
    (void)unixfs::read_file(blocks, id, 0, ~0ull, limited);
    (void)unixfs::read_file(blocks, id, 17, 3, limited);
  }
  if (!all.empty()) {
    (void)tree.walk(all.back(), [](const std::string&, const unixfs::node_info&) { return status{}; });
    (void)tree.resolve(all.back(), "a/b");
  }
  return 0;
}
