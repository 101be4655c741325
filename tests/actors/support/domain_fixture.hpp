#pragma once
// The whole domain on the deterministic scheduler: real records, blocks, keys
// and piece files in a temporary folder, a chain and providers in memory.
// `restart()` drops every actor as a crash would and starts them anew from
// what is on disk.
#include "actors/records/record_store.hpp"
#include "actors/records/watch_hub.hpp"
#include "actors/tree.hpp"
#include "storage/blocks/block_store.hpp"
#include "tests/actors/support/fake_chain.hpp"
#include "tests/actors/support/fake_providers.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/temp_dir.hpp"

#include <random>

namespace weir::test {

/// Stands before the record store: once the process is "dead" nothing is committed any more.
using gate_actor = record_store_actor;
inline gate_actor::behavior_type commit_gate(gate_actor::pointer self, record_store_actor store,
                                             std::shared_ptr<bool> dead) {
  return {
      [self, store, dead](atom::commit verb, const transaction& t) -> caf::result<committed_ptr> {
        if (*dead)
          return to_caf(fail(errc::shutting_down));
        return self->delegate(store, verb, t);
      },
      [self, store](const fold_log& f) { self->send(store, f); },
      [self, store](atom::status verb) -> caf::result<record_store_status> { return self->delegate(store, verb); },
  };
}

struct domain_fixture : actor_fixture {
  temp_dir dir;
  chain_world_ptr chain = std::make_shared<chain_world>();
  provider_world_ptr providers = std::make_shared<provider_world>();
  tree_options options;
  std::shared_ptr<records::record_store> records;
  std::shared_ptr<block_store> blocks;
  watch_hub_impl hub;
  record_store_impl store;
  record_store_actor gate;
  std::shared_ptr<bool> dead = std::make_shared<bool>(false);
  chain_actor chain_handle;
  deal_carrier_actor carrier;
  fetcher_actor fetcher;
  ffs::webhook_poster_actor poster; ///< a test's own, if it wants one
  tree domain_tree;
  std::mt19937_64 dice{7};
  std::uint64_t uuids = 0;
  std::int64_t wall = 1'700'000'000'000;

  domain_fixture() {
    options.deals.start_delay = 200;
    options.deals.duration = 600'000;
    providers->piece_folder = dir / "pieces";
    std::filesystem::create_directories(providers->piece_folder);
  }

  void add_providers(int count) {
    for (int i = 0; i < count; ++i) {
      auto& p = providers->add(1000 + static_cast<std::uint64_t>(i));
      miner_info info;
      info.miner = p.id;
      info.sector_size = 32ull << 30;
      info.multiaddrs = {bytes{0x04, 127, 0, 0, 1, 0x06, 0x1f, 0x90}}; // /ip4/127.0.0.1/tcp/8080
      chain->miners.push_back(info);
    }
  }

  void start() {
    records = *records::record_store::open(dir / "records");
    blocks = *block_store::open(dir / "blocks");
    hub = sys.spawn(watch_hub, records, watch_hub_options{});
    store = sys.spawn(
        record_store, records, sys.spawn(record_writer, records), watch_hub_actor{hub},
        [this] { return unix_ms{wall}; }, record_store_options{});
    gate = sys.spawn(commit_gate, record_store_actor{store}, dead);
    chain_handle = sys.spawn(fake_chain, chain);
    carrier = sys.spawn(fake_carrier, providers);
    fetcher = sys.spawn(fake_fetcher, providers);
    grow();
  }

  void grow() {
    tree_parts parts;
    parts.records = records;
    parts.store = gate;
    parts.hub = hub;
    parts.blocks = blocks;
    parts.keys = std::make_shared<filecoin::keystore>(*filecoin::keystore::open(dir / "keys"));
    parts.pieces = providers->piece_folder;
    parts.piece_url = [](const cid& c) { return "http://pieces.example/piece/" + c.text(); };
    parts.chain = chain_handle;
    parts.carrier = carrier;
    parts.fetcher = fetcher;
    parts.poster = poster;
    parts.world = {[this] { return unix_ms{wall}; }, [this] { return next_uuid(); },
                   [this](std::span<std::uint8_t> out) {
                     for (auto& b : out)
                       b = static_cast<std::uint8_t>(dice());
                   }};
    parts.detach = false;
    dress(parts);
    domain_tree = spawn_tree(sys, parts, options);
    run();
    heads();
  }

  /// What else the tree is given, at each start; and what of it ends with it.
  virtual void dress(tree_parts&) {}
  virtual void undress() {}

  /// Valid UUIDs, in order.
  std::string next_uuid() {
    char text[40];
    std::snprintf(text, sizeof text, "00000000-0000-4000-8000-%012llx", static_cast<unsigned long long>(++uuids));
    return text;
  }

  void fell() {
    weir::stop(domain_tree);
    run();
    domain_tree = tree{};
    undress();
    stop(gate, store, hub, chain_handle, carrier, fetcher);
    chain->listeners.clear();
    gate = record_store_actor{};
    store = record_store_impl{};
    hub = watch_hub_impl{};
    chain_handle = chain_actor{};
    carrier = deal_carrier_actor{};
    fetcher = fetcher_actor{};
    run();
    records.reset();
    blocks.reset();
  }
  void restart() {
    fell();
    start();
  }
  /// The process dies now: what is under way changes nothing any more.
  void crash() {
    *dead = true;
    chain->dead = providers->dead = true;
    fell();
    *dead = chain->dead = providers->dead = false;
  }
  void run_messages(int count) {
    for (int i = 0; i < count && run_once(); ++i)
      ;
  }
  void TearDown() override {
    if (records)
      fell();
  }

