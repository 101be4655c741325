#pragma once
// A block store that keeps every block in a file of its own, and where these are.
#include "storage/blocks/block_store.hpp"
#include "storage/blocks/flatfs.hpp"
#include "storage/hash/block_cid.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>

#include <gtest/gtest.h>

namespace weir::test {

namespace fs = std::filesystem;

inline bytes block_of(std::string_view text, std::size_t size = 0) {
  auto block = to_bytes(as_bytes(text));
  block.resize(std::max(size, block.size()), 'x');
  return block;
}

inline cid cid_for(const bytes& block) {
  return *cid_of({}, block);
}

inline std::unique_ptr<block_store> open_store(const fs::path& path) {
  auto store = block_store::open(path, {.small_block = 0});
  EXPECT_TRUE(store) << to_string(store.error());
  return *std::move(store);
}

inline fs::path file_of(const fs::path& store, const cid& id) {
  auto name = flatfs_file_name(id.multihash());
  return store / flatfs_sharding{}.folder_of(name.substr(0, name.size() - 5)) / name;
}

inline void overwrite(const fs::path& path, const bytes& data) {
  fs::remove(path);
  std::ofstream{path} << as_text(data);
}

} // namespace weir::test
