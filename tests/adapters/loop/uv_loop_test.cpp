#include "adapters/loop/uv_loop.hpp"

#include <atomic>
#include <future>
#include <gtest/gtest.h>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
namespace loop = weir::loop;

TEST(uv_loop, posts_run_on_the_loop_thread_in_order) {
  loop::uv_loop it{"test"};
  it.start();
  std::vector<int> seen;
  bool wrong_thread = false;
  for (int i = 0; i < 1000; ++i)
    ASSERT_TRUE(it.post([&, i] {
      seen.push_back(i);
      wrong_thread = wrong_thread || !it.on_thread();
    }));
  ASSERT_TRUE(it.run([] {}));
  EXPECT_FALSE(wrong_thread);
  EXPECT_FALSE(it.on_thread());
  ASSERT_EQ(seen.size(), 1000u);
  for (int i = 0; i < 1000; ++i)
    EXPECT_EQ(seen[static_cast<std::size_t>(i)], i);
}

TEST(uv_loop, a_full_queue_refuses_and_a_wake_still_passes) {
  loop::uv_loop it{"test", 2};
  int ran = 0;
  EXPECT_TRUE(it.post([&] { ++ran; }));
  EXPECT_TRUE(it.post([&] { ++ran; }));
  EXPECT_FALSE(it.post([&] { ++ran; }));
  EXPECT_TRUE(it.wake([&] { ++ran; }));
  it.start();
  it.stop();
  EXPECT_EQ(ran, 3);
  EXPECT_FALSE(it.post([] {}));
  EXPECT_FALSE(it.run([] {}));
}

TEST(uv_loop, stop_runs_what_was_posted_and_the_closers_in_reverse) {
  loop::uv_loop it{"test"};
  std::vector<std::string> story;
  it.start();
  it.at_stop([&] { story.push_back("first in"); });
  auto taken_back = it.at_stop([&] { story.push_back("never"); });
  it.at_stop([&] { story.push_back("last in"); });
  it.forget(taken_back);
  it.post([&] { story.push_back("posted"); });
  it.stop();
  it.stop();
  EXPECT_EQ(story, (std::vector<std::string>{"posted", "last in", "first in"}));
}

TEST(uv_loop, stop_without_start_and_destruction_without_stop) {
  { loop::uv_loop never_started{"test"}; }
  loop::uv_loop never_stopped{"test"};
  never_stopped.start();
}

TEST(timer, fires_once_repeats_and_may_destroy_itself) {
  loop::uv_loop it{"test"};
  it.start();
  std::promise<int> repeated;
  std::unique_ptr<loop::timer> ticking;
  int count = 0;
  it.run([&] {
    ticking = std::make_unique<loop::timer>(it);
    ticking->start(
        1ms,
        [&] {
          if (++count == 3) {
            ticking.reset();
            repeated.set_value(count);
          }
        },
        1ms);
    EXPECT_TRUE(ticking->active());
  });
  EXPECT_EQ(repeated.get_future().get(), 3);
  std::promise<void> once;
  it.run([&] {
    ticking = std::make_unique<loop::timer>(it);
    ticking->start(1ms, [&] { once.set_value(); });
  });
  once.get_future().get();
  it.run([&] {
    EXPECT_FALSE(ticking->active());
    ticking.reset();
  });
}

TEST(uv_loop, threads_may_post_while_it_stops) {
  for (int round = 0; round < 20; ++round) {
    loop::uv_loop it{"test"};
    it.start();
    std::atomic<int> accepted{0};
    std::atomic<int> ran{0};
    std::vector<std::thread> posters;
    for (int t = 0; t < 3; ++t)
      posters.emplace_back([&] {
        for (int i = 0; i < 200; ++i)
          if (it.post([&] { ++ran; }))
            ++accepted;
      });
    it.stop();
    for (auto& poster : posters)
      poster.join();
    EXPECT_EQ(accepted, ran) << "what was accepted has to run";
  }
}
