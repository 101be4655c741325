#pragma once
// Committing a transaction so that every way in which a commit can fail is
// dealt with in one place. `build` looks at the newest state and makes the
// transaction; it is called again for every try, so that
//   conflict         → what somebody else changed is seen,
//   outcome_unknown  → it finds its own work done, and says that nothing is left,
//   not_leader, overloaded, disk_full, io, timeout → the same after a back-off.
// While the disk is full the work stays pending and `blocked` is told once, so
// that the actor can show the problem. Anything else goes to `done`.
#include "actors/support/timer.hpp"
#include "messages/actors/records.hpp"
#include "storage/records/store.hpp"
#include "storage/records/transaction_builder.hpp"

#include <functional>
#include <memory>
#include <optional>

#include <spdlog/spdlog.h>

namespace weir {

using records::stored;
using records::transaction_builder;
using snapshot = std::shared_ptr<const records::reader>;

/// An empty builder: nothing is left to do.
using build_transaction = std::function<result<transaction_builder>(const records::reader& newest)>;
using commit_done = std::function<void(const status&)>;

enum class commit_next : std::uint8_t { done, at_once, later };
/// What to do after this error.
commit_next after_commit_error(errc code);

struct commit_options {
  unsigned conflicts = 100;                       ///< tries in vain against other writers before giving up
  std::function<void(const error&)> blocked = {}; ///< the disk is full; called once
  bool patient = true;                            ///< false: a full disk goes to `done` (nothing was written)
};

/// What commits need; one in each state.
struct committer {
  record_store_actor store;
  std::shared_ptr<records::record_store> records;
  timer_actor timer;

  template <class Self>
  void commit(Self* self, build_transaction build, commit_done done, commit_options options = {}) const {
    auto work = std::make_shared<pending>(pending{std::move(build), std::move(done), std::move(options), {}, 0, false});
    attempt(self, work);
  }

private:
  struct pending {
    build_transaction build;
    commit_done done;
    commit_options options;
    backoff wait;
    unsigned conflicts;
    bool told;
  };

  template <class Self>
  void attempt(Self* self, const std::shared_ptr<pending>& work) const {
    auto built = work->build(*records->snapshot());
    if (!built || built->empty()) {
      work->done(built ? status{} : status{built.error()});
      return;
    }
    auto again = [this, self, work](const caf::error& e) { failed(self, work, from_caf(e)); };
    constexpr auto time = caf::infinite; // infinite: the store itself answers in time, see record_store.hpp
    self->request(store, time, atom::commit_v, std::move(*built).take())
        .then([work](const committed_ptr&) { work->done({}); }, again);
  }

  template <class Self>
  void failed(Self* self, const std::shared_ptr<pending>& work, const error& e) const {
    auto next = after_commit_error(e.code);
    if (e.code == errc::conflict && ++work->conflicts >= work->options.conflicts)
      next = commit_next::done;
    if (e.code == errc::disk_full && !work->options.patient)
      next = commit_next::done;
    if (next == commit_next::done) {
      work->done(e);
      return;
    }
    if (next == commit_next::at_once) {
      attempt(self, work);
      return;
    }
    if (e.code == errc::disk_full && work->options.blocked && !std::exchange(work->told, true))
      work->options.blocked(e);
    spdlog::debug("commit is tried again: {}", to_string(e));
    run_after(self, timer, work->wait.next(), [this, self, work] { attempt(self, work); });
  }
};

} // namespace weir
