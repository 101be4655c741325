#include "storage/commp/kernel.hpp"

#include "storage/commp/kernels.hpp"

#include <algorithm>
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

bool has_avx512() {
  return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0
         && __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512vbmi") != 0
         && __builtin_cpu_supports("avx512vbmi2") != 0;
}
#endif

std::vector<const kernel*> find_kernels() {
  std::vector<const kernel*> found{&portable_kernel};
#if defined(__x86_64__)
  if (has_sha_ni())
    found.push_back(&sha_ni_kernel);
  if (has_avx512())
    found.push_back(&avx512_kernel);
#endif
  return found;
}

const kernel& choose() {
  auto all = available_kernels();
  if (const char* wanted = std::getenv("WEIR_KERNEL"))
    for (const auto* k : all)
      if (k->name == wanted)
        return *k;
  return *all.back();
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
  static const kernel& chosen = has_sha_ni() ? sha_ni_kernel : portable_kernel;
  return chosen;
#else
  return portable_kernel;
#endif
}

} // namespace weir::commp
