#include "actors/tree.hpp"

#include "actors/buckets/checker.hpp"
#include "actors/buckets/creator.hpp"
#include "actors/buckets/gc.hpp"
#include "actors/buckets/processor.hpp"
#include "actors/content/content.hpp"
#include "actors/content/dropper.hpp"
#include "actors/content/keeper.hpp"
#include "actors/content/mender.hpp"
#include "actors/deals/chain_watcher.hpp"
#include "actors/deals/deal_maker.hpp"
#include "actors/deals/deal_tracker.hpp"
#include "actors/deals/rollup.hpp"
#include "actors/deals/selector.hpp"
#include "actors/ffs/cold_fil.hpp"
#include "actors/ffs/history.hpp"
#include "actors/ffs/hot_store.hpp"
#include "actors/ffs/job_alarm.hpp"
#include "actors/ffs/powergate.hpp"
#include "actors/ffs/scheduler.hpp"
#include "actors/ffs/webhooks.hpp"
#include "actors/pieces/builder.hpp"
#include "actors/pieces/host.hpp"
#include "actors/pieces/prover.hpp"
#include "actors/records/record_writer.hpp"
#include "actors/retrieval/retriever.hpp"
#include "actors/support/supervisor.hpp"
#include "actors/support/ticker.hpp"
#include "actors/support/types.hpp"

#include <caf/actor_system_config.hpp>

namespace weir {

namespace {

/// Children in the order in which they start; they end in the reverse one. An
/// actor is behind the ones that it uses.
enum child : std::size_t {
  timer_child,
  ticker_child,
  wallet_child,
  selector_child,
  builder_child,
  host_child,
  prover_child,
  restorer_child,
  dropper_child,
  mender_child,
  rollup_child,
  maker_child,
  tracker_child,
  watcher_child,
  checker_child,
  processor_child,
  creator_child,
  gc_child,
  retriever_child,
  keeper_child,
  content_child,
  hot_store_child,
  job_alarm_child,
  history_child,
  webhooks_child,
  first_scheduler_child, ///< for each scheduler its cold layer and itself; behind them the manager
};

template <class Handle>
caf::strong_actor_ptr strong(Handle handle) {
  return caf::actor_cast<caf::strong_actor_ptr>(handle);
}

class grower {
public:
  grower(caf::actor_system& system, tree_parts parts, tree_options options)
      : system_{system}, parts_{std::move(parts)}, options_{std::move(options)} {
    ledger_ = std::make_shared<block_ledger>(parts_.records, parts_.blocks);
    shelf_ = std::make_shared<piece_shelf>(ledger_, parts_.pieces);
  }

  tree grow() {
    tree t;
    t.clock = clock_;
    t.stopping = stopping_;
    auto made = spawn_supervisor(system_, child_count(), [this](const auto& relays) { return specs(relays); });
    relays_ = made.relays;
    t.supervisor = made.supervisor;
    t.ticker = of<ticker_actor>(ticker_child);
    t.wallet = of<wallet_actor>(wallet_child);
    if (options_.api) {
      t.content = of<content_actor>(content_child);
      t.retriever = of<retriever_actor>(retriever_child);
      t.keeper = of<keeper_actor>(keeper_child);
    }
    if (options_.core) {
      t.bucket_creator = of<bucket_creator_actor>(creator_child);
      t.bucket_processor = of<bucket_processor_actor>(processor_child);
      t.bucket_gc = of<bucket_gc_actor>(gc_child);
      t.piece_host = of<piece_host_actor>(host_child);
      t.piece_prover = of<piece_prover_actor>(prover_child);
    }
    if (runs_ffs())
      t.ffs = of<ffs::manager_actor>(manager_child());
    for (std::size_t i = 0; runs_ffs() && i < options_.ffs.schedulers.size(); ++i)
      t.cold.push_back(of<ffs::cold_layer_actor>(cold_child(i)));
    if (delivers())
      t.webhooks = of<ffs::webhooks_actor>(webhooks_child);
    if (makes_deals()) {
      t.bucket_checker = of<bucket_checker_actor>(checker_child);
      t.miner_selector = of<miner_selector_actor>(selector_child);
      t.deal_maker = of<deal_maker_actor>(maker_child);
      t.deal_tracker = of<deal_tracker_actor>(tracker_child);
    }
    if (parts_.chain)
      t.chain_watcher = of<chain_watcher_actor>(watcher_child);
    return t;
  }

private:
  std::size_t child_count() const { return manager_child() + 1; }
  child cold_child(std::size_t i) const { return child{first_scheduler_child + 2 * i}; }
  child scheduler_child(std::size_t i) const { return child{first_scheduler_child + 2 * i + 1}; }
  child manager_child() const { return cold_child(options_.ffs.schedulers.size()); }
  /// Its jobs take bytes in and make deals of them.
  bool runs_ffs() const { return options_.api && options_.core; }
  bool delivers() const { return runs_ffs() && parts_.poster; }
  bool makes_deals() const { return options_.core && parts_.chain && parts_.carrier && parts_.fetcher; }

