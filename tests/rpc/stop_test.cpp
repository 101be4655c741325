// A node that stops while clients come, work and come again.
#include "adapters/rpc/client/instance.hpp"
#include "tests/node/runtime/node_fixture.hpp"

#include <atomic>
#include <future>
#include <latch>
#include <thread>

namespace weir {
namespace {

constexpr std::chrono::seconds far_too_long{60}; // only a failure reaches it

/// What a program does that connects again and again: looks, stores, watches, until the node says no.
void keep_coming(const std::string& address, const std::atomic<bool>& enough, std::latch& begun) {
  bool told = false;
  auto tell = [&] {
    if (!std::exchange(told, true))
      begun.count_down();
  };
  while (!enough) {
    auto s = client::session::open({.address = address, .patience = std::chrono::milliseconds{1}});
    if (!s)
      continue;
    (void)(*s)->store(
        [n = 3](std::span<std::uint8_t> into) mutable -> result<std::size_t> {
          std::fill(into.begin(), into.end(), static_cast<std::uint8_t>(n));
          return n-- > 0 ? into.size() : 0;
        },
        {.name = "again"});
    tell();
    (void)(*s)->watch({}, 0, [](const client::transaction&) { return false; });
    (void)(*s)->watch({}, client::from_now, [](const client::transaction&) { return false; });
  }
  tell();
}

TEST(stopping, ends_whatever_clients_do_at_that_moment) {
  for (int round = 0; round < 8; ++round) {
    test::temp_dir folder;
    test::running_node node{folder.path()};
    std::atomic<bool> enough = false;
    constexpr int clients = 4;
    std::latch begun{clients};
    std::vector<std::thread> all;
    for (int i = 0; i < clients; ++i)
      all.emplace_back(
          [&, address = "unix:" + node.node->addresses().at("socket")] { keep_coming(address, enough, begun); });
    begun.wait();
    auto stopped = std::async(std::launch::async, [&] { node.node->stop(); });
    if (stopped.wait_for(far_too_long) != std::future_status::ready) {
      std::fprintf(stderr, "the node does not stop in round %d\n", round);
      std::abort(); // nothing that could be taken down in order
    }
    enough = true;
    for (auto& t : all)
      t.join();
  }
}

} // namespace
} // namespace weir
