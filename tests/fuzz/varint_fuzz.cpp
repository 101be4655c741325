#include "messages/types/varint.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace weir;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (std::size_t limit : {multiformats_varint_max, std::size_t{10}}) {
    bytes_view in{data, size};
    auto value = take_varint(in, limit);
    auto taken = size - in.size();
    if (!value) {
      fuzz::require(taken == 0);
      continue;
    }
    bytes again;
    put_varint(again, *value);
    fuzz::require(taken <= limit && again == to_bytes({data, taken}));
  }
  return 0;
}
