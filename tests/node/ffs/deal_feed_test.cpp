// Deal records by pages: their order, and what a page looks at.
#include "node/ffs/deal_feed.hpp"
#include "storage/records/store.hpp"
#include "storage/records/transaction_builder.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

/// Counts what is read.
class counting final : public records::reader {
public:
  explicit counting(std::shared_ptr<const records::reader> r) : of_{std::move(r)} {}
  revision at() const override { return of_->at(); }
  result<std::optional<records::raw_record>> find_raw(table_id table, std::string_view key) const override {
    ++looked;
    return of_->find_raw(table, key);
  }
  status scan_raw(table_id table, const records::scan_range& range, const records::raw_visitor& visit) const override {
    return of_->scan_raw(table, range, [&](std::string_view key, std::string_view value, revision rev) {
      ++looked;
      return visit(key, value, rev);
    });
  }
  mutable std::size_t looked = 0;

private:
  std::shared_ptr<const records::reader> of_;
};

struct deal_pages : testing::Test {
  test::temp_dir dir;
  std::unique_ptr<records::record_store> store = *records::record_store::open(dir / "records");
  ffs::deal_feed feed{[this](revision after) { return store->read_log(after); }};
  instance_id a{"a"}, b{"b"};

  void commit(records::transaction_builder t) { ASSERT_TRUE(store->commit(t.take(), unix_ms{1})); }
  static cid some_cid(const std::string& of) { return cid::v1(codec::raw, hash_code::identity, as_bytes(of)); }
  static deal made(std::size_t number, const content_id& of) {
    deal d;
    auto digits = std::to_string(number);
    d.uuid.value = std::string(6 - digits.size(), '0') + digits;
    d.piece = some_cid("piece");
    d.content = of;
    d.created = unix_ms{static_cast<std::int64_t>(1000 + number)};
    return d;
  }
  /// `count` deals of a and one of b, each later than the one before.
  void many(std::size_t count) {
    records::transaction_builder t;
    for (const auto& i : {a, b}) {
      content c;
      c.id.value = i.value;
      c.owner = ffs::owner_of(i);
      c.cid = some_cid(i.value);
      t.create(c);
    }
    for (std::size_t n = 0; n < count; ++n)
      t.create(made(n, content_id{n == count / 2 ? "b" : "a"}));
    t.create(made(999'999, {})); // of a whole piece: the node's
    commit(std::move(t));
  }
  std::vector<std::string> page(const instance_id& of, ffs::deal_filter f, std::string* next = nullptr) {
    auto got = feed.page(*store->snapshot(), of, f);
    EXPECT_TRUE(got) << to_string(got.error());
    std::vector<std::string> out;
    for (auto& d : got->items)
      out.push_back(d.what.uuid.value);
    if (next)
      *next = got->next;
    return out;
  }
  static ffs::deal_filter of_size(std::size_t limit) {
    ffs::deal_filter f;
    f.page.limit = limit;
    return f;
  }
  void change(std::size_t number, std::int64_t time) {
    auto before = *store->snapshot()->get<deal>(made(number, {}).uuid);
    auto after = before.value;
    after.state = deal_state::failed;
    after.life.push_back({static_cast<std::uint8_t>(after.state), no_epoch, unix_ms{time}});
    records::transaction_builder t;
    t.update(before, after);
    commit(std::move(t));
  }
};

TEST_F(deal_pages, the_newest_change_comes_first_and_every_deal_once) {
  many(7);
  EXPECT_EQ(page(a, of_size(100)),
            (std::vector<std::string>{"000006", "000005", "000004", "000002", "000001", "000000"}));
  EXPECT_EQ(page(b, of_size(100)), std::vector<std::string>{"000003"});
  EXPECT_EQ(page({}, of_size(100)).size(), 7u) << "what is of whole pieces is no record";
  change(1, 5000);
  auto f = of_size(2);
  std::vector<std::string> all;
  do {
    auto some = page(a, f, &f.page.after);
    all.insert(all.end(), some.begin(), some.end());
  } while (!f.page.after.empty());
  EXPECT_EQ(all, (std::vector<std::string>{"000001", "000006", "000005", "000004", "000002", "000000"}));
  f.page.after = "nonsense";
  EXPECT_EQ(feed.page(*store->snapshot(), a, f).error().code, errc::invalid_argument);
}

TEST_F(deal_pages, a_feed_of_changes_goes_on_behind_a_time) {
  many(4);
  auto f = of_size(100);
  f.since = unix_ms{1001};
  EXPECT_EQ(page({}, f), (std::vector<std::string>{"000002", "000003"}));
  change(0, 2000);
  EXPECT_EQ(page({}, f), (std::vector<std::string>{"000002", "000003", "000000"}));
  f.since = unix_ms{2000};
  EXPECT_EQ(page({}, f), std::vector<std::string>{});
  f = of_size(100);
  f.pending = f.active = false;
  EXPECT_EQ(page(a, f), std::vector<std::string>{"000000"});
}

TEST_F(deal_pages, a_page_costs_what_is_on_it) {
  many(3000);
  page(a, of_size(1)); // the first one reads them all
  change(17, 90'000);
  for (auto& f : {of_size(10), [] {
                    auto last = of_size(10);
                    last.page.after = "2500.000017";
                    return last;
                  }()}) {
    counting r{store->snapshot()};
    auto got = feed.page(r, a, f);
    ASSERT_TRUE(got) << to_string(got.error());
    EXPECT_EQ(got->items.size(), 10u);
    EXPECT_LE(r.looked, 30u) << "of 3,000";
  }
}

} // namespace
} // namespace weir
