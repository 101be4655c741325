#pragma once
// The other two listeners, each an origin of its own: the gateway, with the
// bytes that strangers stored and nothing that can spend or change; and the
// piece host, where providers download with the token of their deal.
#include "adapters/http/router.hpp"
#include "messages/actors/pieces.hpp"
#include "node/api/services.hpp"

namespace weir::api {

http::router gateway_routes(services& node, access_rules rules);
/// GET /ipfs/{cid}/{path}: a file of a content with that root.
http::handler gateway_handler(services& node, access_rules rules);

http::router pieces_routes(services& node, const piece_host_actor& host);
/// GET /piece/{cid} with ranges, by sendfile; needs the bearer token of a live deal.
http::handler pieces_handler(services& node, piece_host_actor host);

} // namespace weir::api
