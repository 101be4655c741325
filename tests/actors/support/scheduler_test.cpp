#include "actors/support/request_timeouts.hpp"
#include "actors/support/scheduler.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace weir {
namespace {

using std::chrono::milliseconds;

struct scheduler_test : testing::Test {
  caf::actor_system& start(std::size_t threads) {
    use_scheduler(config, threads);
    system.emplace(config);
    return *system;
  }
  caf::actor_system_config config;
  std::optional<caf::actor_system> system;
};

/// Never answers.
caf::behavior silent(caf::event_based_actor* self) {
  auto kept = std::make_shared<std::vector<caf::response_promise>>();
  return {[self, kept](int) {
    kept->push_back(self->make_response_promise());
    return kept->back();
  }};
}

caf::behavior echo(caf::event_based_actor*) {
  return {[](int x) { return x; }};
}

TEST_F(scheduler_test, a_burst_of_messages_reaches_everyone) {
  auto& sys = start(4);
  constexpr int actors = 500, messages = 20;
  std::atomic<int> left{actors * messages};
  std::promise<void> all;
  std::vector<caf::actor> crowd;
  for (int i = 0; i < actors; ++i)
    crowd.push_back(sys.spawn([&](caf::event_based_actor*) -> caf::behavior {
      return {[&](int) {
        if (--left == 0)
          all.set_value();
      }};
    }));
  for (int i = 0; i < messages; ++i)
    for (auto& one : crowd)
      caf::anon_send(one, i);
  all.get_future().wait();
  for (auto& one : crowd)
    caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
}

/// One that sleeps is woken whenever it comes to that: each answer finds all threads asleep.
TEST_F(scheduler_test, one_after_the_other) {
  auto& sys = start(3);
  std::promise<int> end;
  auto server = sys.spawn(echo);
  sys.spawn([&, server](caf::event_based_actor* self) {
    auto next = std::make_shared<std::function<void(int)>>();
    *next = [&end, self, server, next](int n) {
      if (n == 2000) {
        end.set_value(n);
        self->send_exit(server, caf::exit_reason::user_shutdown);
        *next = nullptr;
        return;
      }
      self->request(server, std::chrono::seconds{60}, n).then([next](int x) { (*next)(x + 1); });
    };
    (*next)(0);
  });
  EXPECT_EQ(end.get_future().get(), 2000);
}

TEST_F(scheduler_test, a_request_that_nobody_answers_ends) {
  auto& sys = start(2);
  std::promise<caf::error> heard;
  auto nobody = sys.spawn(silent);
  sys.spawn([&, nobody](caf::event_based_actor* self) {
    self->request(nobody, milliseconds{1}, 1)
        .then([&](int) { heard.set_value({}); },
              [&heard, self, nobody](const caf::error& e) {
                heard.set_value(e);
                self->send_exit(nobody, caf::exit_reason::user_shutdown);
              });
  });
  EXPECT_EQ(heard.get_future().get(), caf::sec::request_timeout);
}

TEST_F(scheduler_test, what_was_answered_hears_nothing_more) {
  auto& sys = start(2);
  std::promise<int> end;
  auto server = sys.spawn(echo);
  auto nobody = sys.spawn(silent);
  std::atomic<int> errors{0};
  sys.spawn([&, server, nobody](caf::event_based_actor* self) {
    auto failed = [&errors](const caf::error&) { ++errors; };
    self->request(server, milliseconds{1}, 7).then([](int) {}, failed);
    // The second one ends later than the first one would have.
    auto last = [&end, &errors, self, server, nobody](const caf::error&) {
      self->send_exit(server, caf::exit_reason::user_shutdown);
      self->send_exit(nobody, caf::exit_reason::user_shutdown);
      end.set_value(errors);
    };
    self->request(nobody, milliseconds{300}, 7).then([](int) {}, last);
  });
  EXPECT_LE(end.get_future().get(), 1) << "the first may have been late on a busy machine";
}

TEST_F(scheduler_test, what_actors_that_are_no_more_waited_for_is_let_go_of) {
  auto& sys = start(2);
  request_timeouts all; // nobody starts its thread
  auto in_an_hour = request_timeouts::clock::now() + std::chrono::minutes{60};
  for (std::size_t i = 0; i < 3 * request_timeouts::smallest_sweep; ++i) {
    caf::scoped_actor gone{sys};
    all.add(in_an_hour, caf::actor_cast<caf::weak_actor_ptr>(gone.address()), caf::make_message_id(1));
  }
  EXPECT_LE(all.size(), request_timeouts::smallest_sweep + 1);
}

TEST_F(scheduler_test, the_end_does_not_wait_for_what_is_not_yet_due) {
  auto& sys = start(2);
  auto nobody = sys.spawn(silent);
  std::promise<void> asked;
  auto asking = sys.spawn([&, nobody](caf::event_based_actor* self) -> caf::behavior {
    self->request(nobody, std::chrono::minutes{60}, 1).then([](int) {}, [](const caf::error&) {});
    asked.set_value();
    return {[](int) {}};
  });
  asked.get_future().wait();
  caf::anon_send_exit(asking, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(nobody, caf::exit_reason::user_shutdown);
  asking = nobody = {};
  system.reset();
}

} // namespace
} // namespace weir
