// AVX-512: sixteen subtrees in lockstep, one for each 32-bit lane. A leaf is
// one unaligned load per lane, fr32 by a byte permutation and a funnel shift,
// a 16x16 transpose and a byte swap; the inputs of every node above are
// already transposed, so inner levels need no shuffles at all. Compiled with
// the AVX-512 flags that kernel.cpp asks the processor for.
#include "storage/commp/kernels.hpp"
#include "storage/commp/sha256_constants.hpp"

#include <immintrin.h>

namespace weir::commp {

namespace {

#define WEIR_INLINE inline __attribute__((always_inline))
using vector = __m512i;

/// Eight words of state or digest, each of 16 lanes.
struct digest16 {
  vector word[8];
};

WEIR_INLINE vector add(vector a, vector b) {
  return _mm512_add_epi32(a, b);
}
WEIR_INLINE vector xor3(vector a, vector b, vector c) {
  return _mm512_ternarylogic_epi32(a, b, c, 0x96);
}
WEIR_INLINE vector big_sigma1(vector e) {
  return xor3(_mm512_ror_epi32(e, 6), _mm512_ror_epi32(e, 11), _mm512_ror_epi32(e, 25));
}
WEIR_INLINE vector big_sigma0(vector a) {
  return xor3(_mm512_ror_epi32(a, 2), _mm512_ror_epi32(a, 13), _mm512_ror_epi32(a, 22));
}
WEIR_INLINE vector small_sigma0(vector w) {
  return xor3(_mm512_ror_epi32(w, 7), _mm512_ror_epi32(w, 18), _mm512_srli_epi32(w, 3));
}
WEIR_INLINE vector small_sigma1(vector w) {
  return xor3(_mm512_ror_epi32(w, 17), _mm512_ror_epi32(w, 19), _mm512_srli_epi32(w, 10));
}
WEIR_INLINE vector same(std::uint32_t x) {
  return _mm512_set1_epi32(static_cast<int>(x));
}

/// One round; the caller rotates the names instead of the values.
WEIR_INLINE void round(vector a, vector b, vector c, vector& d, vector e, vector f, vector g, vector& h, vector word) {
  auto choose = _mm512_ternarylogic_epi32(e, f, g, 0xca);
  auto majority = _mm512_ternarylogic_epi32(a, b, c, 0xe8);
  auto t = add(add(h, word), add(choose, big_sigma1(e)));
  d = add(d, t);
  h = add(t, add(majority, big_sigma0(a)));
}

template <class Word>
WEIR_INLINE void eight_rounds(vector* v, Word word, int t) {
  round(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], word(t));
  round(v[7], v[0], v[1], v[2], v[3], v[4], v[5], v[6], word(t + 1));
  round(v[6], v[7], v[0], v[1], v[2], v[3], v[4], v[5], word(t + 2));
  round(v[5], v[6], v[7], v[0], v[1], v[2], v[3], v[4], word(t + 3));
  round(v[4], v[5], v[6], v[7], v[0], v[1], v[2], v[3], word(t + 4));
  round(v[3], v[4], v[5], v[6], v[7], v[0], v[1], v[2], word(t + 5));
  round(v[2], v[3], v[4], v[5], v[6], v[7], v[0], v[1], word(t + 6));
  round(v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[0], word(t + 7));
}

WEIR_INLINE void block(digest16& s, vector* w) {
  vector v[8];
  for (int i = 0; i < 8; ++i)
    v[i] = s.word[i];
  auto given = [&](int t) { return add(w[t & 15], same(round_constants.at[t])); };
  auto scheduled = [&](int t) {
    w[t & 15] =
        add(add(w[t & 15], w[(t + 9) & 15]), add(small_sigma0(w[(t + 1) & 15]), small_sigma1(w[(t + 14) & 15])));
    return add(w[t & 15], same(round_constants.at[t]));
  };
  eight_rounds(v, given, 0);
  eight_rounds(v, given, 8);
  eight_rounds(v, scheduled, 16);
  eight_rounds(v, scheduled, 24);
  eight_rounds(v, scheduled, 32);
  eight_rounds(v, scheduled, 40);
  eight_rounds(v, scheduled, 48);
  eight_rounds(v, scheduled, 56);
  for (int i = 0; i < 8; ++i)
    s.word[i] = add(s.word[i], v[i]);
}

WEIR_INLINE void padding_block(digest16& s) {
  vector v[8];
  for (int i = 0; i < 8; ++i)
    v[i] = s.word[i];
  auto constant = [](int t) { return same(padding_round_words.at[t]); };
#pragma GCC unroll 8
  for (int t = 0; t < 64; t += 8)
    eight_rounds(v, constant, t);
  for (int i = 0; i < 8; ++i)
    s.word[i] = add(s.word[i], v[i]);
}

WEIR_INLINE void start(digest16& s) {
  for (int i = 0; i < 8; ++i)
    s.word[i] = same(initial_state[i]);
}

WEIR_INLINE vector byte_swap() {
  return _mm512_broadcast_i32x4(_mm_set_epi64x(0x0c0d0e0f08090a0bULL, 0x0405060700010203ULL));
}

/// Rows of 16 words become columns.
WEIR_INLINE void transpose(vector* r) {
  vector t[16];
  for (int i = 0; i < 16; i += 2) {
    t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
    t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
  }
  for (int i = 0; i < 16; i += 4) {
    r[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
    r[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
    r[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
    r[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
  }
  for (int i = 0; i < 4; ++i) {
    t[i] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0x88);
    t[i + 4] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0xdd);
    t[i + 8] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0x88);
    t[i + 12] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0xdd);
  }
  for (int i = 0; i < 4; ++i) {
    r[i] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0x88);
    r[i + 4] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0x88);
    r[i + 8] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0xdd);
    r[i + 12] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0xdd);
  }
}

