#pragma once
// What every interface header needs of CAF 0.17.6, and how Weir's errors
// travel in it. Messages never leave the process: no type has an inspector.
#include "messages/types/result.hpp"

#include <caf/atom.hpp>
#include <caf/error.hpp>
#include <caf/make_message.hpp>
#include <caf/result.hpp>
#include <caf/typed_actor.hpp>
#include <caf/unit.hpp>

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::error)

namespace weir {

/// Position of the domains' type-id blocks; each has room for 100 types.
inline constexpr int type_id_block(int number) {
  return caf::first_custom_type_id + 100 * number;
}

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
inline caf::result<caf::unit_t> reply(const status& s) {
  if (s)
    return caf::unit;
  return to_caf(s.error());
}

} // namespace weir
