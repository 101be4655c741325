#include "storage/blocks/memory_blocks.hpp"
#include "storage/hash/block_cid.hpp"
#include "storage/ipld/dag_pb.hpp"
#include "storage/unixfs/directory_builder.hpp"
#include "storage/unixfs/directory_node.hpp"
#include "storage/unixfs/file_reader.hpp"
#include "storage/unixfs/tree_reader.hpp"

#include <map>
#include <random>

#include <gtest/gtest.h>

namespace weir::unixfs {
namespace {

bytes random_bytes(std::size_t size, unsigned seed) {
  std::mt19937 random{seed};
  bytes out(size);
  for (auto& byte : out)
    byte = static_cast<std::uint8_t>(random());
  return out;
}

imported import(block_sink& sink, bytes_view data, const profile& p = unixfs_v1_2025(), attributes attr = {}) {
  file_importer importer{sink, p, attr};
  EXPECT_TRUE(importer.write(data));
  auto done = importer.finish();
  EXPECT_TRUE(done) << to_string(done.error());
  return *done;
}

bytes read(block_source& source, const cid& id, std::uint64_t offset, std::uint64_t length) {
  bytes out;
  auto done = read_file(source, id, offset, length, [&](bytes_view part) {
    EXPECT_FALSE(part.empty());
    out.insert(out.end(), part.begin(), part.end());
    return status{};
  });
  EXPECT_TRUE(done) << to_string(done.error());
  return out;
}

profile small(dag_layout layout, bool raw) {
  auto p = raw ? unixfs_v1_2025() : unixfs_v0_2015();
  p.chunks = chunking::fixed(100);
  p.file_links = 5;
  p.layout = layout;
  return p;
}

TEST(file_reader, any_range_of_any_shape) {
  std::mt19937 random{7};
  for (auto layout : {dag_layout::balanced, dag_layout::trickle})
    for (bool raw : {true, false})
      for (std::size_t size : {0, 1, 99, 100, 101, 499, 500, 501, 2500, 2501, 30011}) {
        memory_blocks blocks;
        auto data = random_bytes(size, 1);
        auto file = import(blocks, data, small(layout, raw));
        EXPECT_EQ(file.size, size);
        EXPECT_EQ(read(blocks, file.id, 0, ~0ull), data);
        for (int i = 0; i < 40; ++i) {
          auto offset = random() % (size + 1), length = random() % 700;
          bytes expected(data.begin() + offset, data.begin() + std::min<std::size_t>(size, offset + length));
          EXPECT_EQ(read(blocks, file.id, offset, length), expected);
        }
        EXPECT_EQ(read_file(blocks, file.id, size + 1, 1, nullptr).error().code, errc::invalid_range);
      }
}

/// Counts what is read, to see that a range reads no more than it must.
class counting : public block_source {
public:
  explicit counting(block_source& below) : below_{below} {}
  int reads = 0;

private:
  status read(const cid& id, bytes& out) override {
    ++reads;
    return below_.get(id, out);
  }
  block_source& below_;
};

TEST(file_reader, a_range_reads_only_its_way) {
  memory_blocks blocks;
  auto file = import(blocks, random_bytes(60000, 2), small(dag_layout::balanced, true)); // 600 leaves, 4 levels of 5
  counting source{blocks};
  auto reader = file_reader::open(source, file.id);
  ASSERT_TRUE(reader);
  EXPECT_EQ(source.reads, 1);
  ASSERT_TRUE((*reader)->seek(59950));
  EXPECT_EQ((*reader)->next(1000)->size(), 50u);
  EXPECT_EQ(source.reads, 5);
  EXPECT_EQ((*reader)->position(), 60000u);
  EXPECT_TRUE((*reader)->next(1000)->empty());
}

TEST(file_reader, damage_and_absence_are_named) {
  memory_blocks blocks;
  auto data = random_bytes(1000, 3);
  auto file = import(blocks, data, small(dag_layout::balanced, true));
  auto leaf = *cid_of({}, bytes_view{data}.subspan(500, 100));
  (*blocks.find(leaf))[7] ^= 1;
  std::uint64_t got = 0;
  auto count = [&](bytes_view part) {
    got += part.size();
    return status{};
  };
  auto damaged = read_file(blocks, file.id, 0, ~0ull, count);
  EXPECT_EQ(damaged.error().code, errc::corrupt);
  EXPECT_EQ(damaged.error().value, leaf.text());
  EXPECT_EQ(got, 500u) << "all before it was given out";
  EXPECT_TRUE(read_file(blocks, file.id, 600, 400, count)) << "what is not on the way does not matter";
  blocks.erase(leaf);
  EXPECT_EQ(read_file(blocks, file.id, 500, 1, count).error().code, errc::not_found);
}

cid put(memory_blocks& blocks, const pb_node& node) {
  auto block = encode_dag_pb(node);
  auto id = *cid_of({1, codec::dag_pb}, block);
  EXPECT_TRUE(blocks.put(id, block));
  return id;
}

cid put_file(memory_blocks& blocks, std::vector<cid> children, std::vector<std::uint64_t> sizes,
             std::optional<std::uint64_t> file_size = {}, std::optional<bytes> content = {}) {
  pb_node node;
  for (auto& child : children)
    node.links.push_back({child, "", 0});
  node.data = encode({.content = content, .file_size = file_size, .block_sizes = sizes});
  return put(blocks, node);
}

TEST(file_reader, foreign_shapes) {
  memory_blocks blocks;
  auto a = to_bytes(as_bytes("hello ")), b = to_bytes(as_bytes("world"));
  auto id_a = *cid_of({}, a), id_b = *cid_of({}, b);
  EXPECT_TRUE(blocks.put(id_a, a));
  EXPECT_TRUE(blocks.put(id_b, b));
  auto data_first = put_file(blocks, {id_b}, {5}, {}, a); // content of its own, then children
  EXPECT_EQ(read(blocks, data_first, 0, 99), to_bytes(as_bytes("hello world")));
  EXPECT_EQ(read(blocks, data_first, 4, 3), to_bytes(as_bytes("o w")));
  auto nested = put_file(blocks, {data_first, id_a, data_first}, {11, 6, 11}, 28);
  EXPECT_EQ(read(blocks, nested, 9, 12), to_bytes(as_bytes("ldhello hell")));
}

TEST(file_reader, lies_and_bombs) {
  memory_blocks blocks;
  auto nothing = [](bytes_view) { return status{}; };
  auto a = to_bytes(as_bytes("hello "));
  auto id = *cid_of({}, a);
  EXPECT_TRUE(blocks.put(id, a));
  auto code = [&](const cid& root, std::uint64_t offset = 0) {
    return read_file(blocks, root, offset, ~0ull, nothing).error().code;
  };
  EXPECT_EQ(code(put_file(blocks, {id}, {})), errc::malformed) << "fewer sizes than links";
  EXPECT_EQ(code(put_file(blocks, {id}, {6}, 7)), errc::malformed) << "the sum is wrong";
  EXPECT_EQ(code(put_file(blocks, {id}, {7})), errc::malformed) << "the child is shorter";
  EXPECT_EQ(code(put_file(blocks, {id}, {5})), errc::malformed) << "the child is longer";
  EXPECT_EQ(code(put_file(blocks, {id, id}, {1ull << 63, 1ull << 63})), errc::malformed) << "2^64 bytes";
  auto huge = put_file(blocks, {id}, {1ull << 63});
  EXPECT_EQ(code(huge), errc::malformed);
  EXPECT_EQ(code(huge, 1ull << 62), errc::malformed);

  auto deep = id;
  for (int i = 0; i < 100; ++i)
    deep = put_file(blocks, {deep}, {6});
  EXPECT_EQ(code(deep), errc::too_large);

  // 1000^20 empty children: none is opened.
  auto wide = put_file(blocks, {}, {}, 0);
  for (int i = 0; i < 20; ++i)
    wide = put_file(blocks, std::vector<cid>(1000, wide), std::vector<std::uint64_t>(1000, 0));
  counting source{blocks};
  EXPECT_TRUE(read_file(source, wide, 0, ~0ull, nothing));
  EXPECT_EQ(source.reads, 1);
}

TEST(tree_reader, finds_lists_and_walks) {
  for (std::size_t limit : {0, 3}) { // flat, and sharded from four entries on
    auto p = unixfs_v1_2025();
    p.directory_links = limit;
    p.hamt_fanout = 8;
    memory_blocks blocks;
    directory_builder tree{blocks, p};
    std::map<std::string, std::string> files;
    for (int i = 0; i < 300; ++i)
      files["many/file " + std::to_string(i)] = std::to_string(i * i);
    files["a"] = "top";
    files["d/e/new\nline"] = "deep";
    for (const auto& [path, text] : files)
      ASSERT_TRUE(tree.add(path, import(blocks, as_bytes(text), p)));
    ASSERT_TRUE(tree.add_symlink("d/link", "../a"));
    ASSERT_TRUE(tree.add_directory("d/empty"));
    auto root = tree.finish()->id;

    tree_reader reader{blocks};
    for (const auto& [path, text] : files) {
      auto found = reader.resolve(root, path);
      ASSERT_TRUE(found) << path << to_string(found.error());
      EXPECT_EQ(found->kind, node_kind::file);
      EXPECT_EQ(as_text(read(blocks, found->id, 0, 999)), text);
    }
    EXPECT_EQ(reader.resolve(root, "d/link")->kind, node_kind::symlink);
    EXPECT_EQ(reader.resolve(root, "d/link")->target, "../a");
    EXPECT_EQ(reader.resolve(root, "")->kind, node_kind::directory);
    EXPECT_EQ(reader.resolve(root, "/d//empty/")->kind, node_kind::directory);
    for (auto path : {"nothing", "many/file 300", "d/..", "many/file", "d/empty/x", "d/e/new"})
      EXPECT_EQ(reader.resolve(root, path).error().code, errc::not_found) << path;
    EXPECT_EQ(reader.resolve(root, "a/b").error().code, errc::invalid_path);
    EXPECT_EQ(reader.resolve(root, "d/link/b").error().code, errc::invalid_path);

    std::map<std::string, std::string> walked;
    int folders = 0;
    EXPECT_TRUE(reader.walk(root, [&](const std::string& path, const node_info& info) {
      if (info.kind == node_kind::file)
        walked[path] = as_text(read(blocks, info.id, 0, 999));
      folders += info.kind == node_kind::directory;
      return status{};
    }));
    EXPECT_EQ(walked, files);
    EXPECT_EQ(folders, 5);
    EXPECT_EQ(reader.list(reader.resolve(root, "a")->id, nullptr).error().code, errc::unsupported);
  }
}

TEST(tree_reader, attributes_come_back) {
  auto p = unixfs_v1_2025();
  p.raw_leaves = false;
  memory_blocks blocks;
  directory_builder tree{blocks, p};
  attributes file{0640, timestamp{1700000000, 5}}, folder{0750, timestamp{-5, 0}};
  ASSERT_TRUE(tree.add("f", import(blocks, as_bytes("x"), p, file)));
  ASSERT_TRUE(tree.add_directory("d", folder));
  auto root = tree.finish()->id;
  tree_reader reader{blocks};
  EXPECT_EQ(reader.resolve(root, "f")->attr, file);
  EXPECT_EQ(reader.resolve(root, "d")->attr, folder);
  file_importer impossible{blocks, unixfs_v1_2025(), file};
  EXPECT_EQ(impossible.write(as_bytes("x")).error().code, errc::invalid_argument);
}

cid put_shard(memory_blocks& blocks, std::vector<std::pair<std::string, cid>> links, std::uint64_t fanout = 256,
              std::uint64_t hash = murmur3_x64_64) {
  pb_node node;
  for (auto& [name, id] : links)
    node.links.push_back({id, name, 0});
  node.data = encode({.type = data_type::hamt_shard, .content = bytes{1}, .hash_type = hash, .fanout = fanout});
  return put(blocks, node);
}

TEST(tree_reader, shards_that_lie) {
  memory_blocks blocks;
  auto leaf = import(blocks, as_bytes("x")).id;
  tree_reader reader{blocks};
  auto all = [](const directory_link&) { return status{}; };
  auto code = [&](const cid& id) { return reader.list(id, all).error().code; };
  hamt_path path{"name", 256};
  char right[3];
  std::snprintf(right, sizeof right, "%02X", static_cast<unsigned>(*path.next()));
  auto wrong = std::string{right} == "00" ? "01" : "00";
  EXPECT_TRUE(reader.list(put_shard(blocks, {{std::string{right} + "name", leaf}}), all));
  EXPECT_EQ(code(put_shard(blocks, {{std::string{wrong} + "name", leaf}})), errc::malformed);
  EXPECT_EQ(code(put_shard(blocks, {{"0", leaf}})), errc::malformed);
  EXPECT_EQ(code(put_shard(blocks, {{"ffname", leaf}})), errc::malformed) << "lower case";
  EXPECT_EQ(code(put_shard(blocks, {}, 255)), errc::malformed);
  EXPECT_EQ(code(put_shard(blocks, {}, 1ull << 60)), errc::malformed);
  EXPECT_EQ(code(put_shard(blocks, {}, 256, 0x12)), errc::unsupported);
  EXPECT_TRUE(reader.list(put_shard(blocks, {}), all)) << "an empty folder";
  EXPECT_EQ(code(put_shard(blocks, {{"00", put_shard(blocks, {})}})), errc::malformed) << "an empty shard inside";
  // 256^n places that all lead to the same few blocks.
  auto bomb = put_shard(blocks, {{std::string{right} + "name", leaf}});
  for (int i = 0; i < 7; ++i) {
    std::vector<std::pair<std::string, cid>> links;
    for (unsigned slot = 0; slot < 256; ++slot) {
      char prefix[3];
      std::snprintf(prefix, sizeof prefix, "%02X", slot);
      links.emplace_back(prefix, bomb);
    }
    bomb = put_shard(blocks, links);
  }
  EXPECT_EQ(code(bomb), errc::malformed);
  auto deep = leaf;
  for (int i = 0; i < 20; ++i)
    deep = put_shard(blocks, {{"00", deep}});
  EXPECT_EQ(code(deep), errc::malformed);
}

TEST(tree_reader, trees_without_end) {
  memory_blocks blocks;
  directory_builder empty{blocks};
  auto id = empty.finish()->id;
  for (int i = 0; i < 40; ++i) { // 2^40 paths
    directory_builder level{blocks};
    ASSERT_TRUE(level.add("a", {id, 0, 0, 0}));
    ASSERT_TRUE(level.add("b", {id, 0, 0, 0}));
    id = level.finish()->id;
  }
  auto nothing = [](const std::string&, const node_info&) { return status{}; };
  EXPECT_EQ((tree_reader{blocks, {.entries = 5000}}.walk(id, nothing).error().code), errc::too_large);
  EXPECT_EQ((tree_reader{blocks, {.open_links = 40}}.walk(id, nothing).error().code), errc::too_large);
  EXPECT_EQ((tree_reader{blocks, {.depth = 30}}.walk(id, nothing).error().code), errc::too_large);
}

} // namespace
} // namespace weir::unixfs
