#include "storage/ipld/protobuf.hpp"

namespace weir::protobuf {

namespace {

std::optional<std::uint64_t> take_fixed(bytes_view& in, std::size_t size) {
  if (in.size() < size)
    return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;)
    value = value << 8 | in[i];
  in = in.subspan(size);
  return value;
}

} // namespace

std::optional<field> reader::next() {
  auto tag = take_varint(rest_);
  if (!tag || *tag >> 3 == 0 || *tag >> 3 > 0x1fffffff)
    return std::nullopt;
  field f;
  f.number = static_cast<std::uint32_t>(*tag >> 3);
  f.type = static_cast<wire>(*tag & 7);
  std::optional<std::uint64_t> value;
  switch (f.type) {
  case wire::varint:
  case wire::bytes:
    value = take_varint(rest_);
    break;
  case wire::fixed64:
    value = take_fixed(rest_, 8);
    break;
  case wire::fixed32:
    value = take_fixed(rest_, 4);
    break;
  default:
    return std::nullopt;
  }
  if (!value)
    return std::nullopt;
  f.value = *value;
  if (f.type == wire::bytes) {
    if (f.value > rest_.size())
      return std::nullopt;
    f.data = rest_.first(f.value);
    rest_ = rest_.subspan(f.value);
  }
  return f;
}

} // namespace weir::protobuf
