#pragma once
// Which job runs next: plain data of a scheduler. Instances take turns; within
// an instance the oldest first, but for a CID of which a job runs already.
#include "messages/types/ffs.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>

namespace weir::ffs {

class job_queue {
public:
  struct entry {
    instance_id instance;
    job_id job;
    cid what;
  };

  void add(entry e) {
    auto& line = lines_[e.instance];
    if (line.empty())
      turns_.push_back(e.instance);
    line.push_back(std::move(e));
    ++size_;
  }

  void remove(const instance_id& of, const job_id& id) {
    auto line = lines_.find(of);
    if (line == lines_.end())
      return;
    size_ -= std::erase_if(line->second, [&](const entry& e) { return e.job == id; });
    drop_if_empty(line);
  }
  void remove(const instance_id& of) {
    auto line = lines_.find(of);
    if (line == lines_.end())
      return;
    size_ -= line->second.size();
    line->second.clear();
    drop_if_empty(line);
  }

  /// Nothing when each that waits has a CID that is busy.
  std::optional<entry> take(const std::set<std::pair<instance_id, cid>>& busy) {
    for (std::size_t tries = turns_.size(); tries > 0; --tries) {
      auto of = std::move(turns_.front());
      turns_.pop_front();
      auto line = lines_.find(of);
      auto free = std::find_if(line->second.begin(), line->second.end(), [&](const entry& e) {
        return !busy.contains({e.instance, e.what});
      });
      if (free == line->second.end()) {
        turns_.push_back(std::move(of));
        continue;
      }
      auto next = std::move(*free);
      line->second.erase(free);
      --size_;
      if (line->second.empty())
        lines_.erase(line);
      else
        turns_.push_back(std::move(of));
      return next;
    }
    return std::nullopt;
  }

  std::size_t size() const { return size_; }
  std::size_t size(const instance_id& of) const {
    auto line = lines_.find(of);
    return line == lines_.end() ? 0 : line->second.size();
  }

private:
  using lines = std::map<instance_id, std::deque<entry>>;
  void drop_if_empty(lines::iterator line) {
    if (!line->second.empty())
      return;
    std::erase(turns_, line->first);
    lines_.erase(line);
  }

  lines lines_;
  std::deque<instance_id> turns_; ///< those with a line, in the order of their turns
  std::size_t size_ = 0;
};

} // namespace weir::ffs
