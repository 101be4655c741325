#pragma once
// One fuzzer a file: NAME_fuzz.cpp defines LLVMFuzzerTestOneInput. With clang
// it is linked to libFuzzer (./dev fuzz NAME), with g++ to replay_main.cpp,
// which ./dev test runs over corpus/NAME.
#include "messages/types/bytes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

namespace weir::fuzz {

/// What must hold for every input.
inline void require(bool holds) {
  if (!holds)
    __builtin_trap();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// The input as choices and names, for fuzzers that build something out of it.
/// Past its end everything is zero and empty.
class reader {
public:
  reader(const std::uint8_t* data, std::size_t size) : in_{data, size} {}

  bool empty() const { return in_.empty(); }
  std::uint8_t byte() {
    if (in_.empty())
      return 0;
    auto first = in_[0];
    in_ = in_.subspan(1);
    return first;
  }
  /// A length (1 byte) and as much of it as there is.
  bytes_view chunk() {
    std::size_t size = byte();
    auto part = in_.first(std::min(size, in_.size()));
    in_ = in_.subspan(part.size());
    return part;
  }
  std::string name() { return std::string{as_text(chunk())}; }

private:
  bytes_view in_;
};

} // namespace weir::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
