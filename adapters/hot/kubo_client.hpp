#pragma once
// The HTTP RPC of a Kubo node (/api/v0, docs.ipfs.tech/reference/kubo/rpc), as
// far as a hot layer needs it. Answers are called once, on the loop thread; the
// object may go while calls are under way.
//
// Errors: unreachable (down, reset, restarted in the middle), timeout,
// protocol (not Kubo, or it refused in words of its own), forbidden and
// unauthenticated (API.Authorizations, allowed origins), not_found (not
// pinned; a block that is not there), disk_full, corrupt (bytes that are not what
// their CID says).
#include "adapters/hot/car_feed.hpp"
#include "adapters/hot/peer.hpp"

namespace weir::hot {

struct kubo_options {
  std::string url; ///< "http://host:5001"
  credentials who;
  loop::milliseconds connect_timeout{5'000};
  loop::milliseconds answer_timeout{30'000}; ///< for what is quick
  loop::milliseconds quiet{30'000};          ///< a stream that says nothing for so long is dead
  loop::milliseconds quiet_import{600'000};  ///< Kubo walks the whole DAG before it answers
};

struct kubo_id {
  std::string id, agent;
  std::vector<std::string> addresses;
};
struct kubo_repo {
  std::uint64_t size = 0, most = 0, objects = 0; ///< bytes, bytes, blocks
  std::string path;
};
struct kubo_pin {
  cid id;
  std::string name, type; ///< recursive, direct, indirect
};
struct kubo_import {
  cid root;
  std::uint64_t blocks = 0, bytes = 0;
};

class kubo_client {
public:
  kubo_client(http::client& client, kubo_options options) : client_{client}, options_{std::move(options)} {}

  http::call_ptr id(then<kubo_id> done);
  http::call_ptr version(then<std::string> done);
  http::call_ptr repo_stat(then<kubo_repo> done);

  /// At most 2 MiB. errc::corrupt when Kubo made another CID of it.
  http::call_ptr put_block(const cid& id, bytes block, then_status done);
  /// `offline`: only what the node has. The block is verified.
  http::call_ptr get_block(const cid& id, bool offline, then<bytes> done);

  /// Recursively. Kubo finds what it lacks; `progress` gets the blocks so far.
  http::call_ptr pin(const cid& id, const std::string& name, loop::milliseconds timeout,
                     std::function<void(std::uint64_t)> progress, then_status done);
  http::call_ptr pinned(const cid& id, then<bool> done); ///< recursively
  http::call_ptr pins(std::function<void(const kubo_pin&)> each, then_status done);
  /// Fine when it is not pinned.
  http::call_ptr unpin(const cid& id, then_status done);

  /// Bytes of the different blocks below it, all of which the node has.
  http::call_ptr dag_size(const cid& id, then<std::uint64_t> done);

  /// Takes in a CAR of one root and pins it.
  http::call_ptr import_car(const cid& root, car_feed_ptr feed, loop::milliseconds timeout, then<kubo_import> done);
  /// The DAG as a CAR; `done` has the error that Kubo met on the way.
  http::call_ptr export_car(const cid& root, bool offline, loop::milliseconds timeout,
                            std::function<void(bytes_view)> data, then_status done);

private:
  struct query;
  http::client_request request(const query& what) const;
  http::call_ptr ask(const query& what, then<nlohmann::json> done);

  http::client& client_;
  kubo_options options_;
};

} // namespace weir::hot
