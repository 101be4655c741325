#pragma once
// The shapes of Lotus' JSON (filecoin.md section 4), both ways. Reading throws
// `rpc_failure`, which never leaves the RPC server.
#include "adapters/devnet/chain/chain_state.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace weir::devnet::rpc {

/// An error as JSON-RPC has it.
struct rpc_failure {
  int code = 1;
  std::string message;
};
inline constexpr int parse_error = -32700, invalid_request = -32600, method_not_found = -32601, invalid_params = -32602,
                     actor_not_found = 11;

using nlohmann::json;

bytes read_base64(const json& j);

json show(const cid& c); ///< {"/": "…"}, null when empty
json show_key(const tipset_data& t);
json show(const tipset_data& t);
json show_block(const tipset_data& t);
json show(const filecoin::message& m, const cid& id);
json show(const filecoin::signed_message& m);
json show(const receipt& r);
json show(const filecoin::signature& s);
json show(const market_deal& d);
json show(const actor_event& e, const tipset_data& at, bool reverted);
std::string show(const address& a);

cid read_cid(const json& j);
address read_address(const json& j);
epoch read_epoch(const json& j);
std::uint64_t read_number(const json& j);
token_amount read_amount(const json& j);
filecoin::message read_message(const json& j);
filecoin::signature read_signature(const json& j);
filecoin::signed_message read_signed_message(const json& j);

} // namespace weir::devnet::rpc
