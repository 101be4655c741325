#pragma once
// Which keys have to be looked at: the heart of every actor that brings
// things to where they should be. A key that is marked while it is being
// worked on is looked at once more afterwards; at most `limit` are worked on
// at the same time. Plain data, lost in a restart: an actor fills it from a
// snapshot when it starts.
#include <cstddef>
#include <deque>
#include <map>
#include <optional>

namespace weir {

template <class Key>
class work_queue {
public:
  explicit work_queue(std::size_t limit = 8) : limit_{limit} {}

  void mark(const Key& key) {
    auto [at, fresh] = keys_.try_emplace(key, state::waiting);
    if (fresh)
      order_.push_back(key);
    else if (at->second == state::working)
      at->second = state::again;
  }

  /// The next key to work on, if the limit allows one; say `done` afterwards.
  std::optional<Key> take() {
    if (working_ >= limit_ || order_.empty())
      return std::nullopt;
    auto key = std::move(order_.front());
    order_.pop_front();
    keys_[key] = state::working;
    ++working_;
    return key;
  }

  void done(const Key& key) {
    auto at = keys_.find(key);
    if (at == keys_.end() || at->second == state::waiting)
      return;
    --working_;
    bool again = at->second == state::again;
    keys_.erase(at);
    if (again)
      mark(key);
  }

  bool working_on(const Key& key) const {
    auto at = keys_.find(key);
    return at != keys_.end() && at->second != state::waiting;
  }
  bool idle() const { return keys_.empty(); }
  std::size_t size() const { return keys_.size(); }

private:
  enum class state { waiting, working, again };
  std::size_t limit_;
  std::size_t working_ = 0;
  std::map<Key, state> keys_;
  std::deque<Key> order_;
};

} // namespace weir
