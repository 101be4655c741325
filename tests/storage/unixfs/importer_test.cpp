#include "storage/blocks/memory_blocks.hpp"
#include "storage/ipld/utf8.hpp"
#include "storage/unixfs/directory_builder.hpp"
#include "storage/unixfs/murmur3.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace weir::unixfs {
namespace {

imported import(block_sink& sink, bytes_view data, const profile& p = unixfs_v1_2025()) {
  file_importer importer{sink, p};
  EXPECT_TRUE(importer.write(data));
  auto done = importer.finish();
  EXPECT_TRUE(done) << to_string(done.error());
  return *done;
}

TEST(directory_builder, refuses_bad_paths) {
  memory_blocks blocks;
  auto leaf = import(blocks, as_bytes("x"));
  directory_builder tree{blocks, unixfs_v1_2025(), {.depth = 4, .name_size = 10}};
  ASSERT_TRUE(tree.add("a/b", leaf));
  ASSERT_TRUE(tree.add_directory("a"));
  EXPECT_EQ(tree.add("a/b", leaf).error().code, errc::already_exists);
  EXPECT_EQ(tree.add("a", leaf).error().code, errc::already_exists);
  EXPECT_EQ(tree.add("a/b/c", leaf).error().code, errc::already_exists);
  for (std::string path : {"", "/a", "a/", "a//c", ".", "a/../c", "..", "a/./c"})
    EXPECT_EQ(tree.add(path, leaf).error().code, errc::invalid_path) << path;
  EXPECT_EQ(tree.add(std::string{"a\0b", 3}, leaf).error().code, errc::invalid_path);
  EXPECT_EQ(tree.add("1/2/3/4/5", leaf).error().code, errc::too_large);
  EXPECT_EQ(tree.add("12345678901", leaf).error().code, errc::too_large);
  EXPECT_EQ(tree.add_symlink("l", "").error().code, errc::too_large);
  auto latin1 = tree.add("caf\xe9", leaf);
  EXPECT_EQ(latin1.error().code, errc::invalid_path);
  EXPECT_EQ(latin1.error().value, "caf\\xe9") << "shown so that every terminal can";
}

TEST(node_writer, a_link_has_a_time_but_no_mode) {
  memory_blocks blocks;
  auto how = unixfs_v1_2025();
  node_writer writer{blocks, how};
  auto link = writer.put_symlink("/nowhere", {.mode = 0777, .mtime = timestamp{1795274040, 638773446}});
  ASSERT_TRUE(link);
  EXPECT_EQ(link->id.text(), "bafybeicyzvtedyere4c6d7bomnkaxmkick5ok773aegwefccg5tbx4kmh4") << "by Kubo 0.43";
}

TEST(directory_builder, utf8) {
  for (auto good : {"", "a", "é", "日本語", "😀", "\u07ff", "\uffff", "new\nline"})
    EXPECT_TRUE(ipld::valid_utf8(good)) << good;
  for (auto bad : {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                   "\xf8\x88\x80\x80\x80", "a\xff", "\xe2\x82"})
    EXPECT_FALSE(ipld::valid_utf8(bad));
}

TEST(directory_builder, order_of_adding_does_not_matter) {
  std::vector<std::string> names{"b", "a", "B", "ab", "a-", "é", "z/1", "z/0"};
  std::mt19937 random{5};
  std::string expected;
  for (int round = 0; round < 5; ++round) {
    memory_blocks blocks;
    directory_builder tree{blocks};
    for (const auto& name : names)
      ASSERT_TRUE(tree.add(name, import(blocks, as_bytes(name))));
    auto root = tree.finish();
    if (round == 0)
      expected = root->id.text();
    EXPECT_EQ(root->id.text(), expected);
    EXPECT_EQ(root->size, 1u + 1 + 1 + 2 + 2 + 2 + 3 + 3);
    std::shuffle(names.begin(), names.end(), random);
  }
}

// Chunks that come together are hashed together; the DAG is the same.
TEST(file_importer, the_size_of_writes_does_not_matter) {
  bytes data(100'000);
  for (std::size_t i = 0; i < data.size(); ++i)
    data[i] = static_cast<std::uint8_t>(i * i >> 5);
  for (auto text : {"size-1000", "size-1024", "size-77", "rabin-16-64-256"}) {
    auto p = unixfs_v1_2025();
    p.chunks = *chunking::parse(text);
    std::string root;
    for (std::size_t step : {50u, 999u, 15'999u, 16'000u, 50'123u, 100'000u}) {
      memory_blocks blocks;
      file_importer importer{blocks, p};
      for (std::size_t at = 0; at < data.size(); at += step)
        ASSERT_TRUE(importer.write(bytes_view{data}.subspan(at, std::min(step, data.size() - at))));
      auto done = importer.finish();
      ASSERT_TRUE(done);
      if (root.empty())
        root = done->id.text();
      EXPECT_EQ(done->id.text(), root) << text << " in steps of " << step;
    }
  }
}

TEST(profiles, known_by_name_and_checked) {
  EXPECT_EQ(find_profile("unixfs-v1-2025")->chunks.most, 1u << 20);
  EXPECT_EQ(find_profile("legacy-cid-v0")->file_links, 174u);
  EXPECT_EQ(find_profile("legacy-cid-v1")->chunks.text(), "size-262144");
  EXPECT_EQ(find_profile("test-cid-v1")->file_links, 174u);
  EXPECT_EQ(find_profile("test-cid-v1-wide")->hamt_fanout, 1024u);
  auto none = find_profile("test-cid-v2");
  EXPECT_EQ(none.error().code, errc::not_found);
  for (const auto& p : profiles()) {
    EXPECT_TRUE(check(p)) << p.name;
    EXPECT_EQ(find_profile(p.name)->name, p.name);
    EXPECT_NE(none.error().limit.find(p.name), std::string::npos);
  }
  auto broken = [](auto change) {
    auto p = unixfs_v1_2025();
    change(p);
    return check(p).ok() ? errc::none : check(p).error().code;
  };
  EXPECT_EQ(broken([](profile& p) { p.chunks = chunking::fixed(0); }), errc::invalid_argument);
  EXPECT_EQ(broken([](profile& p) { p.chunks = chunking::fixed(4 << 20); }), errc::invalid_argument);
  EXPECT_EQ(broken([](profile& p) { p.hamt_fanout = 100; }), errc::invalid_argument);
  EXPECT_EQ(broken([](profile& p) { p.file_links = 1; }), errc::invalid_argument);
  EXPECT_EQ(broken([](profile& p) { p.cid_version = 2; }), errc::invalid_argument);
  EXPECT_EQ(broken([](profile& p) { p.hash = hash_code::identity; }), errc::invalid_argument);
  EXPECT_EQ(broken([](profile& p) { p.cid_version = 0, p.hash = hash_code::sha2_512; }), errc::invalid_argument);
}

TEST(profiles, known_roots) {
  memory_blocks blocks;
  EXPECT_EQ(import(blocks, as_bytes("hello world"), unixfs_v0_2015()).id.text(),
            "Qmf412jQZiuVUtdgnB36FXFX7xg5V6KEbSJ4dpQuhkLyfD");
  EXPECT_EQ(import(blocks, as_bytes("hello world")).id.text(),
            "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e");
}

/// Drops all blocks.
class no_sink : public block_sink {
  status write(const cid&, bytes_view) override { return {}; }
};

// Kubo's roots of N zero bytes, at the edges of a full node.
TEST(profiles, a_gibibyte_of_zeros) {
  no_sink sink;
  bytes chunk(1 << 20, 0);
  for (auto [extra, root] : {std::pair{0u, "bafybeibqawkaltgjfdebq4no6nmfcvkcw7k52xqzclkwfmrkn6oxw7srmy"},
                             std::pair{1u, "bafybeigx4uyebjbq65346xh6cjrt6yshbdudzudhnqecwbzvymslxj7gje"}}) {
    file_importer importer{sink};
    for (int i = 0; i < 1024; ++i)
      ASSERT_TRUE(importer.write(chunk));
    ASSERT_TRUE(importer.write(bytes_view{chunk}.first(extra)));
    EXPECT_EQ(importer.finish()->id.text(), root);
  }
}

TEST(murmur3, published_values) {
  // x64 128, seed 0, first half; as twmb/murmur3 and Austin Appleby's own give it.
  EXPECT_EQ(murmur3_64({}), 0u);
  EXPECT_EQ(murmur3_64(as_bytes("hello")), 0xcbd8a7b341bd9b02u);
  EXPECT_EQ(murmur3_64(as_bytes("hello, world")), 0x342fac623a5ebc8eu);
  EXPECT_EQ(murmur3_64(as_bytes("The quick brown fox jumps over the lazy dog.")), 0xcd99481f9ee902c9u);
}

} // namespace
} // namespace weir::unixfs
