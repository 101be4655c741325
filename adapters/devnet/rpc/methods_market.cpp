// StateMarket*, collateral, DataCap, and the empty world of allocations.
#include "adapters/devnet/rpc/methods.hpp"

#include <nlohmann/json.hpp>

namespace weir::devnet::rpc {

namespace {

json show(const escrow_entry& e) {
  return {{"Escrow", e.escrow.decimal()}, {"Locked", e.locked.decimal()}};
}

json balance(context& c, const json& p) {
  auto& state = state_of(c, p[1]);
  return show(state.escrow_of(need_actor(state, read_address(p[0]))));
}

json participants(context& c, const json& p) {
  auto list = json::object();
  for (auto& [id, entry] : state_of(c, p[0]).escrow.rows())
    list[rpc::show(address::from_id(id))] = show(entry);
  return list;
}

json storage_deal(context& c, const json& p) {
  auto id = read_number(p[0]);
  auto* d = state_of(c, p[1]).deals.find(id);
  if (!d)
    throw rpc_failure{1, "deal " + std::to_string(id)
                             + " not found - deal may not have completed sealing before deal proposal start epoch, "
                               "or deal may have been slashed"};
  return rpc::show(*d);
}

json all_deals(context& c, const json& p) {
  auto list = json::object();
  for (auto& [id, d] : state_of(c, p[0]).deals.rows())
    list[std::to_string(id)] = rpc::show(d);
  return list;
}

json collateral_bounds(context& c, const json& p) {
  auto size = read_number(p[0]);
  if (!p[1].is_boolean())
    throw rpc_failure{parse_error, "a boolean was expected, got " + p[1].dump()};
  state_of(c, p[2]);
  return {{"Min", least_collateral(c.node.chain().params(), size).decimal()}, {"Max", most_collateral().decimal()}};
}

/// Null for who is no verified client.
json verified_client_status(context& c, const json& p) {
  auto& state = state_of(c, p[1]);
  auto held = state.datacap_of(need_actor(state, read_address(p[0])));
  return held.zero() ? json{} : json(held.decimal());
}

/// A question about one actor to which the answer is always the same.
rpc_method about_actor(std::size_t params, json answer) {
  return {params, [params, answer](context& c, const json& p) {
            need_actor(state_of(c, p[params - 1]), read_address(p[0]));
            return answer;
          }};
}

} // namespace

void add_market_methods(method_table& table) {
  table["StateMarketBalance"] = {2, balance};
  table["StateMarketParticipants"] = {1, participants};
  table["StateMarketStorageDeal"] = {2, storage_deal};
  table["StateMarketDeals"] = {1, all_deals};
  table["StateMarketProposalPending"] = {2, [](context& c, const json& p) {
                                           auto& state = state_of(c, p[1]);
                                           auto* id = state.proposals.find(read_cid(p[0]));
                                           return json(id && !state.deals.find(*id)->active());
                                         }};
  table["StateDealProviderCollateralBounds"] = {3, collateral_bounds};
  table["StateVerifiedClientStatus"] = {2, verified_client_status};
  table["StateGetAllocations"] = about_actor(2, json::object());
  table["StateGetAllocation"] = about_actor(3, nullptr);
  table["StateGetClaims"] = about_actor(2, json::object());
  table["StateGetClaim"] = about_actor(3, nullptr);
  table["StateGetAllocationForPendingDeal"] = {2, [](context& c, const json& p) {
                                                 storage_deal(c, p);
                                                 return json{};
                                               }};
  table["StateGetAllocationIdForPendingDeal"] = {2, [](context& c, const json& p) {
                                                   storage_deal(c, p);
                                                   return json(0);
                                                 }};
}

} // namespace weir::devnet::rpc
