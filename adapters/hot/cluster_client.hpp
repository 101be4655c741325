#pragma once
// The REST API of ipfs-cluster 1.1 (port 9094; ipfs-cluster's openapi), as far
// as a hot layer needs it. Answers are called once, on the loop thread; the
// object may go while calls are under way.
//
// Errors: unreachable, timeout, unauthenticated (basic auth or token),
// not_found (not in the pinset), protocol (also: too few peers for the
// replication that was asked for, in the cluster's words).
#include "adapters/hot/car_feed.hpp"
#include "adapters/hot/peer.hpp"

#include <map>

namespace weir::hot {

struct cluster_options {
  std::string url; ///< "http://host:9094"
  credentials who;
  loop::milliseconds connect_timeout{5'000};
  loop::milliseconds answer_timeout{30'000}; ///< a cluster asks unreachable peers for 15 s
  loop::milliseconds quiet_add{600'000};     ///< it answers once every block is where it belongs
};

struct cluster_pin_options {
  int replication_min = 0; ///< -1: every peer; 0: the cluster's own default
  int replication_max = 0;
  std::string name;
  std::int64_t expire_in = 0; ///< seconds; 0: never
  std::map<std::string, std::string> metadata;
};

struct cluster_pin {
  cid id;
  std::string name;
  int replication_min = 0, replication_max = 0;
  std::vector<std::string> allocations; ///< peers; empty: all
};

struct cluster_peer_status {
  std::string peer, name;
  std::string status; ///< pinned, pinning, pin_queued, pin_error, cluster_error, remote, unpinned, …
  std::string error;
};
struct cluster_status {
  cid id;
  std::string name;
  std::vector<cluster_peer_status> peers;

  std::size_t count(std::string_view status) const;
};

struct cluster_peer {
  std::string id, name, version, error;
};

class cluster_client {
public:
  cluster_client(http::client& client, cluster_options options) : client_{client}, options_{std::move(options)} {}

  /// Sends the blocks of a CAR to the peers that the cluster chooses, and pins.
  http::call_ptr add_car(const cid& root, car_feed_ptr feed, const cluster_pin_options& how, loop::milliseconds timeout,
                         then_status done);
  /// Taken down by the cluster; its peers fetch and pin in their own time.
  http::call_ptr pin(const cid& id, const cluster_pin_options& how, then<cluster_pin> done);
  http::call_ptr status_of(const cid& id, then<cluster_status> done);
  /// Peers that had an error try again.
  http::call_ptr recover(const cid& id, then<cluster_status> done);
  /// Fine when it is not in the pinset.
  http::call_ptr unpin(const cid& id, then_status done);
  http::call_ptr allocation(const cid& id, then<cluster_pin> done);
  http::call_ptr allocations(std::function<void(const cluster_pin&)> each, then_status done);
  http::call_ptr peers(then<std::vector<cluster_peer>> done);
  http::call_ptr health(then_status done);
  http::call_ptr version(then<std::string> done);

private:
  http::client_request request(std::string verb, const std::string& path, const http::query& args = {}) const;
  http::call_ptr ask(http::client_request what, then<nlohmann::json> done);
  /// A stream of JSON, one a line.
  http::call_ptr lines(http::client_request what, json_lines::visitor each, then_status done);

  http::client& client_;
  cluster_options options_;
};

} // namespace weir::hot
