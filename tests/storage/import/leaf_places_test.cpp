// Leaves that are read to their places give the CAR that copied ones give.
#include "storage/import/leaf_places.hpp"

#include "storage/import/piece_set.hpp"
#include "storage/pieces/piece_file.hpp"
#include "storage/support/file.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>
#include <random>

#include <gtest/gtest.h>

namespace weir {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const bytes& data) {
  std::ofstream{path, std::ios::binary}.write(reinterpret_cast<const char*>(data.data()),
                                              static_cast<std::streamsize>(data.size()));
}

bytes read(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

bytes noise(std::size_t size, unsigned seed) {
  std::mt19937_64 random{seed};
  bytes out((size + 7) / 8 * 8);
  for (std::size_t at = 0; at < out.size(); at += 8) {
    auto x = random();
    std::copy_n(reinterpret_cast<const std::uint8_t*>(&x), 8, out.begin() + static_cast<std::ptrdiff_t>(at));
  }
  out.resize(size);
  return out;
}

/// Chunks in this order, so that some are there twice.
bytes chunks(const std::vector<unsigned>& order, std::size_t chunk) {
  bytes out;
  for (auto seed : order) {
    auto part = noise(chunk, seed);
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

struct leaf_places_test : testing::Test {
  void expect_same(const bytes& data, std::size_t chunk) {
    tree_import_options o;
    o.how.chunks = unixfs::chunking::fixed(chunk);
    o.how.file_links = 3; // nodes between the leaves
    write(folder / "in", data);
    auto placed = import_to_car(folder / "in", folder / "placed.car", o);
    ASSERT_TRUE(placed) << to_string(placed.error());
    auto builder = *car_builder::create(folder / "copied.car", placed->root);
    auto made = import_tree(folder / "in", *builder, o); // without places
    ASSERT_TRUE(made) << to_string(made.error());
    auto copied = *builder->finish(made->id);
    EXPECT_EQ(placed->root, copied.root);
    EXPECT_EQ(placed->commp, copied.commp);
    EXPECT_EQ(placed->blocks, copied.blocks);
    EXPECT_TRUE(read(folder / "placed.car") == read(folder / "copied.car")) << data.size() << " by " << chunk;
  }

  test::temp_dir folder;
};

TEST_F(leaf_places_test, the_car_is_the_same) {
  for (std::size_t chunk : {64u << 10, 100'000u, 256u << 10, 1u << 20})
    for (std::size_t size : {9u << 20, (13u << 20) + 5})
      expect_same(noise(size, 1), chunk);
}

TEST_F(leaf_places_test, duplicates_move_those_after_them) {
  constexpr std::size_t chunk = 256 << 10;
  expect_same(chunks({1, 1, 2, 2, 3, 1, 4, 5, 6, 6, 6, 7, 8, 9, 1, 10, 11, 12, 12, 13, 14, 15, 16, 17, 1, 18}, chunk),
              chunk);
  expect_same(bytes(20 * chunk), chunk);
  expect_same(chunks({1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 9}, 1 << 20), 1 << 20);
}

TEST_F(leaf_places_test, pieces_hold_what_they_say) {
  write(folder / "in", noise((21 << 20) + 99, 3));
  piece_set_options o;
  o.piece_size = 8 << 20;
  auto made = import_to_pieces(folder / "in", folder / "out", o);
  ASSERT_TRUE(made) << to_string(made.error());
  EXPECT_GT(made->pieces.size(), 2u);
  for (const auto& p : made->pieces)
    EXPECT_EQ(*commp_of_file(folder / "out" / (p.id.text() + ".car")), p.car.commp);
}

/// Places for what is put in a buffer, as long as the file is being read.
struct one_place : leaf_places {
  std::size_t places(std::size_t size, std::span<std::uint8_t*> out) override {
    buffer.resize(size * out.size());
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = buffer.data() + i * size;
    return out.size();
  }
  bytes buffer;
};

struct nowhere : block_sink {
  status write(const cid&, bytes_view) override { return {}; }
};

TEST_F(leaf_places_test, a_file_that_becomes_shorter_is_noticed) {
  write(folder / "in", noise(3 << 20, 1));
  one_place places;
  placed_reader reader{&places, unixfs::unixfs_v1_2025()};
  nowhere sink;
  unixfs::file_importer importer{sink};
  auto fd = *open_file(folder / "in", 0);
  auto read = reader.read(fd.get(), 16 << 20, importer, folder / "in");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, errc::changed);
}

TEST_F(leaf_places_test, only_large_raw_leaves_of_one_size) {
  one_place places;
  nowhere sink;
  write(folder / "in", noise(20 << 20, 1));
  auto fd = *open_file(folder / "in", 0);
  auto read = [&](const unixfs::profile& how, leaf_places* to) {
    unixfs::file_importer importer{sink, how};
    return *placed_reader{to, how}.read(fd.get(), 20 << 20, importer, folder / "in");
  };
  auto how = unixfs::unixfs_v1_2025();
  EXPECT_EQ(read(how, nullptr), 0u);
  EXPECT_EQ(read(unixfs::unixfs_v0_2015(), &places), 0u);
  how.chunks = unixfs::chunking::fixed(4096);
  EXPECT_EQ(read(how, &places), 0u);
  how.chunks = unixfs::chunking::buzhash();
  EXPECT_EQ(read(how, &places), 0u);
}

} // namespace
} // namespace weir