  /// The store outlives the actors: it must not keep them.
  void hear_store() {
    ledger_->on_release([dropper = caf::actor_cast<caf::weak_actor_ptr>(relays_[dropper_child])] {
      if (auto alive = dropper.lock())
        caf::anon_send(caf::actor_cast<dropper_actor>(alive), atom::flush_v);
    });
    shelf_->on_unclaimed([dropper = caf::actor_cast<caf::weak_actor_ptr>(relays_[dropper_child])](const cid& piece) {
      if (auto alive = dropper.lock())
        caf::anon_send(caf::actor_cast<dropper_actor>(alive), atom::wake_v, piece);
    });
    parts_.blocks->on_damage([mender = caf::actor_cast<caf::weak_actor_ptr>(relays_[mender_child])](
                                 const cid& block, const std::string& file) {
      if (auto alive = mender.lock())
        caf::anon_send(caf::actor_cast<mender_actor>(alive), atom::wake_v, block, file);
    });
  }

  template <class Handle>
  Handle of(child which) const {
    return caf::actor_cast<Handle>(relays_[which]);
  }

  domain domain_of() const {
    domain d;
    d.commits = {parts_.store, parts_.records, of<timer_actor>(timer_child)};
    d.hub = parts_.hub;
    d.ticker = of<ticker_actor>(ticker_child);
    d.world = parts_.world;
    d.clock = clock_;
    d.stopping = stopping_;
    d.detach = parts_.detach;
    return d;
  }

  std::uint64_t least_piece_now() const {
    std::vector<provider> known;
    auto seen =
        parts_.records->snapshot()->each<provider>([&](const stored<provider>& p) { known.push_back(p.value); });
    return seen ? least_piece(known, options_.limits, default_copies) : 0;
  }

  std::vector<child_spec> specs(const std::vector<caf::strong_actor_ptr>& relays) {
    relays_ = relays;
    hear_store();
    std::vector<child_spec> list(child_count());
    auto self = std::make_shared<grower>(*this); // lives as long as a child may be started anew
    auto add = [&](child which, std::string name, bool runs, auto start) {
      list[which].name = std::move(name);
      if (runs)
        list[which].start = [self, start] { return start(*self); };
    };
    add_below(add);
    add_deals(add);
    add_above(add);
    add_ffs(add);
    return list;
  }

  template <class Add>
  void add_below(Add add) {
    add(timer_child, "timer", true, [](grower& g) { return strong(spawn_timer(g.system_)); });
    add(ticker_child, "ticker", true, [](grower& g) { return strong(spawn_ticker(g.system_, g.clock_)); });
    add(wallet_child, "wallet", true, [](grower& g) {
      return strong(spawn_wallet(g.system_, g.domain_of(), g.parts_.keys, g.parts_.chain, g.options_.wallet));
    });
    add(builder_child, "piece_builder", options_.core, [](grower& g) {
      return strong(spawn_piece_builder(g.system_, g.domain_of(), g.shelf_, g.options_.pieces,
                                        [&g] { return g.least_piece_now(); }));
    });
    add(host_child, "piece_host", options_.core,
        [](grower& g) { return strong(spawn_piece_host(g.system_, g.domain_of(), g.parts_.pieces)); });
    add(prover_child, "piece_prover", options_.core,
        [](grower& g) { return strong(spawn_piece_prover(g.system_, g.domain_of(), g.parts_.pieces)); });
    add(restorer_child, "restorer", bool{parts_.fetcher},
        [](grower& g) { return strong(spawn_restorer(g.system_, g.domain_of(), g.shelf_, g.parts_.fetcher)); });
    add(dropper_child, "dropper", true,
        [](grower& g) { return strong(spawn_dropper(g.system_, g.domain_of(), g.shelf_)); });
    add(mender_child, "mender", true,
        [](grower& g) { return strong(spawn_mender(g.system_, g.domain_of(), g.shelf_, g.parts_.fetcher)); });
    add(rollup_child, "rollup", options_.core,
        [](grower& g) { return strong(spawn_rollup(g.system_, g.domain_of())); });
  }

