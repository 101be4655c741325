#include "storage/pieces/aggregate.hpp"

#include "storage/hash/digest.hpp"
#include "storage/pieces/piece_cid.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace weir {

namespace {

piece_node root_of(std::string_view piece_cid) {
  return *piece_root(*cid::parse(piece_cid));
}

/// The golden sample of go-data-segment.
aggregate golden() {
  auto a = root_of("baga6ea4seaqae5ysjdbsr4b5jhotaz5ooh62jrrdbxwygfpkkfjz44kvywycmgy");
  auto b = root_of("baga6ea4seaqnrm2n2g4m23t6rs26obxjw2tjtr7tcho24gepj2naqhevytduyoa");
  return *aggregate::create(1 << 20, {{b, 512 << 10, 256 << 10}, {a, 0, 512 << 10}});
}

bytes rows() {
  bytes out;
  for (std::uint8_t value = 0; value < 4; ++value)
    out.insert(out.end(), quad_payload, value);
  return out;
}

/// 512 bytes at 0 and 128 bytes at 512 of 2 KiB.
aggregate small() {
  return *aggregate::create(2048, {{commp_of(rows()).root, 0, 512}, {commp_of(bytes(127, 0xcc)).root, 512, 128}});
}

TEST(aggregate, the_golden_sample_of_go) {
  auto whole = golden();
  EXPECT_EQ(
      to_hex(index_entry(whole.segments()[0])),
      "02771248c328f03d49dd3067ae71fda4c6230ded8315ea51539e7155c5b0261b00000000000000000000080000000000f09f73f5f2710ab8"
      "3fd968425c73b91e");
  EXPECT_EQ(
      to_hex(index_entry(whole.segments()[1])),
      "d8b34dd1b8cd6e7e8cb5e706e9b6a699c7f311ddae188f4e9a081c95c4c74c38000008000000000000000400000000008403b5d28d6670d2"
      "356a212c72c53a03");
  EXPECT_EQ(piece_cid_v1(whole.root()).text(), "baga6ea4seaqnqkeoqevjjjfe46wo2lpfclcbmkyms4wkz5srou3vzmr3w3c72bq");
}

TEST(aggregate, the_small_sample_as_go_makes_it) {
  auto whole = small();
  EXPECT_EQ(to_hex(whole.root()), "07912de136c950e61ac4c3644f20abe0992635a602735924b3b51c5606004308");
  EXPECT_EQ(piece_cid_v1(whole.root()).text(), "baga6ea4seaqapejn4e3msuhgdlcmgzcpecv6bgjggwtae42zesz3khcwayaegca");
  EXPECT_EQ(
      to_hex(index_entry(whole.segments()[0])),
      "496dae0cc9e265efe5a006e80626a5dc5c409e5d3155c13984caf6c8d5cfd60500000000000000000002000000000000f9325766cbc6e30c"
      "fc08fa6fbcf73c15");
  EXPECT_EQ(
      to_hex(index_entry(whole.segments()[1])),
      "c2ac699bb26693c01abe4a93551de64fd72b45404fb7320c416705dde7b2a42600020000000000008000000000000000cdadcb5542671"
      "33fac88827edb4d3507");
  bytes raw = rows();
  raw.insert(raw.end(), 127, 0xcc);
  raw.resize(unpadded_size_of(2048));
  auto index = whole.index_bytes();
  std::copy(index.begin(), index.end(),
            raw.begin() + static_cast<std::ptrdiff_t>(unpadded_size_of(index_offset(2048))));
  EXPECT_EQ(to_hex(sha2_256(raw)), "318c8df50675c66562d5f7c239b8495b9260b6f35d363ec491939c8b17821639");
  EXPECT_EQ(commp_of(raw).root, whole.root()) << "the root made of parts is that of the bytes";
}

std::vector<std::string> texts(const std::vector<piece_node>& nodes) {
  std::vector<std::string> out;
  for (auto& n : nodes)
    out.push_back(to_hex(n));
  return out;
}

TEST(aggregate, proofs_are_the_published_ones) {
  auto proof = small().prove(1);
  EXPECT_EQ(proof.subtree.index, 4u);
  EXPECT_EQ(proof.entry.index, 29u);
  EXPECT_EQ(texts(proof.subtree.path),
            (std::vector<std::string>{"3731bb99ac689f66eef5973e4a94da188f4ddcae580724fc6f3fd60dfd488333",
                                      "642a607ef886b004bf2c1978463ae1d4693ac0f410eb2d1b7a47fe205e5e750f",
                                      "496dae0cc9e265efe5a006e80626a5dc5c409e5d3155c13984caf6c8d5cfd605",
                                      "96064635cb90ed339899f7015b966651ea65cce5ceac7e16e051b32b403f6e05"}));
  EXPECT_EQ(texts(proof.entry.path),
            (std::vector<std::string>{"c10cbb70bff76ffc04e7c27a1aa4d5f30c64427be54ca5f350fd7c24052ef010",
                                      "3731bb99ac689f66eef5973e4a94da188f4ddcae580724fc6f3fd60dfd488333",
                                      "642a607ef886b004bf2c1978463ae1d4693ac0f410eb2d1b7a47fe205e5e750f",
                                      "57a2381a28652bf47f6bef7aca679be4aede5871ab5cf3eb2c08114488cb8526",
                                      "fdbf9e90a4cda2da94065a47c60d03b62b9a9f16fe558108ac587fa7c4a30f20"}));
}

void expect_forgeries_fail(const inclusion_proof& proof, const data_segment& s) {
  for (auto part : {&inclusion_proof::subtree, &inclusion_proof::entry}) {
    auto sibling = proof, number = proof, path = proof, outside = proof;
    (sibling.*part).path[0][3] ^= 1;
    (number.*part).index ^= 1;
    (path.*part).path.pop_back();
    (outside.*part).index += std::uint64_t{1} << (proof.*part).path.size();
    for (auto& forged : {sibling, number, path, outside})
      EXPECT_FALSE(verify_inclusion(forged, s.root, s.size));
  }
  EXPECT_FALSE(verify_inclusion(proof, zero_root(s.size), s.size));
  EXPECT_FALSE(verify_inclusion(proof, s.root, s.size * 2));
  EXPECT_FALSE(verify_inclusion(proof, s.root, 0));
}

TEST(aggregate, proofs_hold_and_forged_ones_do_not) {
  for (auto& whole : {small(), golden()})
    for (std::size_t i = 0; i < whole.segments().size(); ++i) {
      auto& s = whole.segments()[i];
      auto proof = whole.prove(i);
      auto proved = verify_inclusion(proof, s.root, s.size);
      ASSERT_TRUE(proved) << to_string(proved.error());
      EXPECT_EQ(proved->root, whole.root());
      EXPECT_EQ(proved->padded_size, whole.padded_size());
      expect_forgeries_fail(proof, s);
    }
}

TEST(aggregate, each_of_very_many_segments_is_proved) {
  std::vector<data_segment> segments;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    data_segment s{{}, i << 17, 128u << (i % 10)};
    s.root[0] = static_cast<std::uint8_t>(i);
    s.root[1] = static_cast<std::uint8_t>(i >> 8);
    segments.push_back(s);
  }
  auto whole = *aggregate::create(std::uint64_t{4} << 30, segments);
  for (std::size_t i = 0; i < segments.size(); i += 37) {
    auto proved = verify_inclusion(whole.prove(i), segments[i].root, segments[i].size);
    ASSERT_TRUE(proved) << i;
    EXPECT_EQ(proved->root, whole.root());
  }
}

