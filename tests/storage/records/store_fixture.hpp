#pragma once
// A record store in a folder of its own, and raw transactions for it.
#include "storage/records/store.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

namespace weir::test {

inline mutation put(std::string key, std::string value, table_id table = table_id::piece_deals) {
  return {table, std::move(key), std::move(value)};
}
inline mutation erase(std::string key, table_id table = table_id::piece_deals) {
  return {table, std::move(key), std::nullopt};
}
inline transaction change(std::vector<mutation> mutations, std::vector<event> events = {}) {
  return {{}, std::move(mutations), std::move(events)};
}

/// Its records are raw: a table whose values nobody decodes.
struct store_test : ::testing::Test {
  static constexpr auto table = table_id::piece_deals;
  temp_dir dir;
  std::unique_ptr<records::record_store> store;

  void SetUp() override { reopen(); }
  void reopen(records::store_options options = {}) {
    store.reset();
    auto opened = records::record_store::open(dir / "records", options);
    ASSERT_TRUE(opened) << to_string(opened.error());
    store = *std::move(opened);
  }
  errc commit(transaction t) {
    auto done = store->commit(std::move(t), unix_ms{1000});
    return done ? errc::none : done.error().code;
  }
  /// "" when there is none.
  std::string value(const std::string& key) { return value(*store->snapshot(), key); }
  static std::string value(const records::reader& from, const std::string& key) {
    auto found = from.find_raw(table, key);
    EXPECT_TRUE(found) << to_string(found.error());
    return found && *found ? (*found)->value : "";
  }
  /// "a=1 b=2" of everything in order.
  static std::string all(const records::reader& from, const records::scan_range& range = {}) {
    std::string out;
    auto done = from.scan_raw(table, range, [&](std::string_view key, std::string_view value, revision) {
      out.append(out.empty() ? "" : " ").append(key).append("=").append(value);
      return true;
    });
    EXPECT_TRUE(done) << to_string(done.error());
    return out;
  }
};

} // namespace weir::test
