#include "actors/content/keeper.hpp"

#include "actors/content/store_report.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"

#include <spdlog/spdlog.h>

namespace weir {

namespace {

using worker_actor = caf::typed_actor<caf::replies_to<collect_garbage>::with<garbage>,
                                      caf::replies_to<check_store>::with<store_report_ptr>,
                                      caf::replies_to<atom::status>::with<store_stat_ptr>>;

std::function<status()> until_stopped(const domain& d) {
  return [stopping = d.stopping]() -> status {
    return stopping->load() ? status{fail(errc::cancelled, "The node is stopping.")} : status{};
  };
}

/// One piece of long work, on a thread of its own; ends when it is done.
worker_actor::behavior_type worker(worker_actor::pointer self, domain d, std::shared_ptr<block_ledger> ledger) {
  auto done = [self](auto answer) {
    self->quit();
    return reply(std::move(answer));
  };
  return {
      [done, d, ledger](const collect_garbage&) { return done(ledger->collect(*d.look(), until_stopped(d))); },
      [done, d, ledger](const check_store& wanted) {
        auto found = check_whole_store(ledger->blocks(), *d.look(), {wanted.repair, until_stopped(d)});
        return done(found ? result<store_report_ptr>{std::make_shared<store_report>(*std::move(found))}
                          : result<store_report_ptr>{found.error()});
      },
      [done, ledger](atom::status) {
        auto found = ledger->blocks().stat();
        return done(found ? result<store_stat_ptr>{std::make_shared<store_stat>(*found)}
                          : result<store_stat_ptr>{found.error()});
      },
  };
}

struct keeper_state {
  explicit keeper_state(keeper_actor::pointer self) : self{self} {}

  worker_actor helper() const {
    return d.detach ? self->spawn<caf::detached>(worker, d, ledger) : self->spawn(worker, d, ledger);
  }

  static constexpr const char* name = "keeper";
  keeper_actor::pointer self;
  domain d;
  std::shared_ptr<block_ledger> ledger;
  std::unique_ptr<pin_set> pins;
};

keeper_actor::behavior_type keeper(self_of<keeper_actor, keeper_state> self, domain d,
                                   std::shared_ptr<block_ledger> ledger) {
  prepare(self);
  auto& state = self->state;
  state.pins = std::make_unique<pin_set>(d.commits.records, ledger);
  state.d = std::move(d);
  state.ledger = std::move(ledger);
  if (auto settled = state.pins->settle(); !settled)
    spdlog::error("pins: what unfinished ones held could not be dropped: {}", to_string(settled.error()));
  return {
      [self](const add_pin& wanted) {
        auto& s = self->state;
        return reply(s.pins->add(wanted, s.d.world.wall().value, until_stopped(s.d)));
      },
      [self](const remove_pin& wanted) { return reply(self->state.pins->remove(wanted)); },
      [self](const list_pins& wanted) { return reply(self->state.pins->list(wanted)); },
      [self](const collect_garbage& wanted) { return self->delegate(self->state.helper(), wanted); },
      [self](const check_store& wanted) { return self->delegate(self->state.helper(), wanted); },
      [self](atom::status verb) { return self->delegate(self->state.helper(), verb); },
  };
}

} // namespace

keeper_actor spawn_keeper(caf::actor_system& system, domain d, std::shared_ptr<block_ledger> ledger) {
  if (d.detach)
    return system.spawn<caf::detached>(keeper, std::move(d), std::move(ledger));
  return system.spawn(keeper, std::move(d), std::move(ledger));
}

} // namespace weir
