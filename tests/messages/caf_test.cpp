#include "messages/actors/buckets.hpp"
#include "messages/actors/fetch.hpp"
#include "messages/actors/pieces.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(caf_error, travels_whole) {
  auto there = to_caf(fail(errc::too_large, "send less", "12", "10"));
  auto back = from_caf(there);
  EXPECT_EQ(back.code, errc::too_large);
  EXPECT_EQ(back.message, "send less");
  EXPECT_EQ(back.value, "12");
  EXPECT_EQ(back.limit, "10");
  EXPECT_EQ(from_caf(caf::make_error(caf::sec::request_timeout)).code, errc::timeout);
}

piece_host_actor::behavior_type refusing_host() {
  return {[](const piece_access& ask) -> caf::result<hosted_piece> {
    return reply(result<hosted_piece>{fail(errc::unauthenticated, "no such deal", ask.token)});
  }};
}

TEST(caf_error, reaches_the_requester) {
  caf::actor_system_config config;
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  auto host = system.spawn(refusing_host);
  error seen;
  self->request(host, std::chrono::seconds{10}, piece_access{{}, "t"})
      .receive([](const hosted_piece&) {}, [&](const caf::error& e) { seen = from_caf(e); });
  EXPECT_EQ(seen.code, errc::unauthenticated);
  EXPECT_EQ(seen.value, "t");
}

using pinger = caf::typed_actor<caf::replies_to<atom::get>::with<nothing>>;

TEST(nothing, is_an_answer) {
  caf::actor_system_config config;
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  auto who = system.spawn([]() -> pinger::behavior_type { return {[](atom::get) { return nothing{}; }}; });
  bool answered = false;
  self->request(who, std::chrono::seconds{10}, atom::get_v)
      .receive([&](nothing) { answered = true; }, [](const caf::error&) {});
  EXPECT_TRUE(answered);
}

} // namespace
} // namespace weir
