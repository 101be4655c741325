#include "storage/ipld/dag_cbor.hpp"
#include "storage/ipld/dag_json.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace weir;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bytes_view in{data, size};
  std::size_t links = 0;
  auto linked = ipld::dag_cbor_links(in, [&](const cid& id) {
    fuzz::require(!id.empty());
    ++links;
  });
  auto value = ipld::decode_dag_cbor(in);
  fuzz::require(links <= size && (!value || linked.ok()));
  if (!value)
    return 0;
  // One form for one value.
  fuzz::require(*ipld::encode_dag_cbor(*value) == to_bytes(in));
  if (auto text = ipld::encode_dag_json(*value)) {
    auto back = ipld::decode_dag_json(*text);
    fuzz::require(!back || *ipld::encode_dag_json(*back) == *text);
  }
  return 0;
}
