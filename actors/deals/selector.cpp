#include "actors/deals/selector.hpp"

#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"
#include "actors/support/work_queue.hpp"
#include "storage/filecoin/address_text.hpp"

#include <set>

#include <caf/actor_cast.hpp>
#include <spdlog/spdlog.h>

namespace weir {

using records::fact;

namespace {

using selector_impl = miner_selector_actor::extend<caf::reacts_to<tick>>;

constexpr std::chrono::seconds ask_time{60};

struct selector_state {
  explicit selector_state(selector_impl::pointer self) : self{self} {}

  using promise = caf::typed_response_promise<selection_answer>;
  struct retry {
    epoch at;
    epoch_delta wait = 0;
  };
  struct waiting_selection {
    selection_request wanted;
    promise answer;
    bool looked_again = false; ///< once only: the list may take longer than it stays fresh
  };

  void start() {
    self->request(d.ticker, std::chrono::seconds{30}, atom::subscribe_v, caf::actor_cast<tick_listener>(self))
        .then([this](const tick& t) { hear(t); }, [](const caf::error&) {});
  }

  void hear(const tick& t) {
    if (t.now == no_epoch)
      return;
    if (listed_at == no_epoch || t.now >= listed_at + options.list_every)
      list(t.now);
    mark_stale(t.now);
    work();
  }

  void list(epoch now) {
    listed_at = now;
    if (!options.limits.only.empty()) {
      learn(options.limits.only);
      return;
    }
    self->request(chain, ask_time, chain::list_miners{})
        .then([this](const std::vector<address>& all) { learn(all); },
              [this](const caf::error& e) {
                spdlog::warn("miner_selector: the providers cannot be listed: {}", to_string(from_caf(e)));
                listed_at = no_epoch; // with the next tick
                look_around_done();
              });
  }

  void learn(const std::vector<address>& all) {
    listed = true;
    for (auto& id : all)
      if (known.insert(id).second) {
        unheard.insert(id);
        asking.mark(id);
      }
    work();
  }

  void mark_stale(epoch now) {
    auto seen = d.look()->each<provider>([&](const stored<provider>& p) {
      auto failed = retries.find(p.value.id);
      bool due = failed != retries.end() ? failed->second.at <= now : p.value.asked_at + options.fresh <= now;
      if (known.contains(p.value.id) && due)
        asking.mark(p.value.id);
    });
    if (!seen)
      spdlog::error("miner_selector: the providers cannot be read: {}", to_string(seen.error()));
  }

  void work() {
    if (std::exchange(in_work, true))
      return;
    while (auto next = asking.take())
      ask_chain(*next);
    in_work = false;
    look_around_done();
  }

  void ask_chain(const address& id) {
    auto found = d.look()->find<provider>(id);
    auto p = found && *found ? (*found)->value : provider{};
    p.id = id;
    bool met = found && *found;
    self->request(chain, ask_time, chain::get_miner{id})
        .then([this, p](const miner_info& info) { ask_power(with_chain_entry(p, info)); },
              [this, p, met](const caf::error& e) { chain_failed(p, met, from_caf(e)); });
  }

  /// A chain node that is silent says nothing of a provider that is known: it stays as it was.
  void chain_failed(const provider& p, bool met, const error& why) {
    if (!met || (why.code != errc::unreachable && why.code != errc::timeout))
      return learned(without_answer(p, why));
    wait_longer(p.id);
    asking.done(p.id);
    work();
  }

  /// Not every chain node tells these two; what was known stays then.
  void ask_power(const provider& p) {
    self->request(chain, ask_time, chain::get_power{p.id})
        .then([this, p](const miner_power& power) { ask_sectors(with_power(p, power)); },
              [this, p](const caf::error&) { ask_sectors(p); });
  }
  void ask_sectors(const provider& p) {
    self->request(chain, ask_time, chain::get_sectors{p.id})
        .then([this, p](const sector_counts& counts) { ask_provider(with_sectors(p, counts)); },
              [this, p](const caf::error&) { ask_provider(p); });
  }

  void ask_provider(const provider& p) {
    if (p.multiaddrs.empty()) {
      learned(without_answer(p, fail(errc::unreachable, "It has no address on the chain.")));
      return;
    }
    self->request(carrier, ask_time, get_ask{{p.id, p.multiaddrs}})
        .then([this, p](const storage_ask& ask) { learned(with_ask(p, ask, d.clock->now())); },
              [this, p](const caf::error& e) { learned(without_answer(p, from_caf(e))); });
  }

