// SHA-NI: four nodes interleaved, because one stream waits for the latency of
// the SHA unit (two saturate Intel's, four AMD's). Compiled with -msse4.1 -msha and
// nothing newer; the upper halves of the vector registers are zeroed first,
// since these legacy encodings are a hundred times slower when they are dirty.
#include "storage/commp/kernels.hpp"
#include "storage/commp/sha256_constants.hpp"

#include <immintrin.h>

namespace weir::commp {

namespace {

#define WEIR_INLINE inline __attribute__((always_inline))

/// Clears the upper halves of the vector registers if the processor has any.
/// (An encoding of vzeroupper: this file is compiled without AVX.)
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

WEIR_INLINE __m128i byte_swap() {
  return _mm_set_epi64x(0x0c0d0e0f08090a0bULL, 0x0405060700010203ULL);
}

/// N streams; the SHA unit wants the state as ABEF and CDGH.
template <int N>
struct streams {
  __m128i abef[N];
  __m128i cdgh[N];

  WEIR_INLINE void start() {
    auto t = _mm_shuffle_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(initial_state)), 0xb1);
    auto u = _mm_shuffle_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(initial_state + 4)), 0x1b);
    for (int n = 0; n < N; ++n) {
      abef[n] = _mm_alignr_epi8(t, u, 8);
      cdgh[n] = _mm_blend_epi16(u, t, 0xf0);
    }
  }

  /// One block of data each; `m` holds its words and is used up.
  WEIR_INLINE void block(__m128i (*m)[4]) {
    __m128i abef0[N], cdgh0[N];
    for (int n = 0; n < N; ++n) {
      abef0[n] = abef[n];
      cdgh0[n] = cdgh[n];
    }
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) {
      const auto k = _mm_load_si128(reinterpret_cast<const __m128i*>(round_constants.at + 4 * i));
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
    for (int n = 0; n < N; ++n) {
      abef[n] = _mm_add_epi32(abef[n], abef0[n]);
      cdgh[n] = _mm_add_epi32(cdgh[n], cdgh0[n]);
    }
  }

  /// The constant block after a 64-byte message.
  WEIR_INLINE void padding_block() {
    __m128i abef0[N], cdgh0[N];
    for (int n = 0; n < N; ++n) {
      abef0[n] = abef[n];
      cdgh0[n] = cdgh[n];
    }
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) {
      const auto words = _mm_load_si128(reinterpret_cast<const __m128i*>(padding_round_words.at + 4 * i));
      const auto upper = _mm_shuffle_epi32(words, 0x0e);
#pragma GCC unroll 4
      for (int n = 0; n < N; ++n) {
        cdgh[n] = _mm_sha256rnds2_epu32(cdgh[n], abef[n], words);
        abef[n] = _mm_sha256rnds2_epu32(abef[n], cdgh[n], upper);
      }
    }
    for (int n = 0; n < N; ++n) {
      abef[n] = _mm_add_epi32(abef[n], abef0[n]);
      cdgh[n] = _mm_add_epi32(cdgh[n], cdgh0[n]);
    }
  }

  WEIR_INLINE void store(int n, std::uint8_t* out) const {
    auto t = _mm_shuffle_epi32(abef[n], 0x1b);
    auto u = _mm_shuffle_epi32(cdgh[n], 0xb1);
    auto first = _mm_blend_epi16(t, u, 0xf0);
    auto second = _mm_alignr_epi8(u, t, 8);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm_shuffle_epi8(first, byte_swap()));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 16), _mm_shuffle_epi8(second, byte_swap()));
  }
};

WEIR_INLINE void load_block(const std::uint8_t* from, __m128i* m) {
  for (int j = 0; j < 4; ++j)
    m[j] = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from + 16 * j)), byte_swap());
}

template <int N>
WEIR_INLINE void hash_some_nodes(const std::uint8_t* in, std::uint8_t* out) {
  streams<N> s;
  __m128i m[N][4];
  s.start();
  for (int n = 0; n < N; ++n)
    load_block(in + 64 * n, m[n]);
  s.block(m);
  s.padding_block();
  for (int n = 0; n < N; ++n) {
    s.store(n, out + 32 * n);
    out[32 * n + 31] &= 0x3f;
  }
}

void hash_nodes(const std::uint8_t* in, std::uint8_t* out, std::size_t nodes) {
  clean_vector_registers(has_avx());
  std::size_t i = 0;
  for (; i + 4 <= nodes; i += 4)
    hash_some_nodes<4>(in + 64 * i, out + 32 * i);
  for (; i < nodes; ++i)
    hash_some_nodes<1>(in + 64 * i, out + 32 * i);
}

void hash_chunk(const std::uint8_t* payload, std::uint8_t* root) {
  hash_chunk_by_levels(payload, root, hash_nodes);
}

void sha256_lanes(const std::uint8_t* const* messages, std::size_t size, std::uint8_t* out) {
  clean_vector_registers(has_avx());
  for (std::size_t l = 0; l < lanes; l += 4) {
    streams<4> s;
    __m128i m[4][4];
    s.start();
    for (std::size_t at = 0; at + 64 <= size; at += 64) {
      for (int n = 0; n < 4; ++n)
        load_block(messages[l + n] + at, m[n]);
      s.block(m);
    }
    const message_tail tails[4] = {
        {messages[l], size}, {messages[l + 1], size}, {messages[l + 2], size}, {messages[l + 3], size}};
    for (std::size_t i = 0; i < tails[0].blocks; ++i) {
      for (int n = 0; n < 4; ++n)
        load_block(tails[n].data + 64 * i, m[n]);
      s.block(m);
    }
    for (int n = 0; n < 4; ++n)
      s.store(n, out + 32 * (l + n));
  }
}

} // namespace

const kernel sha_ni_kernel{"sha-ni", hash_nodes, hash_chunk, sha256_lanes};

} // namespace weir::commp
