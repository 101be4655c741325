// Flipped bytes, kills between any two steps, and a full disk.
#include "storage/support/crash_point.hpp"
#include "tests/storage/records/store_fixture.hpp"

#include <csignal>
#include <fstream>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace weir::records {
namespace {

using test::change;
using test::put;
using test::store_test;

struct damage_test : store_test {
  /// Flips one bit of every occurrence of `text` in the store's tables.
  int flip(const std::string& text, std::size_t at = 0) {
    EXPECT_TRUE(store->compact()); // out of the log, into tables
    store.reset();
    int flipped = 0;
    for (auto& file : std::filesystem::directory_iterator{dir / "records"}) {
      if (file.path().extension() != ".ldb")
        continue;
      std::fstream io{file.path(), std::ios::binary | std::ios::in | std::ios::out};
      std::string all{std::istreambuf_iterator<char>{io}, {}};
      for (auto found = all.find(text); found != all.npos; found = all.find(text, found + 1), ++flipped) {
        io.clear();
        io.seekp(static_cast<std::streamoff>(found + at));
        io.put(static_cast<char>(all[found + at] ^ 1));
      }
    }
    reopen();
    return flipped;
  }
};

TEST_F(damage_test, a_flipped_byte_of_a_record_is_found_and_named) {
  commit(change({put("before", "1"), put("the-key", "the-value"), put("zzz", "3")}));
  ASSERT_TRUE(*store->retain(revision{1}));
  ASSERT_GT(flip("the-value", 3), 0);
  auto read = store->snapshot()->find_raw(table, "the-key");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, errc::corrupt);
  EXPECT_EQ(read.error().value, "piece-deals/the-key");
  EXPECT_EQ(value("before"), "1") << "its neighbours are whole";
  EXPECT_EQ(value("zzz"), "3");
  auto scanned = store->snapshot()->scan_raw(table, {}, [](auto, auto, auto) { return true; });
  ASSERT_FALSE(scanned);
  EXPECT_EQ(scanned.error().code, errc::corrupt);

  auto found = store->check();
  ASSERT_TRUE(found);
  std::vector<std::string> places;
  for (auto& d : *found)
    places.push_back(d.where);
  EXPECT_EQ(places, (std::vector<std::string>{"journal/1", "piece-deals/the-key"}));
}

TEST_F(damage_test, a_flipped_byte_of_the_journal_is_found_and_named) {
  commit(change({put("a", "1")}));
  commit(change({put("b", "2")}, {{event_kind::deal_active, "the-subject", {}, {}}}));
  commit(change({put("c", "3")}));
  ASSERT_EQ(flip("the-subject"), 1);
  auto log = store->read_log(revision{0});
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code, errc::corrupt);
  auto found = store->check();
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ(found->front().where, "journal/2");
}

TEST_F(damage_test, a_flipped_byte_of_a_local_record_is_found_and_named) {
  ASSERT_TRUE(store->local_write(std::vector<local_mutation>{{"uploads", "u1", "some-bytes"}}, durability::synced));
  ASSERT_EQ(flip("some-bytes"), 1);
  auto read = store->local_find("uploads", "u1");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().value, "local uploads/u1");
  EXPECT_EQ(store->check()->front().where, "local uploads/u1");
}