/// Path from a leaf of 64 bytes to the root, made from all bytes.
tree_proof prove_leaf(bytes_view raw, std::uint64_t index) {
  std::vector<piece_node> level;
  for (std::size_t at = 0; at < raw.size(); at += quad_payload) {
    std::array<std::uint8_t, quad_padded> quad;
    commp::fr32_pad(raw.data() + at, quad.data());
    for (std::size_t leaf = 0; leaf < 4; leaf += 2) {
      piece_node left, right;
      std::copy_n(quad.begin() + static_cast<std::ptrdiff_t>(leaf * 32), 32, left.begin());
      std::copy_n(quad.begin() + static_cast<std::ptrdiff_t>(leaf * 32 + 32), 32, right.begin());
      level.push_back(hash_nodes(left, right));
    }
  }
  tree_proof out{index, {}};
  for (; level.size() > 1; index /= 2) {
    out.path.push_back(level[index ^ 1]);
    for (std::size_t i = 0; i < level.size() / 2; ++i)
      level[i] = hash_nodes(level[2 * i], level[2 * i + 1]);
    level.resize(level.size() / 2);
  }
  return out;
}

TEST(aggregate, an_entry_that_is_data_proves_nothing) {
  auto victim = commp_of(bytes(127, 0xcc)).root;
  auto entry = index_entry({victim, 0, 128});
  bytes planted(quad_padded), data(quad_payload);
  std::copy(entry.begin(), entry.end(), planted.begin());
  commp::fr32_unpad(planted.data(), data.data());
  auto whole = *aggregate::create(2048, {{victim, 0, 128}, {commp_of(data).root, 128, 128}});
  bytes raw(127, 0xcc);
  raw.insert(raw.end(), data.begin(), data.end());
  raw.resize(unpadded_size_of(2048));
  auto index = whole.index_bytes();
  std::copy(index.begin(), index.end(),
            raw.begin() + static_cast<std::ptrdiff_t>(unpadded_size_of(index_offset(2048))));
  auto proof = whole.prove(0);
  EXPECT_EQ(prove_leaf(raw, proof.entry.index), proof.entry);
  EXPECT_TRUE(verify_inclusion(proof, victim, 128));
  proof.entry = prove_leaf(raw, 2); // byte 128: the right hash, in the wrong place
  EXPECT_FALSE(verify_inclusion(proof, victim, 128));
}

