#pragma once
// The SHA-NI kernels: four nodes interleaved, because one stream waits for the
// latency of the SHA unit (two saturate Intel's, four AMD's). Included by one
// file for each encoding of the instructions around those of the SHA unit:
// SSE, AVX (three operands: fewer moves) and AVX-512VL (32 registers: nothing
// is spilled). The SHA instructions themselves have only legacy encodings,
// which are a hundred times slower when the upper halves of the vector
// registers are dirty: those are zeroed first.
#include "storage/commp/kernels.hpp"
#include "storage/commp/sha256_constants.hpp"

#include <immintrin.h>

namespace weir::commp {

namespace {

#define WEIR_INLINE inline __attribute__((always_inline))

/// Clears the upper halves of the vector registers if the processor has any.
/// (An encoding of vzeroupper: this may be compiled without AVX.)
WEIR_INLINE void clean_vector_registers(bool has_avx) {
  if (has_avx)
    __asm__ volatile(".byte 0xc5, 0xf8, 0x77" ::
                         : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",
                           "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
}

bool has_avx() {
  static const bool answer = __builtin_cpu_supports("avx");
  return answer;
}

WEIR_INLINE __m128i load(const void* from) {
  return _mm_loadu_si128(static_cast<const __m128i*>(from));
}

WEIR_INLINE __m128i swap_bytes(__m128i x) {
  return _mm_shuffle_epi8(x, _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL));
}

/// The state before the first block as the SHA unit wants it: ABEF and CDGH.
struct unit_state {
  alignas(16) std::uint32_t abef[4];
  alignas(16) std::uint32_t cdgh[4];
};

constexpr unit_state initial_unit_state{
    {initial_state[5], initial_state[4], initial_state[1], initial_state[0]},
    {initial_state[7], initial_state[6], initial_state[3], initial_state[2]},
};

/// N streams.
template <int N>
struct streams {
  __m128i abef[N];
  __m128i cdgh[N];

  WEIR_INLINE void start() {
    for (int n = 0; n < N; ++n) {
      abef[n] = load(initial_unit_state.abef);
      cdgh[n] = load(initial_unit_state.cdgh);
    }
  }

  WEIR_INLINE void add(const __m128i* to_abef, const __m128i* to_cdgh) {
    for (int n = 0; n < N; ++n) {
      abef[n] = _mm_add_epi32(abef[n], to_abef[n]);
      cdgh[n] = _mm_add_epi32(cdgh[n], to_cdgh[n]);
    }
  }

  /// 64 rounds on data; `m` holds its words and is used up.
  WEIR_INLINE void rounds(__m128i (*m)[4]) {
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) {
      const auto k = load(round_constants.at + 4 * i);
#pragma GCC unroll 4
      for (int n = 0; n < N; ++n) {
        auto words = _mm_add_epi32(m[n][i & 3], k);
        cdgh[n] = _mm_sha256rnds2_epu32(cdgh[n], abef[n], words);
        if (i >= 3 && i < 15) {
          auto t = _mm_alignr_epi8(m[n][i & 3], m[n][(i + 3) & 3], 4);
          m[n][(i + 1) & 3] = _mm_sha256msg2_epu32(_mm_add_epi32(m[n][(i + 1) & 3], t), m[n][i & 3]);
        }
        abef[n] = _mm_sha256rnds2_epu32(abef[n], cdgh[n], _mm_shuffle_epi32(words, 0x0e));
        if (i >= 1 && i < 13)
          m[n][(i + 3) & 3] = _mm_sha256msg1_epu32(m[n][(i + 3) & 3], m[n][i & 3]);
      }
    }
  }

  /// One block of a longer message.
  WEIR_INLINE void block(__m128i (*m)[4]) {
    const auto before = *this;
    rounds(m);
    add(before.abef, before.cdgh);
  }

  /// The block that is the whole of a 64-byte message.
  WEIR_INLINE void first_block(__m128i (*m)[4]) {
    start();
    rounds(m);
    for (int n = 0; n < N; ++n) { // out of memory: the registers are all in use
      abef[n] = _mm_add_epi32(abef[n], load(initial_unit_state.abef));
      cdgh[n] = _mm_add_epi32(cdgh[n], load(initial_unit_state.cdgh));
    }
  }

  /// The constant block after a 64-byte message.
  WEIR_INLINE void padding_block() {
    const auto before = *this;
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) {
      const auto words = load(padding_round_words.at + 4 * i);
      const auto upper = _mm_shuffle_epi32(words, 0x0e);
#pragma GCC unroll 4
      for (int n = 0; n < N; ++n)
        cdgh[n] = _mm_sha256rnds2_epu32(cdgh[n], abef[n], words);
#pragma GCC unroll 4
      for (int n = 0; n < N; ++n)
        abef[n] = _mm_sha256rnds2_epu32(abef[n], cdgh[n], upper);
    }
    add(before.abef, before.cdgh);
  }

