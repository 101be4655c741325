// Every kernel that this processor has, against the portable one, and that
// one against OpenSSL.
#include "storage/commp/kernel.hpp"

#include "messages/types/bytes.hpp"

#include <array>
#include <chrono>
#include <cstring>
#include <random>

#include <gtest/gtest.h>
#include <openssl/sha.h>

namespace weir::commp {
namespace {

bytes random_bytes(std::size_t size, unsigned seed) {
  std::mt19937_64 random{seed};
  bytes out(size);
  for (auto& b : out)
    b = static_cast<std::uint8_t>(random());
  return out;
}

std::array<std::uint8_t, 32> openssl_node(const std::uint8_t* in) {
  std::array<std::uint8_t, 32> out;
  SHA256(in, 64, out.data());
  out[31] &= 0x3f;
  return out;
}

std::string hex(const std::uint8_t* node) {
  return to_hex({node, node_size});
}

/// Bit by bit, as the definition says.
bytes pad_bitwise(const bytes& quad) {
  bytes out(128);
  for (int bit = 0; bit < 127 * 8; ++bit)
    if ((quad[bit / 8] >> (bit % 8) & 1) != 0) {
      int at = bit / 254 * 256 + bit % 254;
      out[at / 8] |= static_cast<std::uint8_t>(1 << (at % 8));
    }
  return out;
}

TEST(fr32, is_what_the_definition_says_and_back) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    auto quad = seed == 0 ? bytes(127, 0xff) : random_bytes(127, seed);
    bytes leaves(128), back(127);
    fr32_pad(quad.data(), leaves.data());
    EXPECT_EQ(to_hex(leaves), to_hex(pad_bitwise(quad)));
    fr32_unpad(leaves.data(), back.data());
    EXPECT_EQ(back, quad);
  }
}

class each_kernel : public testing::TestWithParam<const kernel*> {};

TEST_P(each_kernel, hashes_nodes_as_openssl) {
  for (std::size_t nodes : {1, 2, 3, 4, 5, 15, 16, 17, 33}) {
    auto in = random_bytes(64 * nodes, static_cast<unsigned>(nodes));
    bytes out(32 * nodes);
    GetParam()->hash_nodes(in.data(), out.data(), nodes);
    for (std::size_t i = 0; i < nodes; ++i)
      EXPECT_EQ(hex(&out[32 * i]), hex(openssl_node(&in[64 * i]).data())) << nodes << " nodes, at " << i;
    GetParam()->hash_nodes(in.data(), in.data(), nodes);
    EXPECT_TRUE(std::equal(out.begin(), out.end(), in.begin())) << "in place";
  }
}

TEST_P(each_kernel, hashes_a_chunk_as_a_tree_of_openssl_nodes) {
  for (unsigned seed : {0u, 1u, 2u}) {
    auto payload = seed == 0 ? bytes(chunk_size, 0xff) : random_bytes(chunk_size, seed);
    bytes level(chunk_quads * 128);
    for (std::size_t q = 0; q < chunk_quads; ++q)
      fr32_pad(&payload[q * 127], &level[q * 128]);
    for (std::size_t nodes = chunk_quads * 2; nodes >= 1; nodes /= 2)
      for (std::size_t i = 0; i < nodes; ++i) {
        auto node = openssl_node(&level[64 * i]);
        std::memcpy(&level[32 * i], node.data(), 32);
      }
    std::uint8_t root[32];
    GetParam()->hash_chunk(payload.data(), root);
    EXPECT_EQ(hex(root), hex(level.data()));
  }
}

TEST_P(each_kernel, hashes_up_to_sixteen_messages_as_openssl) {
  for (std::size_t size : {0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 1000, 4096, 262144}) {
    auto data = random_bytes(size * lanes + 1, static_cast<unsigned>(size));
    std::array<const std::uint8_t*, lanes> messages;
    for (std::size_t l = 0; l < lanes; ++l)
      messages[l] = data.data() + l * size;
    for (std::size_t count : {lanes, std::size_t{1}, std::size_t{6}}) {
      bytes out((count + 1) * 32, 0xee);
      GetParam()->sha256_lanes(messages.data(), count, size, out.data());
      for (std::size_t l = 0; l < count; ++l) {
        std::uint8_t expected[32];
        SHA256(messages[l], size, expected);
        EXPECT_EQ(hex(&out[32 * l]), hex(expected)) << "size " << size << ", lane " << l << " of " << count;
      }
      EXPECT_EQ(hex(&out[32 * count]), to_hex(bytes(32, 0xee))) << "not one digest too many";
    }
  }
}

std::chrono::nanoseconds time_of(auto&& work) {
  auto best = std::chrono::nanoseconds::max();
  for (int i = 0; i < 7; ++i) {
    auto begin = std::chrono::steady_clock::now();
    work();
    best = std::min<std::chrono::nanoseconds>(best, std::chrono::steady_clock::now() - begin);
  }
  return best;
}

#if defined(__x86_64__)
// Performance hazard: legacy SSE encodings are a hundred times slower while
// the upper halves of the vector registers are dirty.
__attribute__((target("avx"))) void dirty_the_vector_registers() {
  __asm__ volatile("vpcmpeqd %%xmm0, %%xmm0, %%xmm0\n vinsertf128 $1, %%xmm0, %%ymm0, %%ymm0\n"
                   "vmovaps %%ymm0, %%ymm1\n vmovaps %%ymm0, %%ymm7\n vmovaps %%ymm0, %%ymm15" ::
                       : "xmm0", "xmm1", "xmm7", "xmm15");
}

TEST_P(each_kernel, is_not_slowed_down_by_dirty_vector_registers) {
  if (__builtin_cpu_supports("avx") == 0)
    return; // no upper halves to be dirty
  auto in = random_bytes(64 * 64, 7);
  bytes out(32 * 64);
  auto ours = time_of([&] {
    for (int i = 0; i < 64; ++i) {
      dirty_the_vector_registers();
      GetParam()->hash_nodes(&in[64 * i], &out[32 * i], 1);
    }
  });
  auto theirs = time_of([&] {
    for (int i = 0; i < 64; ++i)
      openssl_node(&in[64 * i]);
  });
  EXPECT_LT(ours.count(), 10 * theirs.count());
}
#endif

INSTANTIATE_TEST_SUITE_P(kernels, each_kernel,
                         testing::ValuesIn(available_kernels().begin(), available_kernels().end()),
                         [](const auto& info) {
                           std::string name{info.param->name};
                           std::erase(name, '-');
                           return name;
                         });

TEST(kernels, portable_is_always_there) {
  ASSERT_FALSE(available_kernels().empty());
  EXPECT_EQ(available_kernels().front()->name, "portable");
  EXPECT_FALSE(best_kernel().name.empty());
}

} // namespace
} // namespace weir::commp