TEST_F(damage_test, a_killed_process_leaves_whole_groups) {
  for (std::string point : {"records.commit.before", "records.commit.after"}) {
    store.reset();
    std::filesystem::remove_all(dir / "records");
    auto child = ::fork();
    if (child == 0) {
      ::close(STDERR_FILENO);
      ::setenv("WEIR_CRASH_AT", (point + ":3").c_str(), 1);
      arm_crash_points();
      auto mine = *record_store::open(dir / "records");
      for (int i = 0; i < 5; ++i) {
        auto n = std::to_string(i);
        (void)mine->commit_group({change({put("a" + n, n)}), change({put("b" + n, n)})}, unix_ms{});
      }
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_EQ(WEXITSTATUS(status), crash_exit_status);
    reopen();
    bool third = point == "records.commit.after";
    EXPECT_EQ(store->head(), revision{third ? 6u : 4u});
    EXPECT_EQ(value("b1"), "1");
    EXPECT_EQ(value("a2"), third ? "2" : "");
    EXPECT_EQ(value("b2"), third ? "2" : "");
    EXPECT_TRUE(store->check()->empty());
    EXPECT_EQ(commit(change({put("after", "x")})), errc::none);
  }
}

TEST_F(damage_test, a_kill_at_any_moment_loses_nothing_that_was_answered) {
  store.reset();
  int told[2];
  ASSERT_EQ(::pipe(told), 0);
  auto child = ::fork();
  if (child == 0) {
    auto mine = *record_store::open(dir / "records");
    for (std::uint64_t i = 1;; ++i) {
      (void)mine->commit(change({put("n", std::to_string(i))}), unix_ms{});
      if (::write(told[1], &i, sizeof i) != sizeof i)
        ::_exit(1);
    }
  }
  ::close(told[1]);
  std::uint64_t last = 0;
  while (last < 50)
    ASSERT_EQ(::read(told[0], &last, sizeof last), static_cast<ssize_t>(sizeof last));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  while (::read(told[0], &last, sizeof last) == static_cast<ssize_t>(sizeof last)) {
  }
  ::close(told[0]);
  reopen();
  EXPECT_GE(store->head().value, last);
  EXPECT_LE(store->head().value, last + 1);
  EXPECT_EQ(value("n"), std::to_string(store->head().value));
}

/// While it lives no file can grow over `bytes`, as on a full disk.
class full_disk {
public:
  explicit full_disk(rlim_t bytes) {
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit small = before_;
    small.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~full_disk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

TEST_F(damage_test, a_full_disk_fails_the_whole_group_and_nothing_else) {
  commit(change({put("a", "1")}));
  {
    full_disk full{64 << 10};
    auto group = std::vector<transaction>{change({put("b", "2")}), change({put("c", std::string(200'000, 'c'))})};
    for (auto& answer : store->commit_group(std::move(group), unix_ms{})) {
      ASSERT_FALSE(answer);
      EXPECT_EQ(answer.error().code, errc::disk_full);
    }
    EXPECT_EQ(store->head(), revision{1});
    EXPECT_EQ(all(*store->snapshot()), "a=1") << "reading goes on";
    EXPECT_EQ(commit(change({put("d", "4")})), errc::none) << "what fits is taken";
  }
  EXPECT_EQ(commit(change({put("b", "2")})), errc::none);
  EXPECT_EQ(store->head(), revision{3});
  reopen();
  EXPECT_EQ(all(*store->snapshot()), "a=1 b=2 d=4");
  EXPECT_TRUE(store->check()->empty());
}

TEST_F(damage_test, behind_a_group_that_failed_the_next_one_fails_too) {
  commit(change({put("a", "1")}));
  auto first = store->begin_group();
  first->add(change({put("b", std::string(200'000, 'b'))}), unix_ms{});
  auto second = store->begin_group(first);
  auto after = change({put("c", "3")});
  after.preconditions = {{table, "b", precondition::rule::present, {}}};
  second->add(after, unix_ms{});
  auto create = change({put("b", "4")});
  create.preconditions = {{table, "b", precondition::rule::absent, {}}};
  second->add(create, unix_ms{});
  {
    full_disk full{64 << 10};
    EXPECT_EQ(store->write_group(*first).front().error().code, errc::disk_full);
  }
  for (auto& answer : store->write_group(*second))
    EXPECT_EQ(answer.error().code, errc::disk_full) << "neither done nor in conflict with what is not there";
  second.reset();
  first.reset();
  EXPECT_EQ(commit(create), errc::none);
  EXPECT_EQ(all(*store->snapshot()), "a=1 b=4");
  reopen();
  EXPECT_EQ(all(*store->snapshot()), "a=1 b=4");
  EXPECT_TRUE(store->check()->empty());
}

TEST_F(damage_test, groups_that_never_stop_coming_do_not_keep_a_failed_store_closed) {
  auto filled = store->begin_group();
  filled->add(change({put("a", std::string(200'000, 'a'))}), unix_ms{});
  auto next = store->begin_group(filled);
  next->add(change({put("b", "2")}), unix_ms{});
  {
    full_disk full{64 << 10};
    EXPECT_EQ(store->write_group(*filled).front().error().code, errc::disk_full);
  }
  // As the record store does it: the next group is begun before the one in hand is written.
  errc last = errc::disk_full;
  for (int i = 0; i < 3; ++i) {
    filled = std::move(next);
    next = store->begin_group(filled);
    next->add(change({put("c" + std::to_string(i), "3")}), unix_ms{});
    auto& answer = store->write_group(*filled).front();
    last = answer ? errc::none : answer.error().code;
  }
  EXPECT_EQ(last, errc::none);
  EXPECT_TRUE(store->write_group(*next).front());
  EXPECT_EQ(all(*store->snapshot()), "c1=3 c2=3");
}

TEST_F(damage_test, after_a_failed_write_nothing_is_written_while_somebody_reads) {
  commit(change({put("a", "1")}));
  auto reading = store->snapshot();
  {
    full_disk full{64 << 10};
    EXPECT_EQ(commit(change({put("c", std::string(200'000, 'c'))})), errc::disk_full);
  }
  EXPECT_EQ(commit(change({put("b", "2")})), errc::disk_full);
  EXPECT_EQ(all(*reading), "a=1");
  reading.reset();
  EXPECT_EQ(commit(change({put("b", "2")})), errc::none);
  reopen();
  EXPECT_EQ(all(*store->snapshot()), "a=1 b=2");
}

} // namespace
} // namespace weir::records
