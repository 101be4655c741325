#pragma once
// JSON-RPC 2.0 as go-jsonrpc speaks it: requests, batches and notifications
// in, replies out. Knows no transport.
#include "adapters/devnet/rpc/session.hpp"

namespace weir::devnet::rpc {

inline constexpr std::size_t max_batch = 100;
inline constexpr std::size_t max_waiting = 1000; ///< calls of StateWaitMsg

class dispatcher {
public:
  /// The reply's text (empty when there is none to send) and HTTP status.
  using reply = std::function<void(std::string text, int status)>;

  explicit dispatcher(context c);
  ~dispatcher();

  /// `ws` is the connection's session, null for plain HTTP. `done` is called
  /// once, now or later. `alive` says whether anybody still waits for it.
  void handle(std::string_view text, session* ws, reply done, std::function<bool()> alive);

  context& where() { return context_; }
  std::uint64_t calls() const { return calls_; }

private:
  struct waiting;
  using answer = std::function<void(json reply, int status)>;
  void one(const json& request, session* ws, answer done, const std::function<bool()>& alive);
  void run(const json& request, const std::string& name, const json& params, session* ws, const answer& done,
           const std::function<bool()>& alive);
  bool subscribe(const json& request, const std::string& name, const json& params, session* ws, const answer& done);
  void wait_message(const json& request, const json& params, const answer& done, std::function<bool()> alive);
  void look_at_waiting();

  context context_;
  method_table table_;
  std::vector<waiting> waiting_;
  std::size_t listener_ = 0;
  std::uint64_t calls_ = 0;
};

} // namespace weir::devnet::rpc
