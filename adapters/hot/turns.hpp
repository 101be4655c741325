#pragma once
// Who may go: one at a time for each CID, in the order in which they came, and
// not more than so many heavy ones in all. Loop thread only.
#include "adapters/hot/delays.hpp"
#include "messages/types/cid.hpp"

#include <deque>
#include <unordered_map>

namespace weir::hot {

class turns {
public:
  turns(std::shared_ptr<delays> later, std::size_t most_heavy) : later_{std::move(later)}, most_heavy_{most_heavy} {}

  void enter(const cid& id, bool heavy, loop::task what) {
    auto& line = lines_[id];
    line.push_back({heavy, std::move(what)});
    ++waiting_;
    if (line.size() == 1)
      start(id);
  }
  /// Whoever was let in has to.
  void leave(const cid& id) {
    auto line = lines_.find(id);
    if (line->second.front().heavy)
      --heavy_;
    line->second.pop_front();
    --waiting_;
    bool more = !line->second.empty();
    if (!more)
      lines_.erase(line);
    if (more) // not from here: a long line must not become a deep stack
      later_->after(loop::milliseconds{0}, [this, id] { start(id); });
    while (heavy_ < most_heavy_ && !stalled_.empty()) {
      auto next = std::move(stalled_.front());
      stalled_.pop_front();
      ++heavy_;
      later_->after(loop::milliseconds{0}, [this, next] { run(next); });
    }
  }
  std::size_t waiting() const { return waiting_; }

private:
  struct entry {
    bool heavy;
    loop::task what;
  };
  void start(const cid& id) {
    if (lines_[id].front().heavy) {
      if (heavy_ == most_heavy_)
        return stalled_.push_back(id);
      ++heavy_;
    }
    run(id);
  }
  void run(const cid& id) {
    auto what = std::move(lines_[id].front().what);
    what();
  }

  std::shared_ptr<delays> later_;
  std::size_t most_heavy_;
  std::size_t heavy_ = 0, waiting_ = 0;
  std::unordered_map<cid, std::deque<entry>> lines_;
  std::deque<cid> stalled_;
};

} // namespace weir::hot
