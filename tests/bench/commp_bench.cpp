// commP of a stream against one SHA-256 over the same bytes, on one core.
#include "storage/pieces/commp.hpp"
#include "tests/bench/bench.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace {

constexpr std::size_t total = 256 << 20, step = 1 << 20;

template <class F>
double best_of_three(F run) {
  double best = 1e9;
  for (int i = 0; i < 3; ++i) {
    auto start = weir::bench::now();
    run();
    best = std::min(best, weir::bench::now() - start);
  }
  return best;
}

} // namespace

WEIR_BENCH(commp, "commP of 256 MiB in steps of 1 MiB, against SHA-256 of the same bytes") {
  using namespace weir;
  bytes data(total);
  std::uint32_t x = 1;
  for (auto& b : data)
    b = static_cast<std::uint8_t>((x = x * 1664525 + 1013904223) >> 24);
  auto ours = best_of_three([&] {
    commp_stream stream;
    for (std::size_t at = 0; at < total; at += step)
      stream.update(bytes_view{data}.subspan(at, step));
    (void)stream.finish();
  });
  auto evp = best_of_three([&] {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    EVP_Digest(data.data(), data.size(), digest.data(), &size, EVP_sha256(), nullptr);
  });
  report.add("commP with the " + std::string{commp::best_kernel().name} + " kernel", total / 1e6 / ours, "MB/s");
  report.add("SHA-256 of OpenSSL", total / 1e6 / evp, "MB/s");
  bool simd = commp::best_kernel().name != "portable";
  report.at_least("commP / SHA-256", evp / ours, "x", simd ? 0.25 : 0.03);
}
