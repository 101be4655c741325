// rpc_bench SOCKET SECONDS MIB: what a program gets out of the remote API of a
// running node, on its unix socket. One line of JSON for each figure.
#include "adapters/rpc/client/promises.hpp"
#include "tests/bench/rpc/figures.hpp"

#include <cstdlib>
#include <cstring>
#include <random>

using namespace weir;
using namespace weir::bench;

namespace {

/// Calls one after the other until the time is over.
kj::Promise<void> ping_on(wire::Weir::Client weir, steady::time_point start, double seconds, std::uint64_t& count) {
  return weir.pingRequest().send().ignoreResult().then([weir, start, seconds, &count]() mutable -> kj::Promise<void> {
    ++count;
    if (seconds_since(start) > seconds)
      return kj::READY_NOW;
    return ping_on(kj::mv(weir), start, seconds, count);
  });
}

double pings(const std::string& address, unsigned at_a_time, double seconds) {
  auto io = kj::setupAsyncIo();
  auto c = client::connect(io, {.address = address}).wait(io.waitScope);
  client::login(*c).wait(io.waitScope);
  std::uint64_t count = 0;
  auto start = steady::now();
  auto running = kj::heapArrayBuilder<kj::Promise<void>>(at_a_time);
  for (unsigned i = 0; i < at_a_time; ++i)
    running.add(ping_on(c->weir(), start, seconds, count));
  kj::joinPromises(running.finish()).wait(io.waitScope);
  return static_cast<double>(count) / seconds_since(start);
}

[[noreturn]] void give_up(const error& e) {
  std::fprintf(stderr, "%s\n", to_string(e).c_str());
  std::exit(1);
}

void files(const std::string& address, std::uint64_t size) {
  auto session = client::session::open({.address = address});
  if (!session)
    give_up(session.error());
  std::vector<std::uint64_t> noise((4 << 20) / 8);
  std::mt19937_64 dice{std::random_device{}()};
  for (auto& word : noise)
    word = dice();
  std::uint64_t sent = 0;
  auto start = steady::now();
  auto stored = (*session)->store(
      [&](std::span<std::uint8_t> into) -> result<std::size_t> {
        auto step = std::min<std::uint64_t>(into.size(), size - sent);
        std::memcpy(into.data(), reinterpret_cast<const char*>(noise.data()) + sent % (2 << 20), step);
        if (step >= sizeof sent)
          std::memcpy(into.data(), &sent, sizeof sent); // no two blocks are the same
        sent += step;
        return step;
      },
      {.name = "bench"});
  if (!stored)
    give_up(stored.error());
  tell("rpc upload, durable", static_cast<double>(size) / seconds_since(start) / 1e6, "MB/s");
  std::uint64_t got = 0;
  start = steady::now();
  auto read = (*session)->download(stored->id, "", [&](bytes_view data) { return got += data.size(), status{}; });
  if (!read || got != size)
    give_up(read ? fail(errc::corrupt, "It came back shorter.") : read.error());
  tell("rpc download", static_cast<double>(size) / seconds_since(start) / 1e6, "MB/s");
}

} // namespace

int main(int count, char** words) {
  if (count != 4) {
    std::fprintf(stderr, "usage: rpc_bench SOCKET SECONDS MIB\n");
    return 2;
  }
  auto address = "unix:" + std::string{words[1]};
  auto seconds = std::atof(words[2]);
  tell("rpc empty calls, one at a time", pings(address, 1, seconds), "1/s");
  tell("rpc empty calls, 64 at a time", pings(address, 64, seconds), "1/s");
  files(address, std::strtoull(words[3], nullptr, 10) << 20);
}
