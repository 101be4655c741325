#include "actors/support/supervisor.hpp"

#include "actors/support/relay.hpp"
#include "actors/support/ticker.hpp"
#include "actors/support/timer.hpp"
#include "tests/support/actor_fixture.hpp"

#include <caf/event_based_actor.hpp>

namespace weir::test {
namespace {

using echo_actor = caf::typed_actor<caf::replies_to<atom::get>::with<int>, caf::reacts_to<atom::abort>>;

struct supervision : actor_fixture {
  int born = 0;
  std::vector<std::string> ended;

  caf::strong_actor_ptr spawn_child(const std::string& name) {
    auto number = ++born;
    auto child = sys.spawn([number, name, this](echo_actor::pointer me) -> echo_actor::behavior_type {
      me->attach_functor([this, name] { ended.push_back(name); });
      return {[number](atom::get) { return number; }, [me](atom::abort) { me->quit(to_caf(fail(errc::internal))); }};
    });
    return caf::actor_cast<caf::strong_actor_ptr>(child);
  }
  supervised tree(std::vector<std::string> names, restart_policy policy = {}) {
    return spawn_supervisor(
        sys, names.size(),
        [&](const auto&) {
          std::vector<child_spec> specs;
          for (auto& n : names)
            specs.push_back({n, [this, n] { return spawn_child(n); }});
          return specs;
        },
        policy);
  }
};

TEST_F(supervision, a_child_that_died_is_started_anew_under_the_same_handle) {
  auto t = tree({"a"});
  auto child = caf::actor_cast<echo_actor>(t.relays[0]);
  EXPECT_EQ(*ask<int>(child, atom::get_v), 1);
  caf::anon_send(child, atom::abort_v);
  run();
  auto meanwhile = ask<int>(child, atom::get_v);
  ASSERT_FALSE(meanwhile);
  EXPECT_EQ(meanwhile.error().code, errc::overloaded);
  advance(std::chrono::milliseconds{60});
  EXPECT_EQ(*ask<int>(child, atom::get_v), 2);
  stop(t.supervisor);
  EXPECT_EQ(ask<int>(child, atom::get_v).error().code, errc::shutting_down);
}

TEST_F(supervision, children_end_in_the_reverse_order) {
  auto t = tree({"a", "b", "c"});
  run();
  stop(t.supervisor);
  EXPECT_EQ(ended, (std::vector<std::string>{"c", "b", "a"}));
}

TEST_F(supervision, it_gives_up_on_a_child_that_keeps_dying) {
  restart_policy policy;
  policy.limit = 2;
  auto t = tree({"a"}, policy);
  auto child = caf::actor_cast<echo_actor>(t.relays[0]);
  self->monitor(t.supervisor);
  for (int i = 0; i < 3; ++i) {
    caf::anon_send(child, atom::abort_v);
    run();
    advance(std::chrono::seconds{1});
  }
  error why;
  self->receive([&](const caf::down_msg& down) { why = from_caf(down.reason); });
  EXPECT_EQ(why.code, errc::internal);
  EXPECT_EQ(born, 3);
}

TEST_F(supervision, the_timer_answers_when_its_time_has_come) {
  auto timer = spawn_timer(sys);
  auto request = self->request(timer, std::chrono::seconds{60}, wait_for{std::chrono::seconds{5}});
  run();
  advance(std::chrono::seconds{4});
  bool came = false;
  EXPECT_FALSE(self->has_next_message());
  advance(std::chrono::seconds{2});
  request.receive([&](nothing) { came = true; }, [](const caf::error&) {});
  EXPECT_TRUE(came);
  stop(timer);
}

TEST_F(supervision, a_ticker_tells_every_listener_and_never_takes_finality_back) {
  auto clock = std::make_shared<domain_clock>();
  auto ticker = spawn_ticker(sys, clock);
  auto heard = make_probe<tick>();
  ASSERT_TRUE(ask<tick>(ticker, atom::subscribe_v, tick_listener{heard.actor}));
  caf::anon_send(ticker, tick{epoch{10}, epoch{5}});
  run();
  caf::anon_send(ticker, tick{epoch{9}, epoch{4}});
  run();
  ASSERT_EQ(heard.seen->size(), 2u);
  EXPECT_EQ(heard.seen->back().now, epoch{9});
  EXPECT_EQ(heard.seen->back().finalized, epoch{5});
  EXPECT_EQ(clock->now(), epoch{9});
  stop(ticker, heard.actor);
}

} // namespace
} // namespace weir::test
