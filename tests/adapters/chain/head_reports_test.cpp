#include "adapters/chain/head_reports.hpp"

#include <gtest/gtest.h>

using namespace weir;
using lotus::head_reports;
using kind = head_change::kind;

namespace {

head_change change(kind what, std::int64_t height, std::int64_t timestamp = 0) {
  return {what, {epoch{height}, {}, timestamp}};
}

struct head_reports_test : testing::Test {
  head_reports_test() {
    reports.heads = [this](head_changes h) {
      for (auto& c : h.changes)
        log += (c.what == kind::current ? "c"
                : c.what == kind::apply ? "a"
                                        : "r")
               + std::to_string(c.at.height.value) + " ";
      log += "f" + std::to_string(h.finalized.value) + " ";
    };
    reports.health = [this](chain_health h) { log += std::string{to_string(h.problem.code)} + " "; };
  }
  std::string take() { return std::exchange(log, {}); }
  head_reports reports;
  std::string log;
};

TEST_F(head_reports_test, changes_go_on_in_their_order_with_what_is_final) {
  EXPECT_TRUE(reports.gather({change(kind::current, 5)}));
  EXPECT_FALSE(reports.gather({change(kind::apply, 6)})) << "asked already";
  reports.deliver(epoch{3});
  EXPECT_EQ(take(), "c5 a6 f3 ");
  EXPECT_TRUE(reports.gather({change(kind::revert, 6), change(kind::apply, 7)}));
  reports.deliver(epoch{2});
  EXPECT_EQ(take(), "r6 a7 f3 ") << "what is final stays so";
  EXPECT_TRUE(reports.gather({change(kind::apply, 8)}));
  reports.deliver(std::nullopt);
  EXPECT_EQ(take(), "a8 f3 ");
  EXPECT_EQ(reports.newest()->changes.at(0).at.height, epoch{8});
}

TEST_F(head_reports_test, after_a_break_the_newest_head_is_current) {
  reports.gather({change(kind::current, 5)});
  reports.deliver(epoch{3});
  reports.gather({change(kind::apply, 6)});
  reports.lost(fail(errc::unreachable));
  reports.deliver(epoch{3}); // the question from before the break
  reports.lost(fail(errc::unreachable));
  EXPECT_EQ(take(), "c5 f3 unreachable ");
  reports.gather({change(kind::apply, 9)});
  reports.deliver(epoch{4});
  EXPECT_EQ(take(), "none c9 f4 ");
}

TEST_F(head_reports_test, too_many_at_a_time_are_one_head) {
  for (std::int64_t i = 0; i < 1500; ++i)
    reports.gather({change(kind::apply, i)});
  reports.deliver(epoch{0});
  EXPECT_EQ(take(), "c1499 f0 ");
}

TEST_F(head_reports_test, a_node_that_lags_is_as_good_as_lost) {
  reports.gather({change(kind::current, 5, 1000)});
  reports.deliver(epoch{3}, 1100, 300);
  EXPECT_EQ(take(), "c5 f3 ");
  reports.check_lag(1301, 300);
  reports.check_lag(1302, 300);
  EXPECT_EQ(take(), "out-of-sync ");
  reports.gather({change(kind::apply, 6, 1030)});
  reports.deliver(epoch{3}, 1400, 300);
  EXPECT_EQ(take(), "") << "still behind";
  reports.gather({change(kind::apply, 7, 1390)});
  reports.deliver(epoch{4}, 1400, 300);
  EXPECT_EQ(take(), "none c7 f4 ");
}

} // namespace
