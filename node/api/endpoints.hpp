#pragma once
// The API as data: each endpoint with who may use it, what it is for and the
// handler. The router, /openapi.json and the conformance test walk this table.
#include "node/api/call.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace weir::api {

enum class access : std::uint8_t {
  open,  ///< nobody is asked who they are
  user,  ///< any caller; sees what is theirs
  admin, ///< the operator, or an admin token
};

struct endpoint {
  std::string_view verb;
  std::string_view path; ///< below /api/v1
  access need = access::user;
  std::string_view summary; ///< one sentence
  std::string_view query;   ///< names of query parameters, separated by spaces
  std::string_view body;    ///< members of the JSON body; "bytes" for raw ones; empty for none
  int status = 200;         ///< of success
  void (*run)(call) = nullptr;
  std::uint32_t scope = 0; ///< that a token of an instance needs; 0: read or store, by the verb
};

using endpoints = std::vector<endpoint>;

endpoints node_endpoints();
endpoints content_endpoints();
endpoints explain_endpoints();
endpoints proof_endpoints();
endpoints file_endpoints();
endpoints dag_endpoints();
endpoints upload_endpoints();
endpoints bucket_endpoints();
endpoints piece_endpoints();
endpoints deal_endpoints();
endpoints provider_endpoints();
endpoints store_endpoints();
endpoints wallet_endpoints();
endpoints token_endpoints();
endpoints ffs_endpoints();
endpoints session_endpoints();
endpoints event_endpoints();
endpoints watch_endpoints();
endpoints devnet_endpoints();

/// All of them, in the order of the documentation.
const endpoints& all_endpoints();

/// OpenAPI 3.1 of all_endpoints().
std::string openapi_document();

} // namespace weir::api
