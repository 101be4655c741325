#pragma once
// The subscriptions of one WebSocket: channels of JSON-RPC notifications as
// go-jsonrpc has them (filecoin.md 4.2).
#include "adapters/devnet/rpc/methods.hpp"

namespace weir::devnet::rpc {

class session {
public:
  /// `send` takes one text message.
  session(context& c, std::function<void(std::string)> send);
  session(const session&) = delete;
  session& operator=(const session&) = delete;
  ~session();

  /// Opens a channel for the request of this id; the number is the reply's
  /// result. `start` is called after the reply was sent.
  struct channel {
    std::uint64_t number;
    std::function<void()> start;
  };
  channel chain_notify(const json& request_id);
  channel actor_events(const json& request_id, const json& filter);
  /// xrpc.cancel: ends the channel of that request.
  void cancel(const json& request_id);

private:
  struct subscription;
  using sender = std::function<void(std::uint64_t number, const chain_changes&)>;
  channel open(const json& request_id, sender on_change, std::function<void(std::uint64_t number)> first);
  void send_value(std::uint64_t number, const json& value);

  context& context_;
  std::function<void(std::string)> send_;
  std::map<std::string, std::unique_ptr<subscription>> open_; // by request id
  std::uint64_t next_channel_ = 1;
};

} // namespace weir::devnet::rpc
