#include "storage/ipld/dag_pb.hpp"
#include "storage/ipld/links.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace weir;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bytes_view block{data, size};
  auto node = decode_dag_pb(block);
  if (!node)
    return 0;
  // Data before links is read and written the other way round: same length.
  auto again = encode_dag_pb(*node);
  fuzz::require(again.size() == size && *decode_dag_pb(again) == *node);
  std::vector<cid> links;
  auto id = cid::v1(codec::dag_pb, hash_code::identity, {});
  fuzz::require(links_of(id, block, links).ok() && links.size() == node->links.size());
  return 0;
}
