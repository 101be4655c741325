#pragma once
// What the calls and tunnels of one client share. Internal to adapters/http.
#include "adapters/http/client.hpp"

#include <curl/curl.h>
#include <map>
#include <unordered_set>
#include <vector>

namespace weir::http {

class running_call;
struct watched_socket;

struct client::core : std::enable_shared_from_this<core> {
  core(loop::uv_loop& owner, client_options o) : loop{owner}, options{std::move(o)} {}

  loop::uv_loop& loop;
  client_options options;
  CURLM* multi = nullptr;
  std::unique_ptr<loop::timer> timer;
  std::unordered_set<std::shared_ptr<running_call>> calls;
  /// Connections made for another protocol: what to do when one is there.
  std::map<CURL*, std::function<void(CURLcode)>> tunnels;
  /// Called when the client stops, by the owner of each open tunnel.
  std::map<CURL*, std::function<void()>> tunnel_ends;
  std::size_t stop_registration = 0;
  bool inside = false;                      ///< libcurl is calling us: it must not be called
  std::vector<std::function<void()>> later; ///< what waits for its return

  void open();
  void close();
  void add(const std::shared_ptr<running_call>& what);
  void end(const std::shared_ptr<running_call>& what, const status& how);
  void act(curl_socket_t socket, int events);
  void enter(const std::function<void()>& what);
  /// At once, or when libcurl has returned.
  void outside(std::function<void()> what);
  void collect();
  void completed(CURL* easy, CURLcode code);
  int watch(curl_socket_t socket, int what, watched_socket* known);
  int set_timer(long after);
};

} // namespace weir::http
