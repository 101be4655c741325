#include "storage/records/store.hpp"

#include "tests/storage/records/store_fixture.hpp"

#include <fstream>
#include <random>

namespace weir::records {
namespace {

using test::change;
using test::erase;
using test::put;
using test::store_test;
using rule = precondition::rule;

event said(std::string subject) {
  return {event_kind::deal_active, std::move(subject), owner_id{"ann"}, {{"provider", "f01000"}}};
}

TEST_F(store_test, a_transaction_is_one_revision_with_its_mutations_and_events) {
  auto done = store->commit(change({put("a", "1"), put("b", "2")}, {said("a")}), unix_ms{42});
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_EQ((*done)->rev, revision{1});
  EXPECT_EQ((*done)->time, unix_ms{42});
  EXPECT_EQ(store->head(), revision{1});
  EXPECT_EQ(all(*store->snapshot()), "a=1 b=2");
  EXPECT_EQ(store->snapshot()->find_raw(table, "a")->value().rev, revision{1});
  auto log = store->read_log(revision{0});
  ASSERT_TRUE(log);
  ASSERT_EQ(log->size(), 1u);
  EXPECT_EQ(log->front()->mutations, (*done)->mutations);
  EXPECT_EQ(log->front()->events, std::vector{said("a")});
  EXPECT_EQ(log->front()->time, unix_ms{42});
}

TEST_F(store_test, everything_is_there_after_opening_again) {
  commit(change({put("a", "1")}, {said("a")}));
  commit(change({put("a", "2")}));
  reopen();
  EXPECT_EQ(store->head(), revision{2});
  EXPECT_EQ(value("a"), "2");
  EXPECT_EQ(value(**store->view_at(revision{1}), "a"), "1");
  EXPECT_EQ(store->read_log(revision{1})->front()->rev, revision{2});
}

TEST_F(store_test, is_used_by_one_at_a_time) {
  auto second = record_store::open(dir / "records");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, errc::data_in_use);
}

TEST_F(store_test, preconditions_hold_or_nothing_happens) {
  commit(change({put("a", "1")}));
  auto with = [&](precondition p) {
    auto t = change({put("b", "x")});
    t.preconditions = {p};
    return commit(std::move(t));
  };
  EXPECT_EQ(with({table, "a", rule::absent, {}}), errc::conflict);
  EXPECT_EQ(with({table, "c", rule::present, {}}), errc::conflict);
  EXPECT_EQ(with({table, "a", rule::unchanged, revision{7}}), errc::conflict);
  EXPECT_EQ(with({table, "c", rule::unchanged, revision{1}}), errc::conflict);
  EXPECT_EQ(all(*store->snapshot()), "a=1");
  EXPECT_EQ(store->head(), revision{1});
  EXPECT_EQ(with({table, "a", rule::unchanged, revision{1}}), errc::none);
  EXPECT_EQ(with({table, "c", rule::absent, {}}), errc::none);
}

TEST_F(store_test, a_group_sees_the_one_before_it_that_is_not_yet_written) {
  commit(change({put("a", "1"), put("c", "1")}));
  auto first = store->begin_group();
  first->add(change({put("a", "2"), put("b", "2"), erase("c")}), unix_ms{2});
  auto second = store->begin_group(first);
  auto create = change({put("b", "3")});
  create.preconditions = {{table, "b", rule::absent, {}}};
  second->add(create, unix_ms{3});
  auto update = change({put("a", "3"), put("c", "3")});
  update.preconditions = {{table, "a", rule::unchanged, revision{2}}, {table, "c", rule::absent, {}}};
  second->add(update, unix_ms{3});
  EXPECT_EQ(all(*store->snapshot()), "a=1 c=1");
  ASSERT_TRUE(store->write_group(*first).front());
  auto done = store->write_group(*second);
  EXPECT_EQ(done[0].error().code, errc::conflict);
  ASSERT_TRUE(done[1]);
  EXPECT_EQ((*done[1])->rev, revision{3});
  EXPECT_EQ(all(*store->snapshot()), "a=3 b=2 c=3");
  EXPECT_EQ(all(**store->view_at(revision{2})), "a=2 b=2");
  EXPECT_EQ(all(**store->view_at(revision{1})), "a=1 c=1");
}

TEST_F(store_test, a_group_that_was_overtaken_is_not_written) {
  auto group = store->begin_group();
  group->add(change({put("a", "1")}), unix_ms{1});
  EXPECT_EQ(commit(change({put("a", "2")})), errc::none);
  EXPECT_EQ(store->write_group(*group).front().error().code, errc::io);
  EXPECT_EQ(all(*store->snapshot()), "a=2");
  EXPECT_EQ(store->head(), revision{1});
}

TEST_F(store_test, a_group_sees_what_came_before_in_it) {
  auto create = change({put("a", "1")});
  create.preconditions = {{table, "a", rule::absent, {}}};
  auto replace = change({put("a", "2")});
  replace.preconditions = {{table, "a", rule::unchanged, revision{1}}};
  auto answers = store->commit_group({create, create, replace, change({erase("a")}), create, change({})}, unix_ms{});
  ASSERT_EQ(answers.size(), 6u);
  EXPECT_EQ((*answers[0])->rev, revision{1});
  EXPECT_EQ(answers[1].error().code, errc::conflict);
  EXPECT_EQ((*answers[2])->rev, revision{2});
  EXPECT_EQ((*answers[3])->rev, revision{3});
  EXPECT_EQ((*answers[4])->rev, revision{4});
  EXPECT_EQ(answers[5].error().code, errc::invalid_argument);
  EXPECT_EQ(all(*store->snapshot()), "a=1");
  EXPECT_EQ(all(**store->view_at(revision{2})), "a=2");
  EXPECT_EQ(all(**store->view_at(revision{3})), "");
}

TEST_F(store_test, refuses_what_is_too_large_or_has_no_place) {
  EXPECT_EQ(commit(change({put("", "1")})), errc::invalid_argument);
  EXPECT_EQ(commit(change({put(std::string(max_key_size + 1, 'k'), "1")})), errc::invalid_argument);
  EXPECT_EQ(commit(change({put("a", "1", table_id{99})})), errc::invalid_argument);
  EXPECT_EQ(commit(change({put("a", std::string(max_transaction_bytes, 'v'))})), errc::too_large);
  EXPECT_EQ(store->head(), revision{0});
}

TEST_F(store_test, a_snapshot_does_not_move) {
  commit(change({put("a", "1")}));
  auto before = store->snapshot();
  commit(change({put("a", "2"), put("b", "3")}));
  EXPECT_EQ(before->at(), revision{1});
  EXPECT_EQ(all(*before), "a=1");
  EXPECT_EQ(store->snapshot()->at(), revision{2});
}

TEST_F(store_test, scans_by_prefix_and_page) {
  commit(change({put("a", "1"), put("b1", "2"), put("b2", "3"), put("c", "4")}));
  auto now = store->snapshot();
  EXPECT_EQ(all(*now, {"b", ""}), "b1=2 b2=3");
  EXPECT_EQ(all(*now, {"b", "b1"}), "b2=3");
  EXPECT_EQ(all(*now, {"b", "a"}), "b1=2 b2=3");
  EXPECT_EQ(all(*now, {"", "b2"}), "c=4");
  EXPECT_EQ(all(*now, {"", "c"}), "");
  auto past = *store->view_at(revision{1});
  commit(change({put("b1", "9"), erase("b2"), put("b3", "5")}));
  past = *store->view_at(revision{1});
  EXPECT_EQ(all(*past, {"b", ""}), "b1=2 b2=3");
  EXPECT_EQ(all(*past, {"b", "b1"}), "b2=3");
  EXPECT_EQ(all(*past, {"", "b1"}), "b2=3 c=4");
}

/// Random transactions against a plain model of every revision.
TEST_F(store_test, any_earlier_revision_reads_as_it_was) {
  std::mt19937 random{11};
  std::vector<std::map<std::string, std::string>> states(1);
  for (int i = 0; i < 400; ++i) {
    auto state = states.back();
    transaction t;
    for (auto n = 1 + random() % 4; n > 0; --n) {
      std::string key(1 + random() % 2, static_cast<char>("\0\x01\xff"
                                                          "abc"[random() % 6]));
      if (random() % 3 == 0) {
        state.erase(key);
        t.mutations.push_back(erase(key));
      } else {
        state[key] = std::to_string(random());
        t.mutations.push_back(put(key, state[key]));
      }
    }
    ASSERT_EQ(commit(t), errc::none);
    states.push_back(state);
  }
  auto render = [](const auto& state) {
    std::string out;
    for (auto& [key, value] : state)
      out.append(out.empty() ? "" : " ").append(key).append("=").append(value);
    return out;
  };
  for (std::size_t rev = 0; rev < states.size(); rev += 7) {
    auto past = store->view_at(revision{rev});
    ASSERT_TRUE(past);
    EXPECT_EQ(all(**past), render(states[rev])) << rev;
    for (auto& [key, last] : states.back())
      EXPECT_EQ(value(**past, key), states[rev].contains(key) ? states[rev][key] : "");
  }
  EXPECT_TRUE(store->check()->empty());
}

TEST_F(store_test, a_revision_to_come_is_refused) {
  auto view = store->view_at(revision{1});
  ASSERT_FALSE(view);
  EXPECT_EQ(view.error().code, errc::invalid_argument);
}

TEST_F(store_test, local_records_have_no_revision) {
  std::vector<local_mutation> batch{{"pack-index", "a", "1"}, {"pack-index", "b", "2"}, {"uploads", "a", "3"}};
  ASSERT_TRUE(store->local_write(batch, durability::synced));
  ASSERT_TRUE(store->local_write(std::vector<local_mutation>{{"pack-index", "a", std::nullopt}}, durability::lazy));
  reopen();
  EXPECT_EQ(store->head(), revision{0});
  EXPECT_EQ(*store->local_find("pack-index", "a"), std::nullopt);
  EXPECT_EQ(**store->local_find("uploads", "a"), "3");
  std::string seen;
  auto visit = [&](std::string_view key, std::string_view value) {
    seen.append(key).append(value);
    return true;
  };
  ASSERT_TRUE(store->local_scan("pack-index", {}, visit));
  EXPECT_EQ(seen, "b2");
  EXPECT_EQ(store->local_write(std::vector<local_mutation>{{"No Name", "a", "1"}}, durability::lazy).error().code,
            errc::invalid_argument);
}

TEST_F(store_test, migrations_convert_once_and_a_newer_format_is_refused) {
  commit(change({put("a", "1"), put("b", "drop")}));
  int runs = 0;
  std::vector<migration> steps{{2, "adds a mark", [&](table_id, std::string_view key, std::string_view value) {
                                  ++runs;
                                  if (key == "b")
                                    return result<std::optional<std::string>>{std::nullopt};
                                  return result<std::optional<std::string>>{std::string{value} + "!"};
                                }}};
  store_options newer;
  newer.migrations = steps;
  reopen(newer);
  EXPECT_EQ(all(*store->snapshot()), "a=1!");
  reopen(newer);
  EXPECT_EQ(runs, 2);
  store.reset();
  auto old = record_store::open(dir / "records");
  ASSERT_FALSE(old);
  EXPECT_EQ(old.error().code, errc::data_too_new);
}

} // namespace
} // namespace weir::records
