#include "adapters/loop/hosted.hpp"

#include <atomic>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/typed_actor.hpp>
#include <gtest/gtest.h>

using namespace std::chrono_literals;
namespace loop = weir::loop;

namespace {

using doubler = caf::typed_actor<caf::replies_to<std::int64_t>::with<std::int64_t>>;

std::atomic<int> wrong_thread{0};
loop::uv_loop* home = nullptr;

struct doubler_state {
  explicit doubler_state(doubler::pointer) {}
  ~doubler_state() { ended = true; }
  static inline std::atomic<bool> ended{false};
  std::int64_t handled = 0;
};

doubler::behavior_type doubling(doubler::stateful_pointer<doubler_state> self) {
  return {[self](std::int64_t n) {
    wrong_thread += home->on_thread() ? 0 : 1;
    ++self->state.handled;
    return 2 * n;
  }};
}

/// Asks a worker of the pool, from the loop.
doubler::behavior_type asking(doubler::pointer self, doubler worker) {
  return {[self, worker](std::int64_t n) {
    auto promise = self->make_response_promise<std::int64_t>();
    self->request(worker, 10s, n)
        .then(
            [promise](std::int64_t answer) mutable {
              wrong_thread += home->on_thread() ? 0 : 1;
              promise.deliver(answer + 1);
            },
            [promise](caf::error& why) mutable { promise.deliver(std::move(why)); });
    return promise;
  }};
}

doubler::behavior_type pool_worker(doubler::pointer) {
  return {[](std::int64_t n) {
    wrong_thread += home->on_thread() ? 1 : 0;
    return 2 * n;
  }};
}

struct class_based : doubler::base {
  using doubler::base::base;
  behavior_type make_behavior() override {
    return {[](std::int64_t n) { return 3 * n; }};
  }
};

struct hosted_actors : testing::Test {
  hosted_actors() {
    home = &it;
    wrong_thread = 0;
    doubler_state::ended = false;
    system = std::make_unique<caf::actor_system>(config);
    it.start();
    host = std::make_unique<loop::host>(*system, it);
  }
  ~hosted_actors() override {
    host.reset();
    it.stop();
    system.reset();
  }
  std::int64_t ask(const doubler& whom, std::int64_t n) {
    caf::scoped_actor self{*system};
    std::int64_t out = -1;
    self->request(whom, 10s, n).receive([&](std::int64_t answer) { out = answer; }, [&](caf::error&) { out = -2; });
    return out;
  }
  caf::actor_system_config config;
  std::unique_ptr<caf::actor_system> system;
  loop::uv_loop it{"test"};
  std::unique_ptr<loop::host> host;
};

} // namespace

TEST_F(hosted_actors, handlers_run_on_the_loop_thread) {
  auto actor = host->spawn(doubling);
  for (std::int64_t i = 0; i < 2000; ++i)
    ASSERT_EQ(ask(actor, i), 2 * i);
  EXPECT_EQ(wrong_thread, 0);
}

TEST_F(hosted_actors, class_based_actors_are_hosted_too) {
  EXPECT_EQ(ask(host->spawn_class<class_based>(), 5), 15);
}

TEST_F(hosted_actors, ask_workers_of_the_pool_and_hear_the_answer_on_the_loop) {
  auto worker = system->spawn(pool_worker);
  auto actor = host->spawn(asking, worker);
  for (std::int64_t i = 0; i < 500; ++i)
    ASSERT_EQ(ask(actor, i), 2 * i + 1);
  EXPECT_EQ(wrong_thread, 0);
  caf::anon_send_exit(worker, caf::exit_reason::user_shutdown);
}

TEST_F(hosted_actors, shutdown_ends_them_and_requests_bounce) {
  auto actor = host->spawn(doubling);
  EXPECT_EQ(ask(actor, 1), 2);
  host->shutdown();
  EXPECT_TRUE(doubler_state::ended);
  EXPECT_EQ(ask(actor, 1), -2);
  host->shutdown();
}

TEST_F(hosted_actors, shutdown_under_load_loses_no_thread) {
  auto actor = host->spawn(doubling);
  std::atomic<bool> stop{false};
  std::vector<std::thread> senders;
  for (int i = 0; i < 3; ++i)
    senders.emplace_back([&] {
      while (!stop)
        ask(actor, 1);
    });
  for (std::int64_t i = 0; i < 200; ++i)
    ask(actor, i);
  host->shutdown();
  stop = true;
  for (auto& sender : senders)
    sender.join();
  EXPECT_EQ(wrong_thread, 0);
}