  WEIR_INLINE void store(int n, std::uint8_t* out, __m128i mask) const {
    auto t = _mm_shuffle_epi32(abef[n], 0x1b);
    auto u = _mm_shuffle_epi32(cdgh[n], 0xb1);
    auto first = _mm_blend_epi16(t, u, 0xf0);
    auto second = _mm_alignr_epi8(u, t, 8);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out), swap_bytes(first));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 16), _mm_and_si128(swap_bytes(second), mask));
  }

  /// Of nodes whose words are in `m`.
  WEIR_INLINE void nodes(__m128i (*m)[4], std::uint8_t* out) {
    first_block(m);
    padding_block();
    for (int n = 0; n < N; ++n)
      store(n, out + node_size * n, _mm_set_epi64x(0x3fffffffffffffffLL, -1));
  }
};

WEIR_INLINE void load_block(const std::uint8_t* from, __m128i* m) {
  for (int j = 0; j < 4; ++j)
    m[j] = swap_bytes(load(from + 16 * j));
}

template <int N>
WEIR_INLINE void hash_some_nodes(const std::uint8_t* in, std::uint8_t* out) {
  __m128i m[N][4];
  for (int n = 0; n < N; ++n)
    load_block(in + 64 * n, m[n]);
  streams<N>{}.nodes(m, out);
}

void hash_nodes(const std::uint8_t* in, std::uint8_t* out, std::size_t nodes) {
  clean_vector_registers(has_avx());
  std::size_t i = 0;
  for (; i + 4 <= nodes; i += 4)
    hash_some_nodes<4>(in + 64 * i, out + 32 * i);
  for (; i + 2 <= nodes; i += 2)
    hash_some_nodes<2>(in + 64 * i, out + 32 * i);
  if (i < nodes)
    hash_some_nodes<1>(in + 64 * i, out + 32 * i);
}

/// 16 bytes that begin `Shift` bits after `at`; `next` is what begins a byte
/// later. What overlaps is the same in both.
template <int Shift>
WEIR_INLINE __m128i shifted(__m128i at, __m128i next) {
  return _mm_or_si128(_mm_srli_epi64(at, Shift), _mm_slli_epi64(next, 8 - Shift));
}

/// The words of the two nodes of a quad: its fr32 padding never sees memory.
/// Leaf 1 begins at bit 254 = byte 31, bit 6; leaf 2 at byte 63, bit 4; leaf 3
/// at byte 95, bit 2, and ends with the quad.
WEIR_INLINE void load_quad(const std::uint8_t* q, __m128i (*m)[4]) {
  const auto mask = _mm_set_epi64x(0x3fffffffffffffffLL, -1);
  const auto last = load(q + 111);
  const __m128i leaves[8] = {
      load(q),
      _mm_and_si128(load(q + 16), mask),
      shifted<6>(load(q + 31), load(q + 32)),
      _mm_and_si128(shifted<6>(load(q + 47), load(q + 48)), mask),
      shifted<4>(load(q + 63), load(q + 64)),
      _mm_and_si128(shifted<4>(load(q + 79), load(q + 80)), mask),
      shifted<2>(load(q + 95), load(q + 96)),
      shifted<2>(last, _mm_srli_si128(last, 1)),
  };
  for (int j = 0; j < 8; ++j)
    m[j / 4][j % 4] = swap_bytes(leaves[j]);
}

/// The two nodes of each of so many quads, an even number.
void hash_quads(const std::uint8_t* payload, std::uint8_t* out, std::size_t quads) {
  clean_vector_registers(has_avx());
  for (std::size_t q = 0; q < quads; q += 2) {
    __m128i m[4][4];
    load_quad(payload + q * quad_size, m);
    load_quad(payload + (q + 1) * quad_size, m + 2);
    streams<4>{}.nodes(m, out + 2 * q * node_size);
  }
}

void hash_chunk(const std::uint8_t* payload, std::uint8_t* root) {
  hash_chunk_by_levels(payload, root, hash_quads, hash_nodes);
}

/// Of up to four messages.
void sha256_some(const std::uint8_t* const* given, std::size_t count, std::size_t size, std::uint8_t* out) {
  const std::uint8_t* messages[4]; // the last streams may have nothing of their own to do
  for (std::size_t n = 0; n < 4; ++n)
    messages[n] = given[n < count ? n : count - 1];
  streams<4> s;
  __m128i m[4][4];
  s.start();
  for (std::size_t at = 0; at + 64 <= size; at += 64) {
    for (int n = 0; n < 4; ++n)
      load_block(messages[n] + at, m[n]);
    s.block(m);
  }
  const message_tail tails[4] = {{messages[0], size}, {messages[1], size}, {messages[2], size}, {messages[3], size}};
  for (std::size_t i = 0; i < tails[0].blocks; ++i) {
    for (int n = 0; n < 4; ++n)
      load_block(tails[n].data + 64 * i, m[n]);
    s.block(m);
  }
  for (std::size_t n = 0; n < count; ++n)
    s.store(static_cast<int>(n), out + node_size * n, _mm_set1_epi32(-1));
}

void sha256_lanes(const std::uint8_t* const* messages, std::size_t count, std::size_t size, std::uint8_t* out) {
  clean_vector_registers(has_avx());
  for (std::size_t l = 0; l < count; l += 4)
    sha256_some(messages + l, count - l < 4 ? count - l : 4, size, out + node_size * l);
}

#undef WEIR_INLINE

} // namespace

} // namespace weir::commp
