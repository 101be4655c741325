#pragma once
// The little of Protocol Buffers that DAG-PB and UnixFS need: varints and
// length-delimited fields. https://protobuf.dev/programming-guides/encoding
#include "messages/types/bytes.hpp"
#include "messages/types/varint.hpp"

namespace weir::protobuf {

enum class wire : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

struct field {
  std::uint32_t number = 0;
  wire type = wire::varint;
  std::uint64_t value = 0; ///< of a varint or a fixed field
  bytes_view data;         ///< of a bytes field
};

/// Reads fields off the front of a message.
class reader {
public:
  explicit reader(bytes_view data) : rest_{data} {}
  bool done() const { return rest_.empty(); }
  /// Nothing when the message is malformed (groups and over-long varints included).
  std::optional<field> next();

private:
  bytes_view rest_;
};

inline void put_varint_field(bytes& out, std::uint32_t number, std::uint64_t value) {
  put_varint(out, number << 3 | static_cast<unsigned>(wire::varint));
  put_varint(out, value);
}

inline void put_bytes_field(bytes& out, std::uint32_t number, bytes_view data) {
  put_varint(out, number << 3 | static_cast<unsigned>(wire::bytes));
  put_varint(out, data.size());
  out.insert(out.end(), data.begin(), data.end());
}

inline std::size_t varint_field_size(std::uint64_t value) {
  return 1 + varint_size(value);
}

inline std::size_t bytes_field_size(std::size_t size) {
  return 1 + varint_size(size) + size;
}

} // namespace weir::protobuf
