#pragma once
// Who may go: one at a time for each CID, in the order in which they came, and
// not more than so many of each kind in all: what moves bytes does not wait for
// what only waits. Loop thread only.
#include "adapters/hot/delays.hpp"
#include "messages/types/cid.hpp"

#include <array>
#include <deque>
#include <unordered_map>

namespace weir::hot {

enum class effort : std::uint8_t {
  light,   ///< a question or two: as many as there are
  heavy,   ///< moves a DAG, and takes memory
  patient, ///< waits for the layer to find blocks, perhaps for long
};

class turns {
public:
  turns(std::shared_ptr<delays> later, std::size_t most_heavy, std::size_t most_patient)
      : later_{std::move(later)}, kinds_{kind{SIZE_MAX}, kind{most_heavy}, kind{most_patient}} {}

  void enter(const cid& id, effort how, loop::task what) {
    auto& line = lines_[id];
    line.push_back({how, std::move(what)});
    ++waiting_;
    if (line.size() == 1)
      start(id);
  }
  /// Whoever was let in has to.
  void leave(const cid& id) {
    auto line = lines_.find(id);
    auto& kind = kind_of(line->second.front().how);
    --kind.running;
    line->second.pop_front();
    --waiting_;
    bool more = !line->second.empty();
    if (!more)
      lines_.erase(line);
    if (more) // not from here: a long line must not become a deep stack
      later_->after(loop::milliseconds{0}, [this, id] { start(id); });
    while (kind.running < kind.most && !kind.stalled.empty()) {
      auto next = std::move(kind.stalled.front());
      kind.stalled.pop_front();
      ++kind.running;
      later_->after(loop::milliseconds{0}, [this, next] { run(next); });
    }
  }
  std::size_t waiting() const { return waiting_; }

private:
  struct entry {
    effort how;
    loop::task what;
  };
  struct kind {
    std::size_t most;
    std::size_t running = 0;
    std::deque<cid> stalled = {};
  };
  kind& kind_of(effort how) { return kinds_[static_cast<std::size_t>(how)]; }
  void start(const cid& id) {
    auto& kind = kind_of(lines_[id].front().how);
    if (kind.running == kind.most)
      return kind.stalled.push_back(id);
    ++kind.running;
    run(id);
  }
  void run(const cid& id) {
    auto what = std::move(lines_[id].front().what);
    what();
  }

  std::shared_ptr<delays> later_;
  std::array<kind, 3> kinds_;
  std::size_t waiting_ = 0;
  std::unordered_map<cid, std::deque<entry>> lines_;
};

} // namespace weir::hot
