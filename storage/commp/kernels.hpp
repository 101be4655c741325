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
extern const kernel sha_ni_avx_kernel;
extern const kernel sha_ni_avx512_kernel;
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

/// A chunk level by level with a function that hashes the nodes of so many
/// quads and one that hashes nodes; 64 quads at a time, up to the level where
/// fewer nodes are left than are interleaved: they stay in the first-level cache.
template <class HashQuads, class HashNodes>
void hash_chunk_by_levels(const std::uint8_t* payload, std::uint8_t* root, HashQuads hash_quads, HashNodes hash) {
  constexpr std::size_t group = 64, groups = chunk_quads / group, left = 4;
  std::uint8_t tops[groups * left * node_size];
  for (std::size_t g = 0; g < groups; ++g) {
    std::uint8_t level[group * 2 * node_size];
    hash_quads(payload + g * group * quad_size, level, group);
    for (std::size_t nodes = group; nodes > left; nodes /= 2)
      hash(level, level, nodes);
    hash(level, tops + g * left * node_size, left);
  }
  for (std::size_t nodes = groups * left / 2; nodes >= 1; nodes /= 2)
    hash(tops, tops, nodes);
  std::memcpy(root, tops, node_size);
}

} // namespace

} // namespace weir::commp
