// The kernel for any processor: plain C++ that the compiler may do with as it
// likes. The other kernels are tested against it.
#include "storage/commp/kernels.hpp"
#include "storage/commp/sha256_constants.hpp"

#include <cstring>

namespace weir::commp {

namespace {

std::uint32_t load_big_endian(const std::uint8_t* p) {
  return static_cast<std::uint32_t>(p[0]) << 24 | static_cast<std::uint32_t>(p[1]) << 16
         | static_cast<std::uint32_t>(p[2]) << 8 | p[3];
}

void store_big_endian(std::uint8_t* p, std::uint32_t x) {
  p[0] = static_cast<std::uint8_t>(x >> 24);
  p[1] = static_cast<std::uint8_t>(x >> 16);
  p[2] = static_cast<std::uint8_t>(x >> 8);
  p[3] = static_cast<std::uint8_t>(x);
}

/// 64 rounds; `words` are schedule plus round constants.
void rounds(std::uint32_t* state, const std::uint32_t* words) {
  auto a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
  for (int t = 0; t < 64; ++t) {
    auto t1 = h + (rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25)) + ((e & f) ^ (~e & g)) + words[t];
    auto t2 = (rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + t1;
    d = c;
    c = b;
    b = a;
    a = t1 + t2;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

void block(std::uint32_t* state, const std::uint8_t* data) {
  std::uint32_t w[64];
  for (int t = 0; t < 16; ++t)
    w[t] = load_big_endian(data + 4 * t);
  for (int t = 16; t < 64; ++t) {
    auto a = w[t - 15], b = w[t - 2];
    w[t] = w[t - 16] + (rotate_right(a, 7) ^ rotate_right(a, 18) ^ (a >> 3)) + w[t - 7]
           + (rotate_right(b, 17) ^ rotate_right(b, 19) ^ (b >> 10));
  }
  for (int t = 0; t < 64; ++t)
    w[t] += round_constants.at[t];
  rounds(state, w);
}

void hash_nodes(const std::uint8_t* in, std::uint8_t* out, std::size_t nodes) {
  for (std::size_t i = 0; i < nodes; ++i) {
    std::uint32_t state[8];
    std::memcpy(state, initial_state, sizeof state);
    block(state, in + 64 * i);
    rounds(state, padding_round_words.at);
    for (int j = 0; j < 8; ++j)
      store_big_endian(out + 32 * i + 4 * j, state[j]);
    out[32 * i + 31] &= 0x3f;
  }
}

void hash_quads(const std::uint8_t* payload, std::uint8_t* out, std::size_t quads) {
  for (std::size_t q = 0; q < quads; ++q) {
    std::uint8_t leaves[128];
    fr32_pad(payload + q * quad_size, leaves);
    hash_nodes(leaves, out + 2 * q * node_size, 2);
  }
}

void hash_chunk(const std::uint8_t* payload, std::uint8_t* root) {
  hash_chunk_by_levels(payload, root, hash_quads, hash_nodes);
}

void sha256_lanes(const std::uint8_t* const* messages, std::size_t count, std::size_t size, std::uint8_t* out) {
  for (std::size_t l = 0; l < count; ++l) {
    std::uint32_t state[8];
    std::memcpy(state, initial_state, sizeof state);
    for (std::size_t at = 0; at + 64 <= size; at += 64)
      block(state, messages[l] + at);
    message_tail tail{messages[l], size};
    for (std::size_t i = 0; i < tail.blocks; ++i)
      block(state, tail.data + 64 * i);
    for (int j = 0; j < 8; ++j)
      store_big_endian(out + 32 * l + 4 * j, state[j]);
  }
}

} // namespace

const kernel portable_kernel{"portable", hash_nodes, hash_chunk, sha256_lanes, lanes + 1};

} // namespace weir::commp