  void learned(const provider& p) {
    note_retry(p);
    unheard.erase(p.id);
    auto build = [this, p](const records::reader& newest) { return record(newest, p); };
    d.commits.commit(self, build, [this, id = p.id](const status& s) {
      if (!s)
        spdlog::error("provider {}: {}", filecoin::to_text(id), to_string(s.error()));
      asking.done(id);
      work();
    });
  }

  void note_retry(const provider& p) {
    if (p.reachable) {
      retries.erase(p.id);
      return;
    }
    wait_longer(p.id);
  }

  void wait_longer(const address& id) {
    auto& r = retries[id];
    r.wait = r.wait == 0 ? options.retry_first : std::min(r.wait * 2, options.retry_most);
    r.at = d.clock->now() + r.wait;
  }

  /// Our own results in the record (deals, failures, back-off) stay as they are.
  result<transaction_builder> record(const records::reader& newest, const provider& p) const {
    transaction_builder t;
    WEIR_TRY(auto before, newest.find<provider>(p.id));
    auto text = filecoin::to_text(p.id);
    if (!before) {
      t.create(p);
      t.say(event_kind::provider_seen, text, {}, {fact("price", p.price), fact("reachable", p.reachable)});
      return t;
    }
    auto& old = before->value;
    auto after = learned_of(old, p, d.clock->now());
    bool same = offers_the_same(old, after);
    if (same && old.asked_at == after.asked_at)
      return t;
    t.update(*before, after);
    if (!same)
      t.say(old.reachable && !p.reachable ? event_kind::provider_lost : event_kind::provider_changed, text, {},
            {fact("price", p.price), fact("reachable", p.reachable), fact("message", p.problem.message)});
    return t;
  }

  promise select(const selection_request& wanted) {
    auto answer = self->make_response_promise<selection_answer>();
    waiting.push_back({wanted, answer});
    look_around_done();
    return answer;
  }

  /// A selection must not miss a provider that was not asked yet; one that is asked
  /// again, and may be silent this time, holds up nobody.
  void look_around_done() {
    if (listed_at != no_epoch && (!listed || !unheard.empty()))
      return;
    if (listed_at == no_epoch && known.empty() && d.clock->now() == no_epoch)
      return;
    for (auto& w : std::exchange(waiting, {}))
      answer(w);
    if (!waiting.empty())
      list_again();
  }

  void answer(waiting_selection& w) {
    auto all = providers();
    if (!all) {
      w.answer.deliver(to_caf(all.error()));
      return;
    }
    auto found = choose(w.wanted, *all, options.limits, d.clock->now());
    if (found.chosen.size() < w.wanted.wanted && !w.looked_again && may_list_again())
      waiting.push_back({w.wanted, w.answer, true});
    else
      w.answer.deliver(std::move(found));
  }

  /// Who came since the last list may be what is missing.
  bool may_list_again() const {
    return options.limits.only.empty() && listed_at != no_epoch && listed_at + options.list_again <= d.clock->now();
  }
  void list_again() {
    listed = false;
    list(d.clock->now());
  }

  result<std::vector<provider>> providers() const {
    std::vector<provider> all;
    WEIR_CHECK(d.look()->each<provider>([&](const stored<provider>& p) { all.push_back(p.value); }));
    return all;
  }

  static constexpr const char* name = "miner_selector";
  selector_impl::pointer self;
  domain d;
  chain_actor chain;
  deal_carrier_actor carrier;
  selector_options options;
  work_queue<address> asking{8};
  bool in_work = false; ///< what is done at once comes back here: no recursion
  std::set<address> known;
  std::set<address> unheard; ///< of these: not asked yet since the start
  std::map<address, retry> retries;
  epoch listed_at = no_epoch;
  bool listed = false;
  std::vector<waiting_selection> waiting;
};

selector_impl::behavior_type miner_selector(self_of<selector_impl, selector_state> self, domain d, chain_actor chain,
                                            deal_carrier_actor carrier, selector_options options) {
  prepare(self);
  auto& state = self->state;
  state.d = std::move(d);
  state.chain = std::move(chain);
  state.carrier = std::move(carrier);
  state.asking = work_queue<address>{options.at_once};
  state.options = std::move(options);
  state.start();
  return {
      [self](const selection_request& wanted) { return self->state.select(wanted); },
      [self](const tick& t) { self->state.hear(t); },
  };
}

} // namespace

miner_selector_actor spawn_miner_selector(caf::actor_system& system, domain d, chain_actor chain,
                                          deal_carrier_actor carrier, selector_options options) {
  return system.spawn(miner_selector, std::move(d), std::move(chain), std::move(carrier), std::move(options));
}

} // namespace weir
