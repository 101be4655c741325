#pragma once
// What the connections of one server share. Internal to adapters/http.
#include "adapters/http/server.hpp"

#include <future>
#include <unordered_set>

namespace weir::http {

struct server::core : std::enable_shared_from_this<core> {
  core(loop::uv_loop& owner, server_options o, handler h)
      : loop{owner}, options{std::move(o)}, on_request{std::move(h)} {}

  loop::uv_loop& loop;
  server_options options;
  handler on_request;
  uv_stream_s* listener = nullptr; ///< null when not listening
  std::unordered_set<std::shared_ptr<connection>> connections;
  std::unique_ptr<loop::timer> sweep;
  std::size_t stop_registration = 0;
  bool draining = false;
  std::function<void()> drained;
  std::uint64_t requests = 0;
  std::uint64_t refused = 0;
  std::string date_text;
  loop::milliseconds date_at{-1000};

  result<bound_address> open();
  void accepted();
  void remove(const std::shared_ptr<connection>& gone);
  void start_sweep();
  void close_listener();
  void drain(std::function<void()> done);
  void close_all();
  /// "Date: …\r\n" or nothing.
  const std::string& date_line();
};

} // namespace weir::http
