#pragma once
// How the handlers of FFS reach its actors, and what they share. Loop thread only.
#include "adapters/loop/hosted.hpp"
#include "messages/actors/ffs.hpp"
#include "node/api/endpoints.hpp"
#include "node/api/watch.hpp"

namespace weir::api {

class ffs_door {
public:
  ffs_door(ffs::manager_actor manager, ffs::config_limits limits, loop::host& host, loop::uv_loop& owner,
           watch_hub_actor hub)
      : manager{std::move(manager)}, limits{limits}, host{host}, owner{owner}, hub{std::move(hub)} {}

  ffs::manager_actor manager;
  ffs::config_limits limits;
  loop::host& host;
  loop::uv_loop& owner;
  watch_hub_actor hub;
};

/// The instance of the path, "me" for that of the token. Foreign ones do not exist.
result<ffs::instance> instance_of(const call& c);
/// The CID of the path.
result<cid> cid_of_path(const call& c);

/// A request to the powergate of the instance of the path.
template <class Message, class Then>
void ask_powergate(const call& c, const instance_id& of, Message message, Then then) {
  if (!c.node->ffs) {
    c.fail(weir::fail(errc::unsupported, "This node's role does not run FFS; ask a node with both roles."));
    return;
  }
  ask(c, c.node->ffs->manager, ffs::open_instance{of},
      [c, message = std::move(message), then](const ffs::powergate_actor& gate) { ask(c, gate, message, then); });
}

/// Server-sent events of the records of a table whose keys begin so: what there is, then every change.
struct record_stream {
  table_id table{};
  std::string prefix;
  std::string event; ///< its name
  /// JSON of a record; empty: not wanted. `first` tells that it is of what there was at the beginning.
  std::function<std::string(const std::string& encoded, bool first)> show;
};
void open_stream(const call& c, record_stream what);

endpoints ffs_cid_endpoints();
endpoints ffs_job_endpoints();
endpoints ffs_record_endpoints();
endpoints ffs_wallet_endpoints();

} // namespace weir::api