  template <class Add>
  void add_deals(Add add) {
    add(selector_child, "miner_selector", makes_deals(), [](grower& g) {
      selector_options options;
      options.limits = g.options_.limits;
      return strong(spawn_miner_selector(g.system_, g.domain_of(), g.parts_.chain, g.parts_.carrier, options));
    });
    add(maker_child, "deal_maker", makes_deals(), [](grower& g) {
      deal_maker_parts parts{g.parts_.chain,
                             g.parts_.carrier,
                             g.of<wallet_actor>(wallet_child),
                             g.of<miner_selector_actor>(selector_child),
                             g.of<restorer_actor>(restorer_child),
                             g.parts_.piece_url};
      return strong(spawn_deal_maker(g.system_, g.domain_of(), std::move(parts), g.options_.deals));
    });
    add(tracker_child, "deal_tracker", makes_deals(), [](grower& g) {
      tracker_parts parts{g.parts_.chain, g.parts_.carrier, g.of<wallet_actor>(wallet_child)};
      return strong(spawn_deal_tracker(g.system_, g.domain_of(), std::move(parts), g.options_.deals));
    });
    add(watcher_child, "chain_watcher", bool{parts_.chain}, [](grower& g) {
      return strong(
          spawn_chain_watcher(g.system_, g.domain_of(), g.parts_.chain, g.of<deal_tracker_actor>(tracker_child)));
    });
    add(checker_child, "bucket_checker", makes_deals(), [](grower& g) {
      return strong(spawn_bucket_checker(g.system_, g.domain_of(), g.of<deal_maker_actor>(maker_child)));
    });
  }

  template <class Add>
  void add_above(Add add) {
    add(processor_child, "bucket_processor", options_.core, [](grower& g) {
      return strong(spawn_bucket_processor(g.system_, g.domain_of(), g.of<piece_builder_actor>(builder_child)));
    });
    add(creator_child, "bucket_creator", options_.core,
        [](grower& g) { return strong(spawn_bucket_creator(g.system_, g.domain_of(), g.options_.buckets)); });
    add(gc_child, "bucket_gc", options_.core,
        [](grower& g) { return strong(spawn_bucket_gc(g.system_, g.domain_of(), g.options_.buckets)); });
    add(retriever_child, "retriever", options_.api, [](grower& g) {
      return strong(spawn_retriever(
          g.system_, g.domain_of(),
          {g.parts_.blocks, g.parts_.pieces, g.parts_.fetcher, g.of<mender_actor>(mender_child)}, g.options_.contents));
    });
    add(keeper_child, "keeper", options_.api,
        [](grower& g) { return strong(spawn_keeper(g.system_, g.domain_of(), g.ledger_)); });
    add(content_child, "content", options_.api, [](grower& g) {
      auto restorer = g.parts_.fetcher ? g.of<restorer_actor>(restorer_child) : restorer_actor{};
      return strong(spawn_content(g.system_, g.domain_of(), g.ledger_, restorer, g.options_.contents));
    });
  }

