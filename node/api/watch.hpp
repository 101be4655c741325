#pragma once
// GET /watch: the event stream. Each watcher is a hosted actor that has a log
// watch of its own: the hub sends it the next batch when the one before has
// left for the network, so a slow watcher reads from the journal at its pace
// and costs no memory. Loop thread only.
//
//   id: 42
//   event: transaction
//   data: {"revision":42,"time":…,"events":[…],"changes":[…]}
//
// `event: node` comes at most once a second, when the node's figures changed;
// `event: compacted` when the revision is no longer kept, and ends the stream.
#include "adapters/http/sse.hpp"
#include "adapters/loop/hosted.hpp"
#include "messages/actors/records.hpp"
#include "node/api/call.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace weir::api {

class watch_service : public std::enable_shared_from_this<watch_service> {
public:
  /// `host` lives on `owner`; both outlive the service's watchers.
  watch_service(services& node, watch_hub_actor hub, loop::host& host, loop::uv_loop& owner);

  void open(const call& c);
  /// Feeds the tally from its revision on.
  void follow_tally();
  /// Ends every stream: before the listener stops.
  void end_all();
  std::size_t watchers() const { return streams_.size(); }

  /// `token_hash` is empty for the operator on loopback.
  void joined(http::sse_stream* stream, caf::actor_addr watcher, std::string token_hash);
  /// A token was revoked: ends the streams that were opened with one that no longer holds.
  void drop_revoked();
  void left(http::sse_stream* stream);
  loop::uv_loop& owner() { return owner_; }

private:
  void tell_node();

  services& node_;
  watch_hub_actor hub_;
  loop::host& host_;
  loop::uv_loop& owner_;
  std::unique_ptr<loop::timer> pulse_;
  struct watching {
    caf::actor_addr who;
    std::string token_hash;
  };
  std::map<http::sse_stream*, watching> streams_;
  std::string last_told_;
};

} // namespace weir::api