/// A node of 16 trees; the two top bits of the last byte are the low byte's
/// of word 7, which is big-endian here.
WEIR_INLINE void node(vector* w, digest16& out) {
  start(out);
  block(out, w);
  padding_block(out);
  out.word[7] = _mm512_and_si512(out.word[7], same(0xffffff3f));
}

// Byte permutations and shifts that turn 127 bytes into four times 254 bits.
// The first node of a quad is loaded from its byte 0: leaf 0 begins there,
// leaf 1 at bit 254 = byte 31, bit 6. The second node is loaded from byte 63:
// leaf 2 begins at bit 508 = byte 63, bit 4; leaf 3 at bit 762 = byte 95, bit 2.
struct fr32_tables {
  alignas(64) std::uint8_t low[2][64];
  alignas(64) std::uint8_t high[2][64];
  alignas(64) std::uint64_t shift[2][8];
};

constexpr fr32_tables make_tables() {
  fr32_tables t{};
  constexpr int second_leaf[2] = {31, 32};
  constexpr std::uint64_t shifts[2][2] = {{0, 6}, {4, 2}};
  for (int which = 0; which < 2; ++which) {
    for (int i = 0; i < 32; ++i) {
      int a = i, b = second_leaf[which] + i;
      t.low[which][i] = static_cast<std::uint8_t>(a);
      t.low[which][32 + i] = static_cast<std::uint8_t>(b);
      t.high[which][i] = static_cast<std::uint8_t>(a + 8 > 63 ? 63 : a + 8);
      t.high[which][32 + i] = static_cast<std::uint8_t>(b + 8 > 63 ? 63 : b + 8);
    }
    for (int i = 0; i < 8; ++i)
      t.shift[which][i] = shifts[which][i / 4];
  }
  return t;
}

constexpr fr32_tables tables = make_tables();

__attribute__((noinline)) void leaf_node(const std::uint8_t* quad, std::size_t stride, int which, digest16& out) {
  const auto low = _mm512_load_si512(tables.low[which]);
  const auto high = _mm512_load_si512(tables.high[which]);
  const auto shift = _mm512_load_si512(tables.shift[which]);
  vector w[16];
  for (int l = 0; l < 16; ++l) {
    const auto* from = quad + l * stride + (which != 0 ? 63 : 0);
    auto x = _mm512_loadu_si512(from);
    // The next chunk of this lane: hides the latency of memory.
    _mm_prefetch(reinterpret_cast<const char*>(from) + 16 * stride, _MM_HINT_T1);
    w[l] = _mm512_shrdv_epi64(_mm512_permutexvar_epi8(low, x), _mm512_permutexvar_epi8(high, x), shift);
  }
  transpose(w);
  for (auto& word : w)
    word = _mm512_shuffle_epi8(word, byte_swap());
  w[7] = _mm512_and_si512(w[7], same(0xffffff3f));
  w[15] = _mm512_and_si512(w[15], same(0xffffff3f));
  node(w, out);
}

