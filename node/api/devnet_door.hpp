#pragma once
// Passes /devnet on to the control endpoints of the devnet that the node runs
// or is told of, over HTTP like everybody else's.
#include "adapters/http/client.hpp"
#include "node/api/call.hpp"

namespace weir::api {

class devnet_door {
public:
  /// `control` is the URL of the devnet's control endpoints.
  devnet_door(http::client& client, std::string control) : client_{client}, control_{std::move(control)} {}
  void pass(const call& c, std::string verb, const std::string& path, const std::string& body) const;

private:
  http::client& client_;
  std::string control_;
};

} // namespace weir::api
