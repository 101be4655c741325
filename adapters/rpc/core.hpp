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
#include <set>
#include <unordered_map>

namespace weir::rpc {

/// A promise that an actor's answer keeps, or the end of the server.
class open_answer {
public:
  virtual void give_up(const error& why) = 0;

protected:
  ~open_answer() = default;
};

/// Tokens that were looked at last: each is good as long as nothing was committed since, for a second at most.
class known_tokens {
public:
  status check(const services& node, const std::string& token);

private:
  struct entry {
    revision at;
    unix_ms looked, expires;
  };
  std::unordered_map<std::string, entry> newest_;
};

struct core {
  services node;
  caf::event_based_actor* gate = nullptr; ///< sends the requests of methods; null at the end
  std::set<open_answer*> open;
  loop::loop_unit* unit = nullptr; ///< where actors of this thread live
  kj::Timer* timer = nullptr;
  std::size_t alive = 0;                                      ///< actors on the unit
  std::map<const void*, std::function<void()>> on_revocation; ///< who looks again at its token then
  bool hears_revocations = false; ///< until then a watch looks at its token each time it tells something
  known_tokens tokens;

  /// Spawns an actor on this thread; the server's end waits for its end.
  template <class F, class... Ts>
  auto spawn(F fun, Ts&&... xs) {
    auto made = loop::spawn_fun_on(*unit, std::move(fun), std::forward<Ts>(xs)...);
    ++alive;
    caf::actor_cast<caf::strong_actor_ptr>(made)->get()->attach_functor([this](const caf::error&) { --alive; });
    return made;
  }
  /// No answer comes any more: calls that wait for one end now, later ones at once. A call
  /// goes on when its connection is gone, so the gate would be asked when it is no more.
  void close() {
    gate = nullptr;
    for (auto* a : std::exchange(open, {}))
      a->give_up(fail(errc::shutting_down, "The node is stopping."));
  }
};

/// Shared by what an actor's answer calls; whoever is first keeps the promise.
template <class Answer>
class answer_slot final : public open_answer {
public:
  answer_slot(core& node, kj::Own<kj::PromiseFulfiller<Answer>> f) : node_{&node}, fulfiller_{kj::mv(f)} {
    node.open.insert(this);
  }
  answer_slot(const answer_slot&) = delete;
  answer_slot& operator=(const answer_slot&) = delete;
  ~answer_slot() { forget(); }

  void set(result<Answer> r) {
    forget();
    if (fulfiller_.get() == nullptr)
      return;
    auto go = kj::mv(fulfiller_);
    r ? go->fulfill(*std::move(r)) : go->reject(to_exception(r.error()));
  }
  void give_up(const error& why) override {
    node_ = nullptr; // it may outlive the node: CAF keeps what waits for an answer
    set(why);
  }

private:
  void forget() {
    if (auto* n = std::exchange(node_, nullptr))
      n->open.erase(this);
  }
  core* node_;
  kj::Own<kj::PromiseFulfiller<Answer>> fulfiller_;
};

/// What comes through `begin(slot)`, as a promise; errc::shutting_down when the server ends before.
template <class Answer, class Begin>
kj::Promise<Answer> answer_of(core& node, Begin begin) {
  if (node.gate == nullptr)
    return to_exception(fail(errc::shutting_down, "The node is stopping."));
  auto pair = kj::newPromiseAndFulfiller<Answer>();
  begin(std::make_shared<answer_slot<Answer>>(node, kj::mv(pair.fulfiller)));
  return kj::mv(pair.promise);
}

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
  /// Resolves when the token has expired; it has an end.
  kj::Promise<void> expiry() const;

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
  return answer_of<Answer>(node, [&](std::shared_ptr<answer_slot<Answer>> slot) {
    node.gate->request(whom, time, std::move(message)...)
        .then([slot](const Answer& a) { slot->set(Answer{a}); },
              [slot](const caf::error& e) { slot->set(from_caf(e)); });
  });
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
