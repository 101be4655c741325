#pragma once
// Nothing of FFS grows for ever: final jobs and lines of logs go when there are
// newer ones in their place, or when they are old.
//
// in:  ticks (looks once a day of the chain)
// out: jobs that are final and not among the newest of their CID, or older
//      than the operator keeps them, with what they unfroze; lines of a CID's
//      log that are not among its newest. Never a job that is not final, the
//      newest of a CID, or the one that a CID's state comes from
// Survives a restart: what is too much is seen in the records.
#include "actors/ffs/options.hpp"
#include "actors/support/domain.hpp"

#include <caf/typed_actor.hpp>

#include <deque>
#include <string>
#include <vector>

namespace weir::ffs {

using history_actor = caf::typed_actor<caf::reacts_to<tick>, caf::reacts_to<atom::wake>>;

history_actor spawn_history(caf::actor_system& system, domain d, history_options options = {});

/// Those of the jobs that are final and named by nothing.
result<transaction_builder> prune_jobs(const records::reader& state, const std::vector<records::ffs_job_key>& which);
/// Lines have no index and nobody changes them: they go as they are.
transaction_builder prune_lines(const std::vector<records::ffs_log_key>& which);

/// Walks the keys of a table in slices; of each CID it keeps the newest in mind, and names what is too much.
template <class Key>
class newest_kept {
public:
  explicit newest_kept(std::size_t keep) : keep_{keep} {}

  /// Keys come in their order. `is_old`: of one that is not the newest any more.
  template <class IsOld>
  void take(Key key, IsOld is_old) {
    bool same = !window_.empty() && std::get<0>(window_.back()) == std::get<0>(key)
                && std::get<1>(window_.back()) == std::get<1>(key);
    if (!same)
      window_.clear();
    else if (is_old(window_.back()))
      drop_back();
    window_.push_back(std::move(key));
    while (keep_ != 0 && window_.size() > keep_) {
      too_much_.push_back(std::move(window_.front()));
      window_.pop_front();
    }
  }
  const std::vector<Key>& too_much() const { return too_much_; }
  std::vector<Key> let_go() { return std::exchange(too_much_, {}); }

private:
  void drop_back() {
    too_much_.push_back(std::move(window_.back()));
    window_.pop_back();
  }
  std::size_t keep_;
  std::deque<Key> window_;
  std::vector<Key> too_much_;
};

} // namespace weir::ffs