TEST(aggregate, the_index_is_found_again) {
  auto whole = small();
  auto index = whole.index_bytes();
  EXPECT_EQ(parse_index(index, 2048), whole.segments());
  index[1] ^= 1;
  EXPECT_EQ(parse_index(index, 2048).size(), 1u);
  EXPECT_TRUE(parse_index(bytes(1270), 2048).empty());
}

TEST(aggregate, the_index_has_an_entry_for_each_128_kib) {
  EXPECT_EQ(index_capacity(2048), 4u);
  EXPECT_EQ(index_capacity(1 << 20), 8u);
  EXPECT_EQ(index_capacity(32ULL << 30), 262144u);
  EXPECT_EQ(index_offset(2048), 1792u);
}

TEST(aggregate, segments_are_laid_out_largest_first_and_aligned) {
  std::vector<std::uint64_t> sizes{128, 512, 256, 128};
  auto made = lay_out_aggregate(sizes);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->padded_size, 2048u);
  EXPECT_EQ(made->offsets, (std::vector<std::uint64_t>{768, 0, 512, 896}));
  EXPECT_EQ(lay_out_aggregate(sizes, 1 << 20)->padded_size, 1u << 20);
  EXPECT_EQ(lay_out_aggregate(sizes, 128, 1024).error().code, errc::too_large);
}

TEST(aggregate, many_small_segments_need_room_in_the_index) {
  std::vector<std::uint64_t> sizes(9, 128);
  EXPECT_EQ(lay_out_aggregate(sizes)->padded_size, 2u << 20) << "16 entries";
}

TEST(aggregate, what_overlaps_or_lies_askew_is_refused) {
  auto z = zero_root(128);
  using segments = std::vector<data_segment>;
  for (auto& bad :
       {segments{{z, 64, 128}}, segments{{z, 0, 100}}, segments{{z, 0, 256}, {z, 128, 128}}, segments{{z, 1792, 128}},
        segments{{z, 4096, 128}}, segments{{z, 0, 2048}}, segments(5, data_segment{z, 0, 128})})
    EXPECT_FALSE(aggregate::create(2048, bad));
  EXPECT_FALSE(aggregate::create(1000, {}));
  EXPECT_EQ(aggregate::create(2048, {})->root(), zero_root(2048));
}

} // namespace

} // namespace weir
