#pragma once
// One mk12 request on its way along the base URLs of a provider, and what a
// failure means. Loop thread only.
#include "adapters/http/client.hpp"

#include <functional>
#include <memory>
#include <unordered_set>
#include <vector>

namespace weir::deals {

struct errand {
  std::string verb;
  std::string path;
  bytes body;
  std::vector<std::string> bases;
  loop::milliseconds connect_timeout{0};
  loop::milliseconds timeout{0};
  std::size_t max_answer = 0;
  bool once = false; ///< must not arrive twice
  /// The body of a 200, or: errc::unreachable, timeout, protocol, overloaded;
  /// errc::outcome_unknown only for `once`; errc::shutting_down.
  std::function<void(result<std::string>)> done;
};

/// The errands under way. Its end cancels them with errc::shutting_down.
class errands {
public:
  explicit errands(http::client& client) : client_{client} {}
  errands(const errands&) = delete;
  errands& operator=(const errands&) = delete;
  ~errands();

  void send(errand what);
  std::size_t waiting() const { return running_.size(); }

private:
  struct trip;
  using trip_ptr = std::shared_ptr<trip>;
  void go(const trip_ptr& t);
  void came(const trip_ptr& t, result<http::client_response> got, bool sent);

  http::client& client_;
  std::unordered_set<trip_ptr> running_;
};

} // namespace weir::deals
