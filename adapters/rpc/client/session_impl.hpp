#pragma once
// What the blocking calls share: the connection, errors instead of exceptions,
// and watches that go on after a lost connection. Internal to the library.
#include "adapters/rpc/client/promises.hpp"
#include "adapters/rpc/errors.hpp"

namespace weir::client {

inline bool connection_lost(const error& e) {
  return e.code == errc::unreachable || e.code == errc::shutting_down || e.code == errc::timeout;
}

/// What ends a watch or moves it on; all on one thread.
struct follower {
  void finish() {
    over = true;
    if (done.get() != nullptr)
      done->fulfill();
  }
  void end(wire::Problem::Reader why) {
    problem = fail(errc_from_name(why.getCode().cStr()), why.getMessage().cStr());
    finish();
  }

  kj::Own<kj::PromiseFulfiller<void>> done;
  std::uint64_t last = 0; ///< revision that was dealt with
  bool moved = false, over = false;
  error problem{errc::none, {}, {}, {}};
};

/// Begins a subscription behind a revision; the revision at its start.
struct begun_watch {
  wire::Subscription::Client subscription;
  std::uint64_t revision = 0;
};
using begin_watch = std::function<begun_watch(std::uint64_t from)>;

struct session::impl {
  explicit impl(endpoint w);

  endpoint where;
  std::shared_ptr<kj::AsyncIoContext> shared;
  kj::AsyncIoContext& io;
  kj::Own<connection> link;
  kj::Maybe<capnp::Response<wire::Weir::AuthenticateResults>> session;

  /// What the function returns, its exceptions as errors.
  template <class T, class F>
  result<T> guarded(F what) {
    result<T> out = fail(errc::internal);
    KJ_IF_MAYBE (e, kj::runCatchingExceptions([&] { out = what(); }))
      out = rpc::from_exception(*e);
    return out;
  }
  template <class Call>
  auto wait(Call call) {
    return call.send().wait(io.waitScope);
  }

  status open();
  wire::Session::Reader now() { return KJ_ASSERT_NONNULL(session).getSession(); }
  /// Until `patience` is over.
  status open_again();
  /// Until the follower is over; goes on behind its last revision after a lost connection.
  result<std::uint64_t> follow(follower& hears, std::uint64_t from, const begin_watch& begin);

private:
  status follow_once(follower& hears, std::uint64_t from, const begin_watch& begin);
};

} // namespace weir::client
