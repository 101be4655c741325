#pragma once
// Pins that nobody's books have: a job that was cancelled, or failed, behind
// the beginning of its hot step may have left one in its layer. The entry of
// the CID says so from before the layer is asked (`cid_entry::hot_left`) until
// a later job succeeds there, or somebody has let go of it: the next job, the
// scheduler that its instance is moved to, the removal of the CID.
#include "actors/ffs/jobs.hpp"
#include "actors/ffs/layers.hpp"

#include <functional>
#include <memory>

namespace weir::ffs {

/// The line of the log with which the hot step begins and, where a pin could be forgotten, that the layer may have one.
result<transaction_builder> begin_hot(const records::reader& state, const instance_id& of, const job_id& id,
                                      const hot_layer_set& layers, job_moment at);

/// Those that the scheduler can ask, without these.
std::vector<std::string> leftovers(const cid_entry& e, const hot_layer_set& layers,
                                   const std::vector<std::string>& without);

/// These have none any more.
result<transaction_builder> swept(const records::reader& state, const instance_id& of, const cid& id,
                                  const std::vector<std::string>& layers);

/// Lets go of it in one layer after the other; `then` gets those that have. One that does not answer is passed over.
template <class Self>
void remove_pins(Self self, const hot_layer_set& layers, const hot_remove& what, std::vector<std::string> from,
                 std::chrono::seconds patience, std::function<void(std::vector<std::string>)> then,
                 std::vector<std::string> gone = {}) {
  if (from.empty())
    return then(std::move(gone));
  auto name = from.back();
  from.pop_back();
  auto next = [self, layers, what, from, patience, then, gone](std::vector<std::string> more) mutable {
    gone.insert(gone.end(), more.begin(), more.end());
    remove_pins(self, layers, what, std::move(from), patience, std::move(then), std::move(gone));
  };
  self->request(layers.all.at(name), patience, what)
      .then([next, name](nothing) mutable { next({name}); }, [next](const caf::error&) mutable { next({}); });
}

} // namespace weir::ffs
