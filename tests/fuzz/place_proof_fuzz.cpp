// Proofs of places: one out of the input may hold for what it is made of only;
// a real one with one bit changed never holds for the same segment.
#include "storage/hash/block_cid.hpp"
#include "storage/pieces/commp.hpp"
#include "storage/pieces/place_proof.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace weir;

namespace {

class place_input {
public:
  explicit place_input(bytes_view in) : in_{in} {}

  bytes take(std::size_t size) {
    auto part = in_.first(std::min(size, in_.size()));
    in_ = in_.subspan(part.size());
    return to_bytes(part);
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (auto byte : take(8))
      value = value << 8 | byte;
    return value;
  }
  std::size_t small(std::size_t below) {
    auto one = take(1);
    return one.empty() ? 0 : one[0] % below;
  }

private:
  bytes_view in_;
};

place_proof proof_of(place_input& in) {
  place_proof out;
  for (auto n = in.small(4); n > 0; --n) {
    out.shown.push_back({in.number(), in.take(in.small(3) * quad_payload)});
  }
  for (auto n = in.small(40); n > 0; --n) {
    auto node = in.take(32);
    node.resize(32);
    std::copy(node.begin(), node.end(), out.nodes.emplace_back().begin());
  }
  for (auto n = in.small(4); n > 0; --n)
    out.blocks.push_back({*cid_of({}, in.take(in.small(40))), in.number(), in.number()});
  return out;
}

/// The input is a CAR's bytes; some of it is the block.
void check_tampering(const std::uint8_t* data, std::size_t size) {
  bytes_view car{data, size};
  auto made = commp_of(car);
  std::size_t at = data[0] % size, length = 1 + data[1] % (size - at);
  placed_block block{*cid_of({}, car.subspan(at, length)), at, length};
  auto proof = *prove_places(car, made.padded_size, {block});
  fuzz::require(*verify_places(proof, made.root, made.padded_size));
  auto bit = static_cast<std::uint8_t>(1u << data[2] % 8);
  if (data[3] % 2 == 0 && !proof.nodes.empty())
    proof.nodes[data[4] % proof.nodes.size()][data[5] % 32] ^= bit;
  else
    proof.shown[0].data[(data[4] * 256u + data[5]) % proof.shown[0].data.size()] ^= bit;
  fuzz::require(!verify_places(proof, made.root, made.padded_size));
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  place_input in{{data, size}};
  piece_node root{};
  auto size_of_segment = std::uint64_t{1} << in.small(64);
  auto proof = proof_of(in);
  fuzz::require(!verify_places(proof, root, size_of_segment));
  fuzz::require(!verify_places(proof, zero_root(128), size_of_segment | 1));
  if (size >= 8 && size <= 100'000)
    check_tampering(data, size);
  return 0;
}
