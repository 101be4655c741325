#pragma once
// What every interface header needs of CAF 0.17.6, and how Weir's errors
// travel in it. Messages never leave the process, so no type has an
// inspector: WEIR_MESSAGE declares one and registers its type id.
#include "messages/types/result.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/atom.hpp>
#include <caf/error.hpp>
#include <caf/make_message.hpp> // before result.hpp, which forgets it
#include <caf/replies_to.hpp>
#include <caf/result.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>

/// Inside a type-id block, for a type outside any namespace macro: `WEIR_MESSAGE(block, (weir::x))`.
#define WEIR_MESSAGE(block, type)                                                                                      \
  CAF_ADD_TYPE_ID(block, type)                                                                                         \
  CAF_ALLOW_UNSAFE_MESSAGE_TYPE(CAF_PP_EXPAND type)

// Each domain's block has room for 100 ids; records has 0, core 1, and so on.
#define WEIR_TYPE_IDS(number) (caf::first_custom_type_id + 100 * (number))

namespace weir {

/// The answer of a request that only succeeds or fails: `with<nothing>`,
/// `return nothing{}`, `.then([](nothing) { … }, …)`. CAF's own `unit_t` cannot
/// be used: it travels as an empty message, which a typed requester takes for
/// an unexpected response.
struct nothing {};

} // namespace weir

CAF_BEGIN_TYPE_ID_BLOCK(weir_core, WEIR_TYPE_IDS(1))
WEIR_MESSAGE(weir_core, (weir::error))
WEIR_MESSAGE(weir_core, (weir::nothing))
CAF_ADD_ATOM(weir_core, weir::atom, get, "get")
CAF_ADD_ATOM(weir_core, weir::atom, list, "list")
CAF_ADD_ATOM(weir_core, weir::atom, open, "open")
CAF_ADD_ATOM(weir_core, weir::atom, close, "close")
CAF_ADD_ATOM(weir_core, weir::atom, commit, "commit")
CAF_ADD_ATOM(weir_core, weir::atom, abort, "abort")
CAF_ADD_ATOM(weir_core, weir::atom, subscribe, "subscribe")
CAF_ADD_ATOM(weir_core, weir::atom, watch, "watch")
CAF_ADD_ATOM(weir_core, weir::atom, unwatch, "unwatch")
CAF_ADD_ATOM(weir_core, weir::atom, ack, "ack")
CAF_ADD_ATOM(weir_core, weir::atom, flush, "flush")
CAF_ADD_ATOM(weir_core, weir::atom, wake, "wake")
CAF_ADD_ATOM(weir_core, weir::atom, status, "status")
CAF_ADD_ATOM(weir_core, weir::atom, create, "create")
CAF_ADD_ATOM(weir_core, weir::atom, remove, "remove")
CAF_ADD_ATOM(weir_core, weir::atom, start, "start")
CAF_END_TYPE_ID_BLOCK(weir_core)

namespace weir {

/// Our error inside CAF's, whole.
caf::error to_caf(const error& e);
/// Back again; CAF's own errors (timeouts, dead receivers) get our codes.
error from_caf(const caf::error& e);

/// Turns a result into what a message handler returns.
template <class T>
caf::result<T> reply(result<T> r) {
  if (r)
    return *std::move(r);
  return to_caf(r.error());
}
inline caf::result<nothing> reply(const weir::status& s) {
  if (s)
    return nothing{};
  return to_caf(s.error());
}

} // namespace weir
