#include "storage/pieces/place_proof.hpp"

#include "storage/hash/block_cid.hpp"
#include "storage/ipld/dag_pb.hpp"
#include "storage/pieces/commp.hpp"

#include <gtest/gtest.h>

#include <random>

namespace weir {
namespace {

/// Bytes like a CAR: random ones between blocks.
struct segment {
  std::mt19937_64 random{7};
  bytes car;

  bytes some(std::size_t size) {
    bytes out(size);
    for (auto& b : out)
      b = static_cast<std::uint8_t>(random());
    return out;
  }
  placed_block add(const cid_format& format, bytes_view block) {
    auto gap = some(1 + random() % 300);
    car.insert(car.end(), gap.begin(), gap.end());
    placed_block at{*cid_of(format, block), car.size(), block.size()};
    car.insert(car.end(), block.begin(), block.end());
    return at;
  }
  placed_block raw(std::size_t size) { return add({}, some(size)); }
};

TEST(place_proof, every_block_of_a_shared_segment_is_proved_alone) {
  segment s;
  std::vector<placed_block> all;
  for (auto size : {1u, 126u, 127u, 128u, 4000u, 100000u, 37u})
    all.push_back(s.raw(size));
  auto made = commp_of(s.car);
  for (auto size : {made.padded_size, made.padded_size * 8})
    for (auto& b : all) {
      auto proof = prove_places(s.car, size, {b});
      ASSERT_TRUE(proof) << to_string(proof.error());
      auto holds = verify_places(*proof, extended_to(made, size).root, size);
      ASSERT_TRUE(holds) << to_string(holds.error());
      EXPECT_TRUE(*holds) << "one raw block is all of its DAG";
      EXPECT_LE(proof->shown[0].data.size(), b.length + 2 * quad_payload) << "it shows no more than it must";
    }
}

/// A folder of two leaves, one of them after another content's bytes.
struct shared : testing::Test {
  segment s;
  placed_block a = s.raw(500), foreign = s.raw(3000), b = s.raw(9000);
  placed_block root = s.add({1, codec::dag_pb}, encode_dag_pb({{{a.id, "a", 500}, {b.id, "b", 9000}}, bytes{8, 1}}));
  commitment made = commp_of(s.car);

  result<bool> check(const place_proof& p) { return verify_places(p, made.root, made.padded_size); }
  place_proof prove(std::vector<placed_block> blocks) { return *prove_places(s.car, made.padded_size, blocks); }
};

TEST_F(shared, a_whole_dag_and_a_part_of_it) {
  EXPECT_TRUE(*check(prove({root, a, b})));
  EXPECT_FALSE(*check(prove({root, b}))) << "a leaf is not shown";
  EXPECT_TRUE(*check(prove({a})));
}

TEST_F(shared, a_proof_that_was_tampered_with_does_not_hold) {
  auto good = prove({root, a, b});
  for (std::size_t i = 0; i < good.nodes.size(); ++i) {
    auto bad = good;
    bad.nodes[i][5] ^= 1;
    EXPECT_FALSE(check(bad)) << i;
  }
  for (std::size_t i = 0; i < good.shown.size(); ++i)
    for (auto at : {std::size_t{0}, good.shown[i].data.size() / 2, good.shown[i].data.size() - 1}) {
      auto bad = good;
      bad.shown[i].data[at] ^= 4;
      EXPECT_FALSE(check(bad)) << i << " " << at;
    }
  for (std::size_t i = 0; i < good.blocks.size(); ++i) {
    auto moved = good, longer = good, outside = good, other = good;
    ++moved.blocks[i].offset;
    ++longer.blocks[i].length;
    outside.blocks[i].offset = ~0ull - 3;
    other.blocks[i].id = foreign.id;
    for (auto& bad : {moved, longer, outside, other})
      EXPECT_FALSE(check(bad)) << i;
  }
  auto more = good, fewer = good, none = good, twice = good;
  more.nodes.push_back(piece_node{});
  fewer.nodes.pop_back();
  none.blocks.clear();
  twice.shown.push_back(twice.shown.back());
  for (auto& bad : {more, fewer, none, twice})
    EXPECT_FALSE(check(bad));
  EXPECT_FALSE(verify_places(good, made.root, made.padded_size * 2));
  EXPECT_FALSE(verify_places(good, made.root, 100));
  EXPECT_FALSE(verify_places(good, zero_root(made.padded_size), made.padded_size));
}

TEST_F(shared, what_does_not_lie_in_the_segment_is_not_proved) {
  EXPECT_FALSE(prove_places(s.car, made.padded_size, {{a.id, s.car.size() - 10, 11}}));
  EXPECT_FALSE(prove_places(s.car, made.padded_size, {}));
  EXPECT_FALSE(prove_places(s.car, made.padded_size / 2, {a}));
  EXPECT_FALSE(prove_places(s.car, made.padded_size, {{a.id, ~0ull, 2}}));
}

} // namespace
} // namespace weir
