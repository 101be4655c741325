#pragma once
// The whole domain as one tree of actors: the node opens what is below
// (records, blocks, keys) and beside it (chain, carrier, fetcher), and gets
// the handles of what stands above it (APIs, listeners). Handles stay valid
// when an actor is started anew.
//
// Ending it: `stop(tree)`, then await the DOWN of `tree.supervisor`; every
// actor has ended then, children before what they use. `store` and `hub` are
// the node's and outlive the tree.
#include "actors/buckets/rules.hpp"
#include "actors/content/options.hpp"
#include "actors/deals/plan.hpp"
#include "actors/deals/select.hpp"
#include "actors/deals/wallet.hpp"
#include "actors/ffs/options.hpp"
#include "actors/pieces/options.hpp"
#include "actors/support/domain.hpp"
#include "messages/actors/buckets.hpp"
#include "messages/actors/content.hpp"
#include "messages/actors/deals.hpp"
#include "messages/actors/fetch.hpp"
#include "messages/actors/ffs.hpp"
#include "messages/actors/ffs_layers.hpp"
#include "messages/actors/pieces.hpp"
#include "messages/actors/store.hpp"
#include "messages/actors/webhooks.hpp"

#include <filesystem>
#include <map>

#include <caf/actor.hpp>

namespace weir {

class block_store;

/// What the operator sets; the defaults are those of a real network.
struct tree_options {
  bool api = true;  ///< role: takes uploads and gives bytes out
  bool core = true; ///< role: buckets, pieces, deals
  content_options contents;
  bucket_policy buckets;
  piece_options pieces;
  deal_policy deals;
  selection_limits limits;
  wallet_options wallet;
  ffs::ffs_options ffs;
};

/// What the node opened. `chain`, `carrier`, `fetcher` are null in a node
/// without a network: it stores, makes no deals and says so, and the node
/// itself sends ticks to `tree.ticker`.
struct tree_parts {
  std::shared_ptr<records::record_store> records;
  record_store_actor store;
  watch_hub_actor hub;
  std::shared_ptr<block_store> blocks;
  std::shared_ptr<filecoin::keystore> keys;
  std::filesystem::path pieces; ///< folder of piece files
  /// Where a provider downloads the piece: under the operator's public URL.
  std::function<std::string(const cid&)> piece_url;
  chain_actor chain;
  deal_carrier_actor carrier;
  fetcher_actor fetcher;
  ffs::webhook_poster_actor poster;                       ///< null: webhooks are kept and not delivered
  std::map<std::string, ffs::hot_layer_actor> hot_layers; ///< outside of the node, by the operator's names
  outside_world world;
  bool detach = true; ///< false: everything inline, for deterministic tests
};

struct tree {
  caf::actor supervisor;
  std::shared_ptr<domain_clock> clock; ///< newest epoch, for reading
  std::shared_ptr<std::atomic<bool>> stopping;
  ticker_actor ticker;
  content_actor content; ///< null without the role api; so are retriever and keeper
  retriever_actor retriever;
  keeper_actor keeper;
  bucket_creator_actor bucket_creator; ///< null without the role core; so are those below
  bucket_processor_actor bucket_processor;
  bucket_checker_actor bucket_checker;
  bucket_gc_actor bucket_gc;
  piece_host_actor piece_host;
  piece_prover_actor piece_prover;
  wallet_actor wallet;                 ///< keeps keys even without a network
  miner_selector_actor miner_selector; ///< null without a network; so are those below
  deal_maker_actor deal_maker;
  deal_tracker_actor deal_tracker;
  chain_watcher_actor chain_watcher;
  std::vector<ffs::cold_layer_actor> cold; ///< of each scheduler, in their order
  ffs::manager_actor ffs;                  ///< null without both roles
  ffs::webhooks_actor webhooks;            ///< null without both roles, or a poster
};

tree spawn_tree(caf::actor_system& system, tree_parts parts, tree_options options = {});

/// Ordered shutdown begins; long work leaves at its next slice.
void stop(const tree& t);

/// Registers every message type of the domain with CAF; call before the system is made.
void add_domain_types(caf::actor_system_config& config);

} // namespace weir
