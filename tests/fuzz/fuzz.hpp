#pragma once
// One fuzzer a file: NAME_fuzz.cpp defines LLVMFuzzerTestOneInput. With clang
// it is linked to libFuzzer (./dev fuzz NAME), with g++ to replay_main.cpp,
// which ./dev test runs over corpus/NAME.
#include "messages/types/bytes.hpp"

#include <cstddef>
#include <cstdint>

namespace weir::fuzz {

/// What must hold for every input.
inline void require(bool holds) {
  if (!holds)
    __builtin_trap();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

} // namespace weir::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
