#pragma once
// What everything on the KJ thread shares: the node, the gate to the actors,
// and the books of one connection and of one session. KJ thread only.
#include "adapters/loop/hosted.hpp"
#include "adapters/rpc/errors.hpp"
#include "adapters/rpc/services.hpp"
#include "messages/rpc/weir.capnp.h"

#include <caf/event_based_actor.hpp>
#include <functional>
#include <kj/async-io.h>
#include <map>

namespace weir::rpc {

struct core {
  services node;
  caf::event_based_actor* gate = nullptr;                     ///< sends the requests of methods
  loop::loop_unit* unit = nullptr;                            ///< where actors of this thread live
  std::size_t alive = 0;                                      ///< actors on the unit
  std::map<const void*, std::function<void()>> on_revocation; ///< who looks again at its token then

  /// Spawns an actor on this thread; the server's end waits for its end.
  template <class F, class... Ts>
  auto spawn(F fun, Ts&&... xs) {
    auto made = loop::spawn_fun_on(*unit, std::move(fun), std::forward<Ts>(xs)...);
    ++alive;
    caf::actor_cast<caf::strong_actor_ptr>(made)->get()->attach_functor([this](const caf::error&) { --alive; });
    return made;
  }
};

inline constexpr std::size_t max_capabilities = 4096; ///< of ours that one connection may hold
inline constexpr std::size_t max_watches = 2048;      ///< of one connection
inline constexpr std::size_t max_downloads = 16;      ///< of one connection

/// The books of one connection; lives as long as anything that it was given.
struct connection_books {
  core& node;
  bool operator_without_token = false; ///< the unix socket
  bool authenticated = false;
  std::size_t capabilities = 0;
  std::size_t watches = 0;
  std::size_t downloads = 0;

  /// errc::overloaded when it would hold more capabilities than it may with `more` of them.
  status room_for(std::size_t more) const {
    if (capabilities + more <= max_capabilities)
      return {};
    return fail(errc::overloaded, "This connection holds too many capabilities; release some.",
                std::to_string(capabilities), std::to_string(max_capabilities));
  }
};
using books_ptr = std::shared_ptr<connection_books>;

/// Counts one more of something as long as it lives; the limit is checked before.
class counted {
public:
  explicit counted(std::shared_ptr<std::size_t> what) : what_{std::move(what)} { ++*what_; }
  counted(const counted&) = delete;
  counted& operator=(const counted&) = delete;
  ~counted() { --*what_; }

private:
  std::shared_ptr<std::size_t> what_;
};
/// `&books->watches`, keeping the books.
inline std::shared_ptr<std::size_t> counter(const books_ptr& books, std::size_t connection_books::*which) {
  return {books, &((*books).*which)};
}

/// What was got with one token. Checked at each call: a token that was revoked
/// by any transaction before is noticed.
class session {
public:
  session(books_ptr books, std::string token, caller who)
      : books_{std::move(books)}, token_{std::move(token)}, who_{std::move(who)} {}

  const caller& who() const { return who_; }
  const books_ptr& books() const { return books_; }
  core& node() const { return books_->node; }
  const services& world() const { return books_->node.node; }
  /// errc::unauthenticated once the token is no longer valid.
  status valid();

private:
  books_ptr books_;
  std::string token_;
  caller who_;
};
using session_ptr = std::shared_ptr<session>;

/// The base of every capability that needs a token: refuses all calls when it is no longer valid.
template <class Interface>
class guarded : public Interface::Server {
public:
  explicit guarded(session_ptr s)
      : session_{std::move(s)}, counted_{counter(session_->books(), &connection_books::capabilities)} {}

  capnp::Capability::Server::DispatchCallResult
  dispatchCall(std::uint64_t interface_id, std::uint16_t method,
               capnp::CallContext<capnp::AnyPointer, capnp::AnyPointer> context) override {
    if (auto good = session_->valid(); !good)
      return {to_exception(good.error()), false};
    return Interface::Server::dispatchCall(interface_id, method, context);
  }

protected:
  session_ptr session_;

private:
  counted counted_;
};

/// A request to an actor, as a promise.
template <class Answer, class Handle, class... Message>
kj::Promise<Answer> ask(core& node, const Handle& whom, std::chrono::milliseconds time, Message... message) {
  if (!whom)
    return to_exception(
        fail(errc::unsupported, "This node's role does not do that; ask a node with the role core or both."));
  auto pair = kj::newPromiseAndFulfiller<Answer>();
  auto answer = std::make_shared<kj::Own<kj::PromiseFulfiller<Answer>>>(kj::mv(pair.fulfiller));
  node.gate->request(whom, time, std::move(message)...)
      .then([answer](const Answer& a) { (*answer)->fulfill(Answer{a}); },
            [answer](const caf::error& e) { (*answer)->reject(to_exception(from_caf(e))); });
  return kj::mv(pair.promise);
}

inline std::string text(capnp::Text::Reader t) {
  return {t.begin(), t.size()};
}
inline kj::StringPtr view(const std::string& s) {
  return {s.c_str(), s.size()};
}

// The capabilities of a session.
wire::Reading::Client make_reading(session_ptr s);
wire::Storing::Client make_storing(session_ptr s);
wire::Weir::Client make_entrance(books_ptr books);

/// The content, if the caller may know of it; errc::not_found.
result<content> find_content(const session& s, const std::string& id, revision at = {});
/// The records as they are, or as they were.
result<std::shared_ptr<const records::reader>> look(const session& s, std::uint64_t at);

} // namespace weir::rpc
