#pragma once
// Blocks, CARs and pieces of them for the tests of packs.
#include "storage/blocks/block_store.hpp"
#include "storage/car/car_writer.hpp"
#include "storage/hash/block_cid.hpp"
#include "storage/pieces/piece_file.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>
#include <map>

#include <gtest/gtest.h>

namespace weir::test {

inline bytes block(int i) {
  bytes data(1000 + static_cast<std::size_t>(i), static_cast<std::uint8_t>(i));
  data[0] = static_cast<std::uint8_t>(i >> 8);
  return data;
}

inline cid id_of(int i) {
  return *cid_of({}, block(i));
}

/// A CAR of the blocks `from` up to `to`, without the last.
inline bytes car_of(int from, int to) {
  bytes out;
  car_writer car{[&](bytes_view data) {
    out.insert(out.end(), data.begin(), data.end());
    return status{};
  }};
  (void)car.start({id_of(from)});
  for (int i = from; i < to; ++i)
    (void)car.append(id_of(i), block(i));
  return out;
}

inline void write_file(const std::filesystem::path& path, bytes_view data) {
  std::ofstream{path, std::ios::binary}.write(reinterpret_cast<const char*>(data.data()),
                                              static_cast<std::streamsize>(data.size()));
}

/// A piece with one segment for each CAR.
inline status write_piece(const std::filesystem::path& path, const std::vector<bytes>& cars) {
  std::vector<segment_source> sources;
  for (const auto& car : cars)
    sources.push_back({car.size(), [&car](const byte_sink& out) { return out(car); }});
  auto done = write_piece_file(path, sources);
  return done ? status{} : status{done.error()};
}

/// How many files there are under the names of loose blocks.
inline int loose_files(const std::filesystem::path& store) {
  int count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{store})
    count += entry.path().extension() == ".data";
  return count;
}

/// A store whose small blocks are loose, too, unless `how` is changed.
struct store_with_packs : testing::Test {
  test::temp_dir folder;
  std::filesystem::path path = folder / "blocks";
  block_store::options how{.small_block = 0};
  std::unique_ptr<block_store> store = *block_store::open(path, how);

  void reopen() {
    store.reset();
    auto opened = block_store::open(path, how);
    ASSERT_TRUE(opened) << to_string(opened.error());
    store = *std::move(opened);
  }

  std::filesystem::path car(const std::string& name, int from, int to) {
    write_file(folder / name, car_of(from, to));
    return folder / name;
  }

  bool serves(int i) {
    auto data = store->get(id_of(i));
    return data && *data == block(i);
  }

  int listed() {
    std::map<std::string, int> seen;
    EXPECT_TRUE(store->for_each([&](bytes_view multihash, std::uint64_t size) {
      ++seen[to_hex(multihash)];
      EXPECT_GE(size, 1000u);
      return status{};
    }));
    for (auto& [key, count] : seen)
      EXPECT_EQ(count, 1) << "each block once";
    return static_cast<int>(seen.size());
  }

  void damage(const std::filesystem::path& file, int i) {
    std::fstream io{file, std::ios::in | std::ios::out | std::ios::binary};
    std::string all{std::istreambuf_iterator<char>{io}, {}};
    auto at = all.find(std::string{as_text(block(i))});
    ASSERT_NE(at, all.npos);
    io.clear();
    io.seekp(static_cast<std::streamoff>(at + 500));
    io.put('!');
  }

  status import(int from, int to) {
    auto w = store->pack_writer();
    for (int i = from; i < to; ++i)
      WEIR_CHECK(w->put(id_of(i), block(i)));
    return w->commit();
  }
  int own_files() {
    int count = 0;
    for (auto& entry : std::filesystem::directory_iterator{path / ".packs"})
      count += entry.path().filename().string().starts_with("own-");
    return count;
  }
  static block_store::keep_rule keeping(int from, int to) {
    return [from, to](bytes_view multihash) -> result<bool> {
      for (int i = from; i < to; ++i)
        if (as_text(multihash) == as_text(id_of(i).multihash()))
          return true;
      return false;
    };
  }
};

} // namespace weir::test
