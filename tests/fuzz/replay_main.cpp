// Runs a fuzzer's corpus without libFuzzer: every file as it is, cut short at
// many places, and changed in many ways that are the same each time.
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

namespace {

constexpr int mutants_of_a_file = 300;

/// A copy in a buffer of its own size, so that a sanitizer sees each byte too far.
void run(const weir::bytes& input) {
  weir::bytes exact{input.begin(), input.end()};
  exact.shrink_to_fit();
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

weir::bytes mutated(weir::bytes input, std::mt19937& random) {
  constexpr std::uint8_t interesting[] = {0x00, 0x01, 0x7f, 0x80, 0xff, 0x12, 0x20, 0x0a};
  for (auto changes = 1 + random() % 4; changes > 0 && !input.empty(); --changes) {
    auto at = input.begin() + random() % input.size();
    switch (random() % 5) {
    case 0:
      *at ^= static_cast<std::uint8_t>(1u << random() % 8);
      break;
    case 1:
      *at = interesting[random() % std::size(interesting)];
      break;
    case 2:
      input.erase(at);
      break;
    case 3:
      input.insert(at, static_cast<std::uint8_t>(random()));
      break;
    default:
      input.insert(input.end(), at, std::min(at + 16, input.end()));
    }
  }
  return input;
}

void replay(const weir::bytes& input) {
  run(input);
  for (std::size_t i = 0, step = input.size() / 64 + 1; i < input.size(); i += step)
    run({input.begin(), input.begin() + static_cast<std::ptrdiff_t>(i)});
  std::mt19937 random{static_cast<unsigned>(input.size())};
  for (int i = 0; i < mutants_of_a_file; ++i)
    run(mutated(input, random));
}

} // namespace

int main(int argc, char** argv) {
  int files = 0;
  replay({});
  for (int i = 1; i < argc; ++i)
    for (const auto& entry : std::filesystem::recursive_directory_iterator{argv[i]}) {
      if (!entry.is_regular_file())
        continue;
      std::ifstream in{entry.path(), std::ios::binary};
      replay({std::istreambuf_iterator<char>{in}, {}});
      ++files;
    }
  std::printf("%d files replayed\n", files);
  return files > 0 ? 0 : 1;
}
