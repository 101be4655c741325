#pragma once
// Bytes of a content going out over HTTP: ranges, ETag, back-pressure. What
// strangers uploaded is never shown as a page of this origin (attachment,
// nosniff, a sandbox without rights).
#include "node/api/call.hpp"

namespace weir::api {

/// Answers GET or HEAD with the file of the ticket, and closes the ticket.
/// `as_attachment`: for an origin that can do things.
void send_bytes(const call& c, const read_ticket& ticket, std::string name, bool as_attachment);

/// An open read that closes itself.
class open_ticket {
public:
  open_ticket(services& node, const read_ticket& t) : node_{node}, read_{t.read} {}
  open_ticket(const open_ticket&) = delete;
  open_ticket& operator=(const open_ticket&) = delete;
  ~open_ticket();
  std::uint64_t number() const { return read_; }
  /// Somebody else closes it.
  void release() { released_ = true; }

private:
  services& node_;
  std::uint64_t read_;
  bool released_ = false;
};

} // namespace weir::api
