#include "storage/ipld/dag_cbor.hpp"
#include "storage/ipld/dag_json.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace weir;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto value = ipld::decode_dag_json(fuzz::text_of(data, size));
  if (!value)
    return 0;
  auto text = ipld::encode_dag_json(*value);
  if (!text) // a number that is no number any more: the only thing that cannot be written
    return 0;
  auto again = ipld::decode_dag_json(*text);
  fuzz::require(again && *ipld::encode_dag_json(*again) == *text);
  if (auto block = ipld::encode_dag_cbor(*value))
    fuzz::require(ipld::decode_dag_cbor(*block).ok());
  return 0;
}
