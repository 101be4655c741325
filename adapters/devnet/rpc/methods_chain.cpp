// Chain*, Version, network and health.
#include "adapters/devnet/rpc/methods.hpp"

#include <nlohmann/json.hpp>

namespace weir::devnet::rpc {

namespace {

json by_height(context& c, const json& p) {
  auto height = read_epoch(p[0]);
  auto top = tipset_of(c, p[1]);
  if (height > top->height())
    throw rpc_failure{1, "looking for tipset with height greater than start point"};
  if (height < epoch{0})
    throw rpc_failure{1, "cannot look up a negative height"};
  return show(*c.node.chain().at_height(height));
}

json finalized(context& c, const json&) {
  auto height = std::max(epoch{0}, c.node.head()->height() - c.node.chain().params().finality);
  return show(*c.node.chain().at_height(height));
}

json get_message(context& c, const json& p) {
  auto id = read_cid(p[0]);
  if (auto found = c.node.chain().find(id))
    return show(found->message->message.msg, filecoin::message_cid(found->message->message.msg));
  if (auto* m = c.node.chain().pool().find(id))
    return show(m->msg, filecoin::message_cid(m->msg));
  throw rpc_failure{1, "ipld: could not find " + id.text()};
}

tipset_ptr need_block(context& c, const json& key) {
  auto id = read_cid(key);
  auto t = c.node.chain().by_key(id);
  if (!t)
    throw rpc_failure{1, "ipld: could not find " + id.text()};
  return t;
}

json block_messages(context& c, const json& p) {
  auto messages = json::array(), ids = json::array();
  for (auto& m : need_block(c, p[0])->messages) {
    messages.push_back(show(m.message));
    ids.push_back(show(m.id));
  }
  return {{"BlsMessages", json::array()}, {"SecpkMessages", std::move(messages)}, {"Cids", std::move(ids)}};
}

/// The devnet executes messages in their own tipset: "parent" receipts are the block's.
json parent_receipts(context& c, const json& p) {
  auto list = json::array();
  for (auto& m : need_block(c, p[0])->messages)
    list.push_back(show(m.outcome));
  return list;
}

json parent_messages(context& c, const json& p) {
  auto list = json::array();
  for (auto& m : need_block(c, p[0])->messages)
    list.push_back({{"Cid", show(m.id)}, {"Message", show(m.message.msg, filecoin::message_cid(m.message.msg))}});
  return list;
}

json path(context& c, const json& p) {
  auto from = tipset_of(c, p[0]), to = tipset_of(c, p[1]);
  auto steps = json::array();
  for (auto& t : c.node.chain().between(from->height() + 1, to->height()))
    steps.push_back({{"Type", "apply"}, {"Val", show(*t)}});
  return steps;
}

json network_params(context& c, const json&) {
  auto& p = c.node.chain().params();
  return {
      {"NetworkName", p.network},          {"BlockDelaySecs", epoch_seconds},     {"ConsensusMinerMinPower", "2048"},
      {"PreCommitChallengeDelay", 10},     {"ForkUpgradeParams", json::object()}, {"Eip155ChainID", 31415926},
      {"GenesisTimestamp", p.genesis_time}};
}

json sync_state(context& c, const json&) {
  auto head = c.node.head(), target = c.node.chain().head();
  return {{"ActiveSyncs", json::array({{{"WorkerID", 0},
                                        {"Base", show(*head)},
                                        {"Target", show(*target)},
                                        {"Stage", c.node.in_sync() ? 4 : 3},
                                        {"Height", head->height().value},
                                        {"Message", ""}}})},
          {"VMApplied", 0}};
}

} // namespace

tipset_ptr tipset_of(context& c, const json& key) {
  if (key.is_null() || (key.is_array() && key.empty()))
    return c.node.head();
  if (!key.is_array())
    throw rpc_failure{parse_error, "a tipset key was expected, got " + key.dump()};
  auto t = c.node.chain().by_key(read_cid(key[0]));
  if (!t || key.size() != 1)
    throw rpc_failure{1, "failed to load tipset: ipld: could not find " + key.dump()};
  return t;
}

void add_chain_methods(method_table& table) {
  table["ChainHead"] = {0, [](context& c, const json&) { return show(*c.node.head()); }};
  table["ChainGetGenesis"] = {0, [](context& c, const json&) { return show(*c.node.chain().at_height(epoch{0})); }};
  table["ChainGetTipSet"] = {1, [](context& c, const json& p) { return show(*tipset_of(c, p[0])); }};
  table["ChainGetTipSetByHeight"] = {2, by_height};
  table["ChainGetFinalizedTipSet"] = {0, finalized};
  table["ChainGetMessage"] = {1, get_message};
  table["ChainGetBlock"] = {1, [](context& c, const json& p) { return show_block(*need_block(c, p[0])); }};
  table["ChainGetBlockMessages"] = {1, block_messages};
  table["ChainGetParentReceipts"] = {1, parent_receipts};
  table["ChainGetParentMessages"] = {1, parent_messages};
  table["ChainGetPath"] = {2, path};
  table["StateNetworkName"] = {0, [](context& c, const json&) { return json(c.node.chain().params().network); }};
  table["StateNetworkVersion"] = {
      1, [](context& c, const json&) { return json(c.node.chain().params().network_version); }};
  table["StateGetNetworkParams"] = {0, network_params};
  table["SyncState"] = {0, sync_state};
  table["Version"] = {0, [](context&, const json&) {
                        return json{{"Version", "1.36.2+weir-devnet"},
                                    {"APIVersion", 131840},
                                    {"BlockDelay", epoch_seconds},
                                    {"Agent", "weir-devnet"}};
                      }};
  table["ID"] = {0, [](context&, const json&) { return json("12D3KooWDevnetHasNoLibp2pAddressOfItsOwn"); }};
  table["NetAddrsListen"] = {0, [](context&, const json&) { return json{{"ID", ""}, {"Addrs", json::array()}}; }};
}

} // namespace weir::devnet::rpc
