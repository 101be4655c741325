#pragma once
// A chain in memory, moved by the test: heads, deals, balances, reorganisations.
#include "messages/actors/wallets.hpp"
#include "storage/filecoin/market.hpp"
#include "storage/filecoin/message.hpp"

#include <map>
#include <memory>
#include <set>
#include <vector>

#include <caf/typed_event_based_actor.hpp>

namespace weir::test {

struct chain_world {
  epoch head{1000};
  epoch_delta finality = 5;
  bool down = false;
  bool dead = false;             ///< whoever asks is dead: nothing reaches the chain
  bool swallow_messages = false; ///< pushed, never landed
  std::vector<miner_info> miners;
  bool slow_list = false; ///< the list of miners is given when next somebody asks for the head
  std::size_t lists = 0;  ///< how often it was asked for
  std::vector<caf::typed_response_promise<std::vector<address>>> waiting_lists;
  std::map<deal_id, chain_deal> deals;
  std::vector<market_event> events;
  token_amount balance = *token_amount::parse_fil("100 FIL");
  token_amount escrow, locked;
  token_amount datacap;                     ///< of everybody, bytes
  std::map<address, token_amount> accounts; ///< when there are any, all others have nothing and never had
  std::uint64_t nonce = 0;
  std::map<cid, message_receipt> landed;
  std::vector<bytes> pushed; ///< every push, repeated ones too
  std::set<cid> seen_messages;
  std::vector<chain_listener> listeners;
  std::uint64_t last_deal = 0;

  std::vector<address> list() const {
    std::vector<address> all;
    for (auto& m : miners)
      all.push_back(m.miner);
    return all;
  }
  void list_now() {
    for (auto& p : std::exchange(waiting_lists, {}))
      p.deliver(list());
  }

  std::map<address, miner_power> power; ///< who is not here has told nothing
  std::map<address, sector_counts> sectors;

  epoch finalized() const { return head - finality; }

  void push(const bytes& data) {
    pushed.push_back(data);
    auto m = filecoin::decode_signed_message(data);
    auto id = filecoin::signed_message_cid(*m);
    if (!seen_messages.insert(id).second || swallow_messages)
      return;
    ++nonce;
    balance = balance - m->msg.value;
    if (m->msg.method == filecoin::market::add_balance)
      escrow = escrow + m->msg.value;
    landed[id] = {id, 0, {}, head};
  }

  /// As a provider would: the deal is on chain from now on.
  deal_id publish(const deal& d) {
    chain_deal c;
    c.id = deal_id{++last_deal};
    c.piece = d.piece;
    c.padded_size = d.padded_size;
    c.client = address::from_id(100);
    c.provider = d.provider;
    c.label = d.label;
    c.start = d.start;
    c.end = d.end;
    c.price_per_epoch = d.price_per_epoch;
    deals[c.id] = c;
    if (d.verified)
      datacap = datacap - token_amount{d.padded_size};
    locked = locked + d.price_per_epoch * token_amount{static_cast<std::uint64_t>(d.end - d.start)};
    events.push_back({market_event::kind::published, c.id, 100, d.provider.id(), head + 1, {}});
    return c.id;
  }
  void activate(deal_id id) {
    deals.at(id).sector_start = head + 1;
    events.push_back({market_event::kind::activated, id, 100, deals.at(id).provider.id(), head + 1, {}});
  }
  void slash(deal_id id) {
    events.push_back({market_event::kind::terminated, id, 100, deals.at(id).provider.id(), head + 1, {}});
    deals.erase(id);
  }
  /// A reorganisation takes the publication back.
  void unpublish(deal_id id) {
    deals.erase(id);
    std::erase_if(events, [id](auto& e) { return e.id == id; });
  }
};

using chain_world_ptr = std::shared_ptr<chain_world>;

using fake_chain_impl = chain_actor::extend_with<datacap_chain_actor>;

inline fake_chain_impl::behavior_type fake_chain(fake_chain_impl::pointer self, chain_world_ptr w) {
  auto down = [] { return to_caf(fail(errc::unreachable, "The chain node does not answer.")); };
  return {
      [w](atom::subscribe, const chain_listener& who) {
        w->listeners.push_back(who);
        return nothing{};
      },
      [](const chain::get_info&) {
        return chain_info{"fake", 25, 0, epoch_seconds};
      },
      [w](const chain::get_head&) {
        w->list_now();
        return tipset{w->head, {}, 0};
      },
      [w](const chain::get_finalized&) {
        return tipset{w->finalized(), {}, 0};
      },
      [self, w, down](const chain::list_miners&) -> caf::result<std::vector<address>> {
        ++w->lists;
        if (w->down)
          return down();
        if (!w->slow_list)
          return w->list();
        w->waiting_lists.push_back(self->make_response_promise<std::vector<address>>());
        return w->waiting_lists.back();
      },
      [w, down](const chain::get_miner& q) -> caf::result<miner_info> {
        for (auto& m : w->miners)
          if (m.miner == q.miner && !w->down)
            return m;
        return down();
      },
      [w, down](const chain::get_power& q) -> caf::result<miner_power> {
        auto found = w->power.find(q.miner);
        return w->down || found == w->power.end() ? caf::result<miner_power>{down()} : found->second;
      },
      [w, down](const chain::get_sectors& q) -> caf::result<sector_counts> {
        auto found = w->sectors.find(q.miner);
        return w->down || found == w->sectors.end() ? caf::result<sector_counts>{down()} : found->second;
      },
      [w, down](const chain::get_balance& q) -> caf::result<token_amount> {
        if (w->down)
          return down();
        auto found = w->accounts.find(q.of);
        return w->accounts.empty() ? w->balance : found == w->accounts.end() ? token_amount{} : found->second;
      },
      [w, down](const chain::get_market_balance&) -> caf::result<market_balance> {
        if (w->down)
          return down();
        return w->accounts.empty() ? market_balance{w->escrow, w->locked} : market_balance{};
      },
      [w, down](const chain::get_datacap&) -> caf::result<token_amount> {
        if (w->down)
          return down();
        return w->datacap;
      },
      [](const chain::lookup_id&) { return address::from_id(100); },
      [w, down](const chain::get_deal& q) -> caf::result<chain_deal> {
        if (w->down)
          return down();
        auto found = w->deals.find(q.id);
        if (found == w->deals.end())
          return to_caf(fail(errc::not_found, "no such deal"));
        return found->second;
      },
      [](const chain::get_collateral&) {
        return collateral_bounds{token_amount{1000}, token_amount{1'000'000}};
      },
      [w](const chain::get_nonce&) -> caf::result<std::uint64_t> {
        if (!w->accounts.empty())
          return to_caf(fail(errc::chain_error, "actor not found"));
        return w->nonce;
      },
      [](const chain::estimate_gas& q) {
        auto call = q.call;
        call.gas_limit = 1000;
        call.gas_fee_cap = token_amount{100};
        return call;
      },
      [w, down](const chain::push_message& m) -> caf::result<cid> {
        if (w->down || w->dead)
          return down();
        w->push(m.signed_message);
        return filecoin::signed_message_cid(*filecoin::decode_signed_message(m.signed_message));
      },
      [w](const chain::search_message& q) -> std::optional<message_receipt> {
        auto found = w->landed.find(q.message);
        return found == w->landed.end() ? std::nullopt : std::optional{found->second};
      },
      [w](const chain::get_market_events& q) {
        std::vector<market_event> found;
        for (auto& e : w->events)
          if (e.height >= q.from && e.height <= q.to)
            found.push_back(e);
        return found;
      },
  };
}

} // namespace weir::test
