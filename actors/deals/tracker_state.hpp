#pragma once
// The deal tracker's logic (internal to actors/deals; see deal_tracker.hpp).
#include "actors/deals/deal_records.hpp"
#include "actors/deals/deal_tracker.hpp"
#include "actors/deals/judge.hpp"
#include "actors/support/subscription.hpp"
#include "actors/support/work_queue.hpp"

namespace weir {

using deal_tracker_impl = deal_tracker_actor::extend<follows_log>;

struct tracker_state {
  explicit tracker_state(deal_tracker_impl::pointer self) : self{self} {}

  struct followed {
    deal_state state = deal_state::proposed;
    deal_id id;
    address provider;
    epoch created_at = no_epoch;
    epoch next_look = no_epoch; ///< of an active deal, and for hints of one without an id
    epoch missing_since = no_epoch;
    epoch_delta hint_wait = 0;
  };

  void start();
  static std::vector<event_kind> kinds();
  void hear(const event& e);
  void hear(const head_changes& heads);
  void follow(const deal& x);
  void mark_due(bool reorganised);
  void work();

  // finding ids: tracker_ids.cpp
  void read_events();
  void heard_events(const std::vector<market_event>& events, epoch upto);
  void try_id(deal_id id, const cid& message);
  void matched(const chain_deal& theirs, const cid& message);
  void ask_provider(const deal& x);
  bool lacks_ids() const;
  std::optional<epoch> kept_place() const;
  void keep_place();

  // looking at one deal
  void look(const deal_uuid& id);
  void judge_now(const deal& x, const std::optional<chain_deal>& found);
  void commit_end(const deal& x, const verdict& v);
  void commit_move(const deal& x, const verdict& v, const chain_facts& facts);
  void looked(const deal_uuid& id);
  void forget_id(deal_id id, const deal_uuid& of);
  deal_moment moment_now() const { return {d.clock->now(), d.world.wall()}; }

  static constexpr const char* name = "deal_tracker";
  deal_tracker_impl::pointer self;
  domain d;
  tracker_parts parts;
  deal_policy policy;

  epoch now = no_epoch, finalized = no_epoch;
  std::map<deal_uuid, followed> deals;
  std::map<deal_id, std::set<deal_uuid>> by_id; ///< several where others imported it
  work_queue<deal_uuid> due{8};
  bool in_work = false;
  epoch events_read = no_epoch; ///< market events are known up to here
  epoch kept = no_epoch;        ///< the same for after a restart: what they led to is committed
  bool reading_events = false;
  std::set<deal_id> trying;
  std::map<address, address> client_ids; ///< key address → f0
};

} // namespace weir
