#pragma once
// The deal maker's logic (internal to actors/deals; see deal_maker.hpp).
//
// Planning is serial: one piece at a time looks at its deals, chooses
// providers, checks the money and commits its intents, so that two pieces
// never count on the same escrow. Deliveries run beside it, a bounded number.
#include "actors/deals/deal_maker.hpp"
#include "actors/deals/deal_records.hpp"
#include "actors/support/subscription.hpp"
#include "actors/support/work_queue.hpp"

namespace weir {

using deal_maker_impl = deal_maker_actor::extend<follows_log>;

/// What is planned by itself: what a piece promises to its contents together
/// (without `own`), or what it promises to one that has terms of its own.
struct promise_key {
  cid piece;
  content_id own;
  friend auto operator<=>(const promise_key&, const promise_key&) = default;
};

struct maker_state {
  explicit maker_state(deal_maker_impl::pointer self) : self{self} {}

  void start();
  static std::vector<event_kind> kinds();
  void hear(const event& e);
  void hear(const tick& t);
  void mark(const cid& piece);
  void mark_content(const content_id& id);
  void mark_waiting();
  std::vector<promise_key> promises_of(const records::reader& state, const piece& p) const;
  void work();

  // planning: maker_plan.cpp
  struct plan_in_hand {
    promise_key key;
    piece what;
    std::uint32_t copies = 0;
    deal_terms terms;
    std::vector<deal> present; ///< all deals of the piece
    deal_plan plan;
    address client;
    selection_answer answer;
    collateral_bounds collateral;
    std::vector<deal> intents;
  };
  using plan_ptr = std::shared_ptr<plan_in_hand>;
  void look(const promise_key& key);
  result<plan_ptr> plan_for(const promise_key& key);
  void nothing_wanted(plan_ptr p);
  bool bring_back(plan_ptr p);
  void ask_wallet(plan_ptr p);
  void ask_selector(plan_ptr p);
  void ask_collateral(plan_ptr p);
  void ask_escrow(plan_ptr p);
  void ask_datacap(plan_ptr p, const token_amount& funds, const std::vector<deal_uuid>& ids);
  void fill_escrow(plan_ptr p, const token_amount& funds, const std::vector<deal_uuid>& ids);
  void commit_plan(plan_ptr p, const error& why);
  void committed_plan(plan_ptr p, const error& why);
  void give_up(const promise_key& key, const error& e);
  void planned(const promise_key& key);
  void try_again_at(const promise_key& key, epoch at);
  void note_renewal(const deal& d);

  // delivery: maker_delivery.cpp
  struct delivery {
    deal record;
    bool may_have_arrived = false; ///< ask before sending
    backoff wait{std::chrono::milliseconds{500}, std::chrono::seconds{60}, {}};
    std::optional<caf::actor_clock::time_point> unknown_since; ///< nobody knows whether it arrived
  };
  using delivery_ptr = std::shared_ptr<delivery>;
  void deliver(const deal& d, bool may_have_arrived);
  void next_delivery();
  void begin(delivery_ptr x);
  void ask_status(delivery_ptr x);
  void heard_status(delivery_ptr x, const provider_deal_status& s);
  void sign(delivery_ptr x);
  void send(delivery_ptr x, const bytes& signature);
  void send_failed(delivery_ptr x, const error& e);
  void ask_later(delivery_ptr x);
  void accepted(delivery_ptr x);
  void ended(delivery_ptr x, deal_state how, errc code, const std::string& words);
  void finished(delivery_ptr x);
  void leave_slot();
  provider_endpoint endpoint_of(const address& id) const;
  deal_moment moment_now() const { return {d.clock->now(), d.world.wall()}; }

  static constexpr const char* name = "deal_maker";
  deal_maker_impl::pointer self;
  domain d;
  deal_maker_parts parts;
  deal_policy policy;

  work_queue<promise_key> promises{1};
  bool in_work = false;                 ///< what is done at once comes back here: no recursion
  std::map<promise_key, epoch> waiting; ///< what lacks providers, money or the chain: next try
  std::multimap<epoch, cid> renewals;
  std::set<cid> restoring;
  std::map<deal_uuid, delivery_ptr> deliveries;
  std::deque<delivery_ptr> to_deliver;
  std::size_t delivering = 0;
};

} // namespace weir
