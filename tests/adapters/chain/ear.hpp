#pragma once
// A listener of the chain that keeps what it heard, for a test to wait for.
#include "messages/actors/chain.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>

namespace weir::test {

/// What a listener heard, as words: "c5 a6 f3", "unreachable".
class ear {
public:
  void heard(const head_changes& h) {
    std::string out;
    for (auto& c : h.changes) {
      using kind = head_change::kind;
      out += (c.what == kind::current ? "c"
              : c.what == kind::apply ? "a"
                                      : "r")
             + std::to_string(c.at.height.value) + " ";
    }
    put(out + "f" + std::to_string(h.finalized.value));
  }
  void heard(const chain_health& h) { put(std::string{to_string(h.problem.code)}); }
  std::string next() {
    std::unique_lock lock{mutex_};
    if (!there_.wait_for(lock, std::chrono::seconds{20}, [&] { return !words_.empty(); }))
      return "nothing";
    auto out = std::move(words_.front());
    words_.pop_front();
    return out;
  }

private:
  void put(std::string word) {
    std::lock_guard lock{mutex_};
    words_.push_back(std::move(word));
    there_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable there_;
  std::deque<std::string> words_;
};

inline chain_listener::behavior_type listening(chain_listener::pointer, ear* to) {
  return {[to](const head_changes& h) { to->heard(h); }, [to](const chain_health& h) { to->heard(h); }};
}

} // namespace weir::test
