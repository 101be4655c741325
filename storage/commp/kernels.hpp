#pragma once
// What the kernels share. Included by files that are compiled for newer
// processors, so nothing here may become a function that the linker could
// pick for everybody: all of it is in an unnamed namespace or plain data.
#include "storage/commp/kernel.hpp"

#include <cstring>

namespace weir::commp {

extern const kernel portable_kernel;
#if defined(__x86_64__)
extern const kernel sha_ni_kernel;
extern const kernel avx512_kernel;
#endif

/// The kernel for fewer nodes than a wide one has lanes: SHA-NI where it is, else portable.
const kernel& few_nodes();

namespace {

/// The last one or two blocks of a message: what is over 64 bytes, the 1 bit,
/// zeros, the length in bits.
struct message_tail {
  message_tail(const std::uint8_t* message, std::size_t size) {
    std::size_t rest = size % 64;
    std::memset(data, 0, sizeof data);
    std::memcpy(data, message + (size - rest), rest);
    data[rest] = 0x80;
    blocks = rest < 56 ? 1 : 2;
    std::uint64_t bits = static_cast<std::uint64_t>(size) * 8;
    for (int i = 0; i < 8; ++i)
      data[64 * blocks - 1 - i] = static_cast<std::uint8_t>(bits >> (8 * i));
  }
  std::uint8_t data[128];
  std::size_t blocks;
};

/// A chunk level by level with a function that hashes nodes; 64 quads at a
/// time: they stay in the first-level cache, and few levels are too narrow for
/// the nodes that are interleaved.
template <class HashNodes>
void hash_chunk_by_levels(const std::uint8_t* payload, std::uint8_t* root, HashNodes hash) {
  constexpr std::size_t group = 64;
  std::uint8_t roots[chunk_quads / group * node_size];
  for (std::size_t g = 0; g < chunk_quads / group; ++g) {
    std::uint8_t leaves[group * 128];
    for (std::size_t q = 0; q < group; ++q)
      fr32_pad(payload + (g * group + q) * quad_size, leaves + 128 * q);
    for (std::size_t nodes = group * 2; nodes >= 1; nodes /= 2)
      hash(leaves, leaves, nodes);
    std::memcpy(roots + g * node_size, leaves, node_size);
  }
  for (std::size_t nodes = chunk_quads / group / 2; nodes >= 1; nodes /= 2)
    hash(roots, roots, nodes);
  std::memcpy(root, roots, node_size);
}

} // namespace

} // namespace weir::commp
