#include "storage/import/piece_set.hpp"

#include "storage/car/car_file.hpp"
#include "storage/import/dag_order.hpp"
#include "storage/pieces/piece_cid.hpp"
#include "storage/pieces/piece_file.hpp"
#include "storage/unixfs/file_reader.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>
#include <set>

#include <gtest/gtest.h>

namespace weir {
namespace {

namespace fs = std::filesystem;

std::string noise(std::size_t size, std::uint64_t seed) {
  std::string out(size, 0);
  std::uint64_t x = seed;
  for (auto& c : out)
    c = static_cast<char>((x = x * 6364136223846793005 + 1442695040888963407) >> 56);
  return out;
}

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream{path, std::ios::binary} << text;
}

struct piece_set_test : testing::Test {
  piece_set_test() {
    write(folder / "in/a", noise(3'000'000, 1));
    write(folder / "in/b/c", noise(2'500'000, 2));
    write(folder / "in/b/d", noise(700, 3));
    write(folder / "in/e", noise(3'000'000, 1)); // as a
    options.piece_size = 2 << 20;
    options.import.how.chunks = unixfs::chunking::fixed(100'000);
  }

  /// Every file of the folder that is a piece, by name.
  static std::map<std::string, std::uint64_t> pieces_in(const fs::path& where) {
    std::map<std::string, std::uint64_t> out;
    for (const auto& e : fs::directory_iterator{where})
      out[e.path().filename().string()] = fs::file_size(e.path());
    return out;
  }

  test::temp_dir folder;
  piece_set_options options;
};

TEST_F(piece_set_test, pieces_hold_every_block_once_under_their_piece_cids) {
  auto made = import_to_pieces(folder / "in", folder / "out", options);
  ASSERT_TRUE(made) << to_string(made.error());
  EXPECT_EQ(made->pieces.size(), 3u);
  EXPECT_EQ(made->resumed, 0u);
  std::set<cid> blocks;
  for (const auto& p : made->pieces) {
    auto path = folder / "out" / (p.id.text() + ".car");
    auto commp = *commp_of_file(path);
    EXPECT_EQ(piece_cid_v1(commp.root), p.id);
    EXPECT_EQ(commp, p.car.commp);
    EXPECT_LE(commp.padded_size, options.piece_size);
    auto all = read_car(path, [&](const cid& id, bytes_view, auto&) {
      EXPECT_TRUE(blocks.insert(id).second) << "in one piece only";
      return status{};
    });
    ASSERT_TRUE(all);
    EXPECT_EQ(all->roots, std::vector<cid>{p.car.root});
  }
  EXPECT_EQ(made->pieces.back().car.root, made->whole.id);
  EXPECT_EQ(pieces_in(folder / "out").size(), 3u) << "no log, no leftovers";
  auto spill = *spilled_blocks::create(folder.path());
  EXPECT_EQ(import_tree(folder / "in", *spill, options.import)->id, made->whole.id);
  EXPECT_EQ(spill->count(), blocks.size());
}

TEST_F(piece_set_test, an_interrupted_run_goes_on) {
  auto whole = *import_to_pieces(folder / "in", folder / "whole", options);
  for (unsigned stop_after : {1u, 2u}) {
    auto out = folder / ("out" + std::to_string(stop_after));
    auto stopped = options;
    unsigned finished = 0;
    stopped.finished = [&](auto&) { ++finished; };
    stopped.import.go_on = [&](auto&) { return finished < stop_after ? status{} : status{fail(errc::cancelled)}; };
    EXPECT_EQ(import_to_pieces(folder / "in", out, stopped).error().code, errc::cancelled);
    auto before = pieces_in(out);
    EXPECT_EQ(before.count("unfinished.log"), 1u);
    auto again = options;
    unsigned made = 0;
    again.finished = [&](auto&) { ++made; };
    auto resumed = import_to_pieces(folder / "in", out, again);
    ASSERT_TRUE(resumed) << to_string(resumed.error());
    EXPECT_EQ(resumed->resumed, finished);
    EXPECT_EQ(made, whole.pieces.size() - finished) << "the others were not made again";
    EXPECT_EQ(resumed->whole.id, whole.whole.id);
    EXPECT_EQ(resumed->whole.blocks, whole.whole.blocks);
    EXPECT_EQ(pieces_in(out), pieces_in(folder / "whole"));
  }
}

TEST_F(piece_set_test, what_changed_meanwhile_is_read_again) {
  auto stopped = options;
  bool one = false;
  stopped.finished = [&](auto&) { one = true; };
  stopped.import.go_on = [&](auto&) { return one ? status{fail(errc::cancelled)} : status{}; };
  ASSERT_FALSE(import_to_pieces(folder / "in", folder / "out", stopped));
  write(folder / "in/a", noise(3'000'000, 9));
  auto resumed = import_to_pieces(folder / "in", folder / "out", options);
  ASSERT_TRUE(resumed);
  auto fresh = import_to_pieces(folder / "in", folder / "fresh", options);
  EXPECT_EQ(resumed->whole.id, fresh->whole.id);
}

TEST_F(piece_set_test, a_damaged_log_or_a_lost_piece_costs_time_only) {
  auto whole = *import_to_pieces(folder / "in", folder / "whole", options);
  auto stopped = options;
  unsigned finished = 0;
  stopped.finished = [&](auto&) { ++finished; };
  stopped.import.go_on = [&](auto&) { return finished < 2 ? status{} : status{fail(errc::cancelled)}; };
  ASSERT_FALSE(import_to_pieces(folder / "in", folder / "out", stopped));
  auto log = folder / "out/unfinished.log";
  auto text = *read_small_file(log, 64 << 20);
  for (std::size_t cut : {std::size_t{0}, std::size_t{30}, text.size() / 2, text.size() - 3}) {
    write(log, text.substr(0, cut) + "\nrubbish x\n");
    auto resumed = import_to_pieces(folder / "in", folder / "out", options);
    ASSERT_TRUE(resumed) << to_string(resumed.error());
    EXPECT_EQ(resumed->pieces, whole.pieces) << cut;
  }
  write(log, text);
  fs::remove(folder / "out" / (whole.pieces[1].id.text() + ".car"));
  auto resumed = import_to_pieces(folder / "in", folder / "out", options);
  ASSERT_TRUE(resumed);
  EXPECT_EQ(resumed->resumed, 1u);
  EXPECT_EQ(pieces_in(folder / "out"), pieces_in(folder / "whole"));
}

TEST_F(piece_set_test, sizes_that_cannot_be) {
  options.piece_size = 3 << 20;
  EXPECT_EQ(import_to_pieces(folder / "in", folder / "x", options).error().code, errc::invalid_argument);
  options.piece_size = 64 << 10; // smaller than a block
  EXPECT_EQ(import_to_pieces(folder / "in", folder / "x", options).error().code, errc::too_large);
}

TEST(export_car, root_first_and_depth_first) {
  test::temp_dir folder;
  write(folder / "in/a", noise(300'000, 1));
  write(folder / "in/b", noise(5, 2));
  auto spill = *spilled_blocks::create(folder.path());
  tree_import_options o;
  o.how.chunks = unixfs::chunking::fixed(65536);
  auto made = *import_tree(folder / "in", *spill, o);
  ASSERT_TRUE(spill->finish());
  auto car = export_car(made.id, *spill, folder / "x.car");
  ASSERT_TRUE(car) << to_string(car.error());
  EXPECT_EQ(car->commp, *commp_of_file(folder / "x.car"));
  EXPECT_EQ(car->size, fs::file_size(folder / "x.car"));
  std::vector<cid> order;
  ASSERT_TRUE(read_car(folder / "x.car", [&](const cid& id, bytes_view, auto&) {
    order.push_back(id);
    return status{};
  }));
  EXPECT_EQ(order.front(), made.id);
  EXPECT_EQ(order.size(), 8u);
  EXPECT_EQ(export_car(cid::v1(codec::raw, hash_code::sha2_256, bytes(32)), *spill, folder / "y.car").error().code,
            errc::not_found);
  EXPECT_FALSE(fs::exists(folder / "y.car"));
}

} // namespace
} // namespace weir
