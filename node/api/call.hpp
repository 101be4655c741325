#pragma once
// One request to the API on its way through a handler: who asks, what is
// answered, and the small steps that all handlers share.
#include "adapters/http/exchange.hpp"
#include "node/api/services.hpp"
#include "node/json/value.hpp"
#include "node/json/writer.hpp"

#include <caf/event_based_actor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace weir::api {

/// A write that was sent with an Idempotency-Key (node/api/idempotency.cpp).
struct idempotent_write {
  std::string key;
  std::string request_hash;
  bool secret = false; ///< its answer must not be kept
};

struct call {
  http::exchange_ptr x;
  caller who;
  services* node = nullptr;
  std::shared_ptr<idempotent_write> once;
  std::string_view members; ///< that a JSON body may have, separated by spaces; "*": any

  std::string capture(std::string_view name) const { return std::string{x->request().capture(name)}; }
  /// Empty when it is not there.
  std::string param(std::string_view name) const;

  /// The records as they are, or as they were at `?at=REVISION`.
  result<snapshot> view() const;

  void json(int status, std::string body) const;
  void json(int status, json::writer& w) const { json(status, w.take()); }
  void fail(const error& e) const;
  void reply(http::response answer) const;
};

/// What lists have in common.
struct page {
  std::size_t limit = 100; ///< at most 1000
  std::string after;       ///< key of the last one seen
};
result<page> page_of(const call& c);

/// Reads the body as a JSON object (empty: an object without members), and
/// lets a repeated Idempotency-Key have its first answer. For every write
/// that is not a stream of bytes.
void with_body(call c, std::function<void(call, const json::value&)> run);

/// The error goes to the caller.
template <class T>
bool good(const call& c, const result<T>& r) {
  if (!r)
    c.fail(r.error());
  return r.ok();
}

/// Whether an actor of this domain runs here.
template <class Handle>
bool runs(const call& c, const Handle& actor) {
  if (!actor)
    c.fail(weir::fail(errc::unsupported, "This node's role does not do that; ask a node with the role core or both."));
  return static_cast<bool>(actor);
}

/// A request to an actor whose answer `then` turns into ours.
template <class Handle, class Message, class Then>
void ask(const call& c, const Handle& actor, Message message, Then then, std::chrono::milliseconds time = ask_time) {
  if (!runs(c, actor))
    return;
  c.node->self->request(actor, time, std::move(message)).then(then, [c](const caf::error& e) { c.fail(from_caf(e)); });
}

} // namespace weir::api