  /// Tells everyone where the chain's head is.
  void heads(std::vector<head_change> before = {}) {
    before.push_back({head_change::kind::apply, {chain->head, {}, 0}});
    for (auto& who : chain->listeners)
      caf::anon_send(who, head_changes{before, chain->finalized()});
    run();
  }
  void pass(epoch_delta epochs) {
    chain->head = chain->head + epochs;
    heads();
  }
  /// As `pass`, head by head, with the timers' time.
  void live(int count) {
    for (int i = 0; i < count; ++i) {
      pass(1);
      advance(std::chrono::seconds{30});
    }
  }

  // ---- contents

  content upload(const std::string& name, const bytes& data, const std::string& bucket = {}, std::uint32_t copies = 6,
                 const owner_id& owner = owner_id{"local"}) {
    auto id = ask<upload_id>(domain_tree.content, open_upload{owner, name, bucket, copies, false});
    EXPECT_TRUE(id) << to_string(id.error());
    auto file = ask<file_ticket>(domain_tree.content, open_file{*id, {}});
    EXPECT_TRUE(file);
    for (std::size_t at = 0; at < data.size(); at += max_chunk) {
      auto end = std::min(data.size(), at + max_chunk);
      auto part = std::make_shared<bytes>(data.begin() + static_cast<std::ptrdiff_t>(at),
                                          data.begin() + static_cast<std::ptrdiff_t>(end));
      EXPECT_TRUE(tell(domain_tree.content, write_file{*id, file->file, part}));
    }
    EXPECT_TRUE(ask<imported_file>(domain_tree.content, close_file{*id, file->file, false}));
    auto made = ask<content>(domain_tree.content, atom::commit_v, *id);
    EXPECT_TRUE(made) << to_string(made.error());
    return made ? *made : content{};
  }
  bytes random_bytes(std::size_t size) {
    bytes data(size);
    for (auto& b : data)
      b = static_cast<std::uint8_t>(dice());
    return data;
  }
  result<bucket> close_global() {
    for (auto& b : all<bucket>())
      if (b.global() && b.ready == bucket_ready::open)
        return ask<bucket>(domain_tree.bucket_creator, close_bucket{{}, b.id, {}});
    return fail(errc::not_found);
  }
  result<bytes> read_all(const content_id& id, read_from from) {
    WEIR_TRY(auto ticket, ask<read_ticket>(domain_tree.retriever, open_read{owner_id{"local"}, id, {}, from}));
    bytes whole;
    while (whole.size() < ticket.entry.size) {
      WEIR_TRY(auto part, ask<chunk>(domain_tree.retriever, read_bytes{ticket.read, whole.size(), max_chunk}));
      if (part->empty())
        return fail(errc::protocol, "shorter than it said");
      whole.insert(whole.end(), part->begin(), part->end());
    }
    caf::anon_send(domain_tree.retriever, close_read{ticket.read});
    run();
    return whole;
  }

  // ---- records

  template <class R>
  std::vector<R> all() const {
    std::vector<R> found;
    auto seen = records->snapshot()->each<R>([&](const records::stored<R>& r) { found.push_back(r.value); });
    EXPECT_TRUE(seen);
    return found;
  }
  template <class R>
  R get(const typename records::table_of<R>::key_type& key) const {
    auto found = records->snapshot()->get<R>(key);
    EXPECT_TRUE(found) << to_string(found.error());
    return found ? found->value : R{};
  }
  std::map<deal_state, int> deal_states() const {
    std::map<deal_state, int> counts;
    for (auto& d : all<deal>())
      ++counts[d.state];
    return counts;
  }
  std::vector<event> events(event_kind kind) const {
    std::vector<event> found;
    revision after;
    for (;;) {
      auto batch = records->read_log(after);
      if (!batch || batch->empty())
        return found;
      for (auto& entry : *batch) {
        after = entry->rev;
        for (auto& e : entry->events)
          if (e.kind == kind)
            found.push_back(e);
      }
    }
  }

  // ---- what providers do

  void publish_all() {
    for (auto& d : all<deal>())
      if (d.state == deal_state::proposed && providers->all.at(d.provider).taken.contains(d.uuid))
        chain->publish(d);
    live(2);
  }
  void activate_all() {
    for (auto& [id, d] : chain->deals)
      if (d.sector_start == no_epoch)
        chain->activate(id);
    live(2);
  }
  /// From proposals to deals that are final.
  void settle() {
    live(3);
    publish_all();
    activate_all();
    pass(chain->finality + 1);
    live(2);
  }
  std::set<address> good_providers() const {
    std::set<address> found;
    for (auto& d : all<deal>())
      if (is_good(d.state))
        found.insert(d.provider);
    return found;
  }
  void expect_no_duplicates() const {
    for (auto& [id, p] : providers->all)
      for (auto& [uuid, times] : p.proposals)
        EXPECT_EQ(times, 1) << "deal " << uuid.value << " was proposed " << times << " times";
  }
};

} // namespace weir::test
