// What somebody who waits gets to see.
#include "node/cli/progress.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace weir {
namespace {

struct shown : testing::Test {
  std::ostringstream out;
  cli::progress::clock::time_point now{};
};

TEST_F(shown, what_stays_true_for_long_is_said_at_once) {
  for (bool terminal : {false, true}) {
    out.str({});
    cli::progress bar{out, terminal, [this] { return now; }};
    bar.start("in bucket", 0);
    bar.update(0, "too soon after the start to be drawn");
    EXPECT_EQ(out.str().find("too soon"), std::string::npos);
    bar.show("until the bucket is ready");
    EXPECT_NE(out.str().find("in bucket     until the bucket is ready"), std::string::npos) << out.str();
  }
}

} // namespace
} // namespace weir