__attribute__((noinline)) void inner_node(const digest16& left, const digest16& right, digest16& out) {
  vector w[16];
  for (int i = 0; i < 8; ++i) {
    w[i] = left.word[i];
    w[8 + i] = right.word[i];
  }
  node(w, out);
}

void store_digests(const digest16& d, std::uint8_t* out) {
  alignas(64) std::uint32_t words[8][16];
  for (int i = 0; i < 8; ++i)
    _mm512_store_si512(words[i], d.word[i]);
  for (std::size_t l = 0; l < lanes; ++l)
    for (int i = 0; i < 8; ++i) {
      auto x = __builtin_bswap32(words[i][l]);
      __builtin_memcpy(out + 32 * l + 4 * i, &x, 4);
    }
}

/// The upper four levels, and whatever is too little for 16 lanes.
void hash_nodes(const std::uint8_t* in, std::uint8_t* out, std::size_t nodes) {
  std::size_t i = 0;
  for (; i + lanes <= nodes; i += lanes) {
    vector w[16];
    for (std::size_t l = 0; l < lanes; ++l)
      w[l] = _mm512_shuffle_epi8(_mm512_loadu_si512(in + 64 * (i + l)), byte_swap());
    transpose(w);
    digest16 d;
    node(w, d);
    store_digests(d, out + 32 * i);
  }
  _mm256_zeroupper();
  if (i < nodes)
    few_nodes().hash_nodes(in + 64 * i, out + 32 * i, nodes - i);
}

void hash_chunk(const std::uint8_t* payload, std::uint8_t* root) {
  constexpr std::size_t lane_quads = chunk_quads / lanes, stride = lane_quads * quad_size;
  digest16 stack[16]; // a binary counter: at most one subtree of each height
  int top = 0;
  for (std::size_t q = 0; q < lane_quads; ++q) {
    leaf_node(payload + q * quad_size, stride, 0, stack[top]);
    leaf_node(payload + q * quad_size, stride, 1, stack[top + 1]);
    top += 2;
    for (std::size_t carry = 2 * q + 1; (carry & 1) != 0 && top >= 2; carry >>= 1, --top)
      inner_node(stack[top - 2], stack[top - 1], stack[top - 2]);
  }
  std::uint8_t roots[lanes * node_size];
  store_digests(stack[0], roots);
  _mm256_zeroupper();
  for (std::size_t nodes = lanes / 2; nodes >= 1; nodes /= 2)
    few_nodes().hash_nodes(roots, roots, nodes);
  __builtin_memcpy(root, roots, node_size);
}

void sha256_lanes(const std::uint8_t* const* given, std::size_t count, std::size_t size, std::uint8_t* out) {
  const std::uint8_t* messages[lanes]; // the last lanes may have nothing of their own to do
  for (std::size_t l = 0; l < lanes; ++l)
    messages[l] = given[l < count ? l : count - 1];
  digest16 d;
  start(d);
  vector w[16];
  auto blocks_at = [&](auto address) {
    for (std::size_t l = 0; l < lanes; ++l)
      w[l] = _mm512_shuffle_epi8(_mm512_loadu_si512(address(l)), byte_swap());
    transpose(w);
    block(d, w);
  };
  for (std::size_t at = 0; at + 64 <= size; at += 64)
    blocks_at([&](std::size_t l) { return messages[l] + at; });
  std::uint8_t tails[lanes][128];
  std::size_t tail_blocks = 0;
  for (std::size_t l = 0; l < lanes; ++l) {
    message_tail tail{messages[l], size};
    __builtin_memcpy(tails[l], tail.data, sizeof tail.data);
    tail_blocks = tail.blocks;
  }
  for (std::size_t i = 0; i < tail_blocks; ++i)
    blocks_at([&](std::size_t l) { return tails[l] + 64 * i; });
  std::uint8_t digests[lanes * node_size];
  store_digests(d, digests);
  __builtin_memcpy(out, digests, count * node_size);
  _mm256_zeroupper();
}

} // namespace

const kernel avx512_kernel{"avx-512", hash_nodes, hash_chunk, sha256_lanes, 10};

} // namespace weir::commp
