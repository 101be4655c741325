#include "actors/ffs/hot_store.hpp"

#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"
#include "messages/actors/chain.hpp"
#include "storage/ipld/links.hpp"

#include <caf/typed_response_promise.hpp>

namespace weir::ffs {

namespace {

/// Reading and holding all of a CID: as long as the largest may take.
constexpr std::chrono::minutes walk_time{48 * 60};

using checker_actor = caf::typed_actor<caf::replies_to<atom::start, cid>::with<nothing>>;

/// Reads every block, which verifies it; on a thread of its own.
checker_actor::behavior_type checker(checker_actor::pointer self, std::shared_ptr<block_ledger> ledger,
                                     std::shared_ptr<std::atomic<bool>> stopping) {
  return {[self, ledger, stopping](atom::start, const cid& root) -> caf::result<nothing> {
    self->quit();
    return reply(for_each_block(root, ledger->blocks(), [&](const cid&, bytes_view) -> status {
      return stopping->load() ? status{fail(errc::shutting_down, "The node is stopping.")} : status{};
    }));
  }};
}

error not_here() {
  return fail(errc::unsupported, "This layer keeps its blocks in the node's own store.");
}

struct hot_store_state {
  explicit hot_store_state(hot_layer_actor::pointer self) : self{self} {}

  using answer_promise = caf::typed_response_promise<hot_info>;

  static hot_info info_of(const pin& p) { return {true, p.bytes, "store", unix_ms{p.created}}; }

  answer_promise pin_it(const instance_id& of, const cid& id) {
    auto answer = self->make_response_promise<hot_info>();
    self->request(keeper, walk_time, add_pin{owner_of(of), id, true, {}})
        .then([answer](const pin& p) mutable { answer.deliver(info_of(p)); },
              [answer](const caf::error& e) mutable { answer.deliver(e); });
    return answer;
  }

  caf::typed_response_promise<nothing> remove(const hot_remove& which) {
    auto answer = self->make_response_promise<nothing>();
    self->request(keeper, walk_time, remove_pin{owner_of(which.instance), which.cid})
        .then([answer](nothing) mutable { answer.deliver(nothing{}); },
              [answer](const caf::error& e) mutable {
                from_caf(e).code == errc::not_found ? answer.deliver(nothing{}) : answer.deliver(e);
              });
    return answer;
  }

  /// A damaged or lost block is no error here: it is the answer. What has all
  /// its blocks is pinned again if only the pin was lost.
  answer_promise check(const hot_check& which) {
    auto answer = self->make_response_promise<hot_info>();
    auto helper =
        d.detach ? self->spawn<caf::detached>(checker, ledger, d.stopping) : self->spawn(checker, ledger, d.stopping);
    auto lost = [answer](const caf::error& e) mutable {
      auto code = from_caf(e).code;
      bool gone = code == errc::not_found || code == errc::corrupt;
      gone ? answer.deliver(hot_info{false, 0, "store", {}}) : answer.deliver(e);
    };
    self->request(helper, walk_time, atom::start_v, which.cid)
        .then(
            [this, answer, lost, which](nothing) mutable {
              self->request(keeper, walk_time, add_pin{owner_of(which.instance), which.cid, true, {}})
                  .then([answer](const pin& p) mutable { answer.deliver(info_of(p)); }, lost);
            },
            lost);
    return answer;
  }

  static constexpr const char* name = "hot_store";
  hot_layer_actor::pointer self;
  domain d;
  std::shared_ptr<block_ledger> ledger;
  keeper_actor keeper;
};

hot_layer_actor::behavior_type hot_store(self_of<hot_layer_actor, hot_store_state> self, domain d,
                                         std::shared_ptr<block_ledger> ledger, keeper_actor keeper) {
  prepare(self);
  auto& state = self->state;
  state.d = std::move(d);
  state.ledger = std::move(ledger);
  state.keeper = std::move(keeper);
  return {
      [self](const hot_add& what) { return self->state.pin_it(what.instance, what.cid); },
      [self](const hot_pin& what) { return self->state.pin_it(what.instance, what.cid); },
      [self](const hot_check& which) { return self->state.check(which); },
      [self](const hot_remove& which) { return self->state.remove(which); },
      [](const hot_get&) -> caf::result<hot_reading> { return to_caf(not_here()); },
      [](const hot_next&) -> caf::result<hot_part> { return to_caf(not_here()); },
      [](const hot_close&) {},
  };
}

} // namespace

hot_layer_actor spawn_hot_store(caf::actor_system& system, domain d, std::shared_ptr<block_ledger> ledger,
                                keeper_actor keeper) {
  return system.spawn(hot_store, std::move(d), std::move(ledger), std::move(keeper));
}

} // namespace weir::ffs
