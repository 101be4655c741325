// A proof out of the input: two paths of {index (8 bytes), length (1), nodes}.
// It may hold for what it is made of only.
#include "storage/pieces/aggregate.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

using namespace weir;

namespace {

class proof_input {
public:
  explicit proof_input(bytes_view in) : in_{in} {}

  template <std::size_t N>
  std::array<std::uint8_t, N> take() {
    std::array<std::uint8_t, N> out{};
    auto size = std::min(in_.size(), N);
    std::copy_n(in_.begin(), size, out.begin());
    in_ = in_.subspan(size);
    return out;
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (auto byte : take<8>())
      value = value << 8 | byte;
    return value;
  }
  tree_proof path() {
    tree_proof p{number(), {}};
    for (int length = take<1>()[0] % 70; length > 0; --length)
      p.path.push_back(take<32>());
    return p;
  }

private:
  bytes_view in_;
};

/// A real proof, and the same with one bit of it changed.
void check_tampering(const std::uint8_t* data, std::size_t size) {
  std::vector<data_segment> segments{{{1}, 0, 1024}, {{2}, 1024, 512}, {{3}, 1536, 128}};
  static const auto whole = *aggregate::create(4096, segments);
  std::size_t which = data[0] % 3;
  auto proof = whole.prove(which);
  const auto& s = whole.segments()[which];
  fuzz::require(verify_inclusion(proof, s.root, s.size)->root == whole.root());
  auto& part = data[1] % 2 == 0 ? proof.subtree : proof.entry;
  if (part.path.empty())
    return;
  auto bit = static_cast<std::uint8_t>(1u << data[3] % 6); // not the two that are always clear
  part.path[data[2] % part.path.size()][data[4] % 32] ^= bit;
  auto tampered = verify_inclusion(proof, s.root, s.size);
  fuzz::require(size > 0 && (!tampered || tampered->root != whole.root()));
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  proof_input in{{data, size}};
  auto root = in.take<32>();
  auto segment_size = in.number();
  inclusion_proof proof{in.path(), in.path()};
  if (auto proved = verify_inclusion(proof, root, segment_size))
    fuzz::require(valid_piece_size(proved->padded_size) && segment_size <= proved->padded_size);
  if (size >= 5)
    check_tampering(data, size);
  return 0;
}
