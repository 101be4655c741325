#include "storage/commp/kernel.hpp"

#include "storage/commp/kernels.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <vector>

namespace weir::commp {

namespace {

#if defined(__x86_64__)
bool has_sha_ni() {
  // g++ 12 has no name for SHA-NI in __builtin_cpu_supports: CPUID leaf 7, EBX bit 29.
  unsigned eax = 7, ebx = 0, ecx = 0, edx = 0;
  __asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
  return (ebx >> 29 & 1) != 0 && __builtin_cpu_supports("sse4.1") != 0 && __builtin_cpu_supports("ssse3") != 0;
}

bool has_avx() {
  return __builtin_cpu_supports("avx") != 0;
}

bool has_avx512vl() {
  return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512vl") != 0;
}

bool has_avx512() {
  return has_avx512vl() && __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vbmi") != 0
         && __builtin_cpu_supports("avx512vbmi2") != 0;
}

/// The newest encoding of the SHA-NI kernel.
const kernel& sha_ni() {
  return has_avx512vl() ? sha_ni_avx512_kernel : has_avx() ? sha_ni_avx_kernel : sha_ni_kernel;
}
#endif

std::vector<const kernel*> find_kernels() {
  std::vector<const kernel*> found{&portable_kernel};
#if defined(__x86_64__)
  if (has_sha_ni()) {
    found.push_back(&sha_ni_kernel);
    if (has_avx())
      found.push_back(&sha_ni_avx_kernel);
    if (has_avx512vl())
      found.push_back(&sha_ni_avx512_kernel);
  }
  if (has_avx512())
    found.push_back(&avx512_kernel);
#endif
  return found;
}

/// Of so many nodes; they stay in the first-level cache.
std::chrono::nanoseconds time_of(const kernel& k, std::uint8_t* nodes, std::size_t count) {
  const auto begin = std::chrono::steady_clock::now();
  k.hash_nodes(nodes, nodes, count);
  return std::chrono::steady_clock::now() - begin;
}

/// What is fastest differs among processors with the same instructions (Intel's
/// 512-bit units are twice AMD's, AMD's SHA unit is twice Intel's), so they run
/// a little: best of many turns, because a processor takes some microseconds to
/// get its wide units going, and somebody else may want the core.
const kernel& fastest_of(std::span<const kernel* const> candidates) {
  constexpr std::size_t nodes = 128, turns = 24;
  std::vector<std::uint8_t> data(nodes * 2 * node_size, 0x5a);
  std::vector<std::chrono::nanoseconds> best(candidates.size(), std::chrono::nanoseconds::max());
  for (std::size_t turn = 0; turn < turns; ++turn)
    for (std::size_t i = 0; i < candidates.size(); ++i)
      best[i] = std::min(best[i], time_of(*candidates[i], data.data(), nodes));
  return *candidates[static_cast<std::size_t>(std::ranges::min_element(best) - best.begin())];
}

const kernel& choose() {
  auto all = available_kernels();
  if (const char* wanted = std::getenv("WEIR_KERNEL"))
    for (const auto* k : all)
      if (k->name == wanted)
        return *k;
  // The portable one is ten times slower than any other.
  return all.size() == 1 ? *all.front() : fastest_of(all.subspan(1));
}

} // namespace

std::span<const kernel* const> available_kernels() {
  static const auto found = find_kernels();
  return found;
}

const kernel& best_kernel() {
  static const kernel& chosen = choose();
  return chosen;
}

const kernel& few_nodes() {
#if defined(__x86_64__)
  static const kernel& chosen = has_sha_ni() ? sha_ni() : portable_kernel;
  return chosen;
#else
  return portable_kernel;
#endif
}

} // namespace weir::commp
