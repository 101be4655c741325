#include "storage/car/car_v2.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace weir;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bytes_view in{data, size};
  if (auto header = decode_car_v2_header(in.first(std::min(size, car_v2_header_size)))) {
    auto again = car_v2_front(*header);
    fuzz::require(is_car_v2(again) && *decode_car_v2_header(bytes_view{again}.subspan(car_v2_pragma_size)) == *header);
  }
  auto index = decode_car_index(in);
  if (!index)
    return 0;
  fuzz::require(index->entries.size() <= size / 8);
  auto once = encode_car_index(index->format, index->entries);
  auto again = decode_car_index(once);
  fuzz::require(again && again->entries.size() == index->entries.size());
  fuzz::require(encode_car_index(again->format, again->entries) == once);
  return 0;
}
