#pragma once
// Calls of an instance's capabilities, with errors instead of exceptions. Internal to the library.
#include "adapters/rpc/client/instance.hpp"
#include "adapters/rpc/client/session_impl.hpp"

namespace weir::client {

/// The instance's capabilities, of the token or opened by the operator.
inline wire::Instance::Reader find(session::impl& of, const std::string& id,
                                   kj::Maybe<capnp::Response<wire::Manager::OpenResults>>& kept) {
  if (id.empty())
    return of.now().getInstance();
  auto call = of.now().getManager().openRequest();
  call.setId(id.c_str());
  kept = of.wait(kj::mv(call));
  return KJ_ASSERT_NONNULL(kept).getInstance();
}

/// `what` gets the capabilities; its exceptions are errors.
template <class T, class F>
result<T> call(session::impl& of, const std::string& id, F what) {
  return of.guarded<T>([&]() -> result<T> {
    kj::Maybe<capnp::Response<wire::Manager::OpenResults>> kept;
    return what(find(of, id, kept));
  });
}
template <class F>
status act(session::impl& of, const std::string& id, F what) {
  auto done = call<bool>(of, id, [&](wire::Instance::Reader i) -> result<bool> { return what(i), true; });
  return done ? status{} : status{done.error()};
}

} // namespace weir::client
