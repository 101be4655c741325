#pragma once
// How the handlers of FFS reach its actors, and what they share. Loop thread only.
#include "adapters/loop/hosted.hpp"
#include "node/api/endpoints.hpp"
#include "node/api/lists.hpp"
#include "node/api/watch.hpp"
#include "node/ffs/desk.hpp"

namespace weir::api {

/// What watches of FFS need.
class ffs_door {
public:
  ffs_door(loop::host& host, loop::uv_loop& owner, watch_hub_actor hub)
      : host{host}, owner{owner}, hub{std::move(hub)} {}

  loop::host& host;
  loop::uv_loop& owner;
  watch_hub_actor hub;
};

/// The instance of the path, "me" for that of the token. Foreign ones do not exist.
result<ffs::instance> instance_of(const call& c);
/// The CID of the path.
result<cid> cid_of_path(const call& c);

/// For a request at the desk: `show` gets what came, the caller an error.
template <class T, class Show>
std::function<void(result<T>)> answer(const call& c, Show show) {
  return [c, show](result<T> r) { good(c, r) ? show(*std::move(r)) : void(); };
}

/// A page as a list of JSON objects; `write` writes one.
template <class T, class Write>
void answer_page(const call& c, const ffs::page_of<T>& page, Write write) {
  json::writer w;
  begin_list(w);
  for (const auto& item : page.items)
    write(w, item);
  end_list(w, page.next, page.at);
  c.json(200, w);
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
endpoints ffs_webhook_endpoints();

} // namespace weir::api
