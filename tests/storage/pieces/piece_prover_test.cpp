#include "storage/pieces/piece_prover.hpp"

#include "storage/blocks/memory_blocks.hpp"
#include "storage/car/car_writer.hpp"
#include "storage/hash/block_cid.hpp"
#include "storage/ipld/dag_pb.hpp"
#include "storage/pieces/piece_file.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace weir {
namespace {

bytes numbered(std::size_t size, std::uint64_t seed) {
  bytes out(size);
  for (auto& b : out) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    b = static_cast<std::uint8_t>(seed >> 40);
  }
  return out;
}

/// A piece of one segment that three contents share, and one of a large content.
struct proving : testing::Test {
  proving() {
    small = leaf(300, 1);
    other = leaf(5000, 2);
    folder_root = node({small, other});
    std::vector<cid> leaves;
    for (std::uint64_t i = 0; i < 12; ++i)
      leaves.push_back(leaf(40'000, 10 + i));
    large = node(leaves);
    leaves.insert(leaves.begin(), large);
    cars.push_back(car({small, folder_root}, {small, folder_root, other}));
    cars.push_back(car({large}, leaves));
    written = write(cars);
  }
  cid leaf(std::size_t size, std::uint64_t seed) { return put({}, numbered(size, seed)); }
  cid put(const cid_format& format, const bytes& block) {
    auto id = *cid_of(format, block);
    EXPECT_TRUE(blocks.put(id, block));
    return id;
  }
  cid node(const std::vector<cid>& links) {
    pb_node n;
    for (auto& l : links)
      n.links.push_back({l, std::to_string(n.links.size()), 1});
    return put({1, codec::dag_pb}, encode_dag_pb(n));
  }
  bytes car(const std::vector<cid>& roots, const std::vector<cid>& ids) {
    bytes out;
    car_writer w{[&](bytes_view part) {
      out.insert(out.end(), part.begin(), part.end());
      return status{};
    }};
    EXPECT_TRUE(w.start(roots));
    for (auto& id : ids)
      EXPECT_TRUE(w.append(id, *blocks.get(id)));
    return out;
  }
  written_piece write(const std::vector<bytes>& parts) {
    std::vector<segment_source> sources;
    for (auto& p : parts)
      sources.push_back({p.size(), [&p](const byte_sink& sink) { return sink(p); }});
    return *write_piece_file(file(), sources);
  }
  std::filesystem::path file() const { return folder / "piece"; }
  piece_prover prover() {
    return *piece_prover::open(file(), written.id, written.padded_size,
                               static_cast<std::uint32_t>(written.segments.size()));
  }
  content_proof prove(std::size_t segment, const cid& root) {
    auto& s = written.segments[segment];
    auto made = prover().prove(s.offset, s.length, root);
    EXPECT_TRUE(made) << to_string(made.error());
    return made ? *made : content_proof{};
  }

  test::temp_dir folder;
  memory_blocks blocks;
  cid small, other, folder_root, large;
  std::vector<bytes> cars;
  written_piece written;
};

TEST_F(proving, contents_that_share_a_segment_have_each_their_own_proof) {
  for (auto& root : {small, folder_root}) {
    auto proof = prove(0, root);
    auto holds = verify(proof);
    ASSERT_TRUE(holds) << to_string(holds.error());
    EXPECT_EQ(holds->piece, written.id);
    EXPECT_TRUE(holds->placed && holds->whole);
  }
}

TEST_F(proving, a_large_content_is_shown_by_its_root) {
  auto proof = prove(1, large);
  auto holds = verify(proof);
  ASSERT_TRUE(holds) << to_string(holds.error());
  EXPECT_TRUE(holds->placed);
  EXPECT_FALSE(holds->whole);
  EXPECT_EQ(proof.place->blocks.size(), 1u);
}

TEST_F(proving, a_piece_of_one_segment_needs_no_entry) {
  written = write({cars[0]});
  auto proof = prove(0, folder_root);
  EXPECT_FALSE(proof.entry);
  EXPECT_TRUE(verify(proof)->whole);
  auto forged = proof;
  forged.segment.size *= 2;
  EXPECT_FALSE(verify(forged));
}

TEST_F(proving, forged_proofs_do_not_hold) {
  auto good = prove(0, folder_root);
  auto piece = good, size = good, place = good, root = good, offset = good, entry = good, length = good;
  piece.segment.root[0] ^= 1;
  size.piece_size *= 2;
  place.place->shown[0].data[3] ^= 1;
  root.root = small;
  offset.segment.offset += good.segment.size;
  entry.entry.reset();
  length.segment.size *= 2;
  for (auto& bad : {piece, size, place, root, offset, entry, length})
    EXPECT_FALSE(verify(bad));
  auto no_place = good;
  no_place.place.reset();
  EXPECT_FALSE(verify(no_place)->placed) << "it says that it proves the segment only";
}

TEST_F(proving, what_is_not_there_is_not_proved) {
  auto& s = written.segments[0];
  EXPECT_EQ(prover().prove(s.offset, s.length, large).error().code, errc::not_found);
  EXPECT_EQ(prover().prove(s.offset + 127, s.length, small).error().code, errc::corrupt);
  EXPECT_EQ(piece_prover::open(folder / "none", written.id, written.padded_size, 2).error().code, errc::not_found);
  std::fstream{file(), std::ios::in | std::ios::out}
      .seekp(static_cast<std::streamoff>(unpadded_size_of(index_offset(written.padded_size))))
      .put('X');
  EXPECT_EQ(piece_prover::open(file(), written.id, written.padded_size, 2).error().code, errc::corrupt);
}

} // namespace
} // namespace weir
