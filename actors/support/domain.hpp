#pragma once
// What every actor of the domain is given, by value: handles and shared
// objects that are safe from any thread. Time, randomness and identifiers
// come in through `world`, so that a whole node can run from a seed.
#include "actors/support/committer.hpp"
#include "messages/actors/clock.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <string>

namespace weir {

struct outside_world {
  std::function<unix_ms()> wall;
  std::function<std::string()> uuid;
  std::function<void(std::span<std::uint8_t>)> random;
};

/// The newest tick for whoever only wants to read the clock. Written by the ticker.
class domain_clock {
public:
  epoch now() const { return epoch{now_.load(std::memory_order_relaxed)}; }
  epoch finalized() const { return epoch{finalized_.load(std::memory_order_relaxed)}; }
  void set(const tick& t) {
    now_ = t.now.value;
    finalized_ = t.finalized.value;
  }

private:
  std::atomic<std::int64_t> now_{no_epoch.value}, finalized_{no_epoch.value};
};

struct domain {
  committer commits;
  watch_hub_actor hub;
  ticker_actor ticker;
  outside_world world;
  std::shared_ptr<domain_clock> clock = std::make_shared<domain_clock>();
  /// Long work is done on threads of its own; tests run everything inline.
  bool detach = true;
  /// Set when the node stops: work in slices is left at the next one.
  std::shared_ptr<std::atomic<bool>> stopping = std::make_shared<std::atomic<bool>>(false);

  snapshot look() const { return commits.records->snapshot(); }
  records::record_store& records() const { return *commits.records; }
};

} // namespace weir