  template <class Add>
  void add_ffs(Add add) {
    add(hot_store_child, "hot_store", runs_ffs(), [](grower& g) {
      return strong(ffs::spawn_hot_store(g.system_, g.domain_of(), g.ledger_, g.of<keeper_actor>(keeper_child)));
    });
    for (std::size_t i = 0; i < options_.ffs.schedulers.size(); ++i)
      add_scheduler(add, i);
    add(manager_child(), "ffs_manager", runs_ffs(), [](grower& g) {
      ffs::gate_parts parts{{}, g.of<content_actor>(content_child), g.options_.ffs.limits, g.parts_.chain};
      for (std::size_t i = 0; i < g.options_.ffs.schedulers.size(); ++i)
        parts.known[g.options_.ffs.schedulers[i].name] = {g.of<ffs::scheduler_actor>(g.scheduler_child(i)),
                                                          g.layers_of(i)};
      return strong(ffs::spawn_manager(g.system_, g.domain_of(), std::move(parts)));
    });
    add(job_alarm_child, "job_alarm", runs_ffs(),
        [](grower& g) { return strong(ffs::spawn_job_alarm(g.system_, g.domain_of(), g.options_.ffs.stuck_after)); });
    add(history_child, "ffs_history", runs_ffs(),
        [](grower& g) { return strong(ffs::spawn_history(g.system_, g.domain_of(), g.options_.ffs.history)); });
    add(webhooks_child, "webhooks", delivers(),
        [](grower& g) { return strong(ffs::spawn_webhooks(g.system_, g.domain_of(), g.parts_.poster)); });
  }

  template <class Add>
  void add_scheduler(Add add, std::size_t i) {
    auto& name = options_.ffs.schedulers[i].name;
    add(cold_child(i), "cold_fil of " + name, runs_ffs(), [i](grower& g) {
      ffs::cold_fil_parts parts{g.ledger_, g.of<content_actor>(content_child), g.makes_deals()};
      return strong(ffs::spawn_cold_fil(g.system_, g.domain_of(), std::move(parts), g.options_.ffs.schedulers[i]));
    });
    add(scheduler_child(i), "scheduler " + name, runs_ffs(), [i](grower& g) {
      ffs::scheduler_parts parts{
          g.layers_of(i), g.of<ffs::cold_layer_actor>(g.cold_child(i)), g.of<content_actor>(content_child), {}};
      for (auto& s : g.options_.ffs.schedulers)
        parts.known.push_back(s.name);
      return strong(ffs::spawn_scheduler(g.system_, g.domain_of(), std::move(parts), g.options_.ffs.schedulers[i]));
    });
  }

  /// What the configuration names was checked before; nothing else is left for a name that is not there.
  ffs::hot_layer_set layers_of(std::size_t i) const {
    ffs::hot_layer_set set{parts_.hot_layers, options_.ffs.schedulers[i].hot};
    set.all[ffs::own_layer] = of<ffs::hot_layer_actor>(hot_store_child);
    if (!set.all.contains(set.mine))
      set.mine = ffs::own_layer;
    return set;
  }

  caf::actor_system& system_;
  tree_parts parts_;
  tree_options options_;
  std::shared_ptr<block_ledger> ledger_;
  std::shared_ptr<piece_shelf> shelf_;
  std::shared_ptr<domain_clock> clock_ = std::make_shared<domain_clock>();
  std::shared_ptr<std::atomic<bool>> stopping_ = std::make_shared<std::atomic<bool>>(false);
  std::vector<caf::strong_actor_ptr> relays_;
};

} // namespace

tree spawn_tree(caf::actor_system& system, tree_parts parts, tree_options options) {
  return grower{system, std::move(parts), std::move(options)}.grow();
}

void stop(const tree& t) {
  t.stopping->store(true);
  caf::anon_send_exit(t.supervisor, caf::exit_reason::user_shutdown);
}

void add_domain_types(caf::actor_system_config& config) {
  config.add_message_types<caf::id_block::weir_core>();
  config.add_message_types<caf::id_block::weir_records>();
  config.add_message_types<caf::id_block::weir_clock>();
  config.add_message_types<caf::id_block::weir_chain>();
  config.add_message_types<caf::id_block::weir_deals>();
  config.add_message_types<caf::id_block::weir_content>();
  config.add_message_types<caf::id_block::weir_fetch>();
  config.add_message_types<caf::id_block::weir_buckets>();
  config.add_message_types<caf::id_block::weir_pieces>();
  config.add_message_types<caf::id_block::weir_store>();
  config.add_message_types<caf::id_block::weir_ffs_layers>();
  config.add_message_types<caf::id_block::weir_ffs>();
  config.add_message_types<caf::id_block::weir_ffs_handles>();
  config.add_message_types<caf::id_block::weir_wallets>();
  config.add_message_types<caf::id_block::weir_webhooks>();
  config.add_message_types<caf::id_block::weir_support>();
  config.add_message_types<caf::id_block::weir_internal>();
  config.add_message_types<caf::id_block::weir_record_writer>();
}

} // namespace weir
