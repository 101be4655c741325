#pragma once
// Weir's errors as Cap'n Proto's exceptions, and back. The reason is
// "CODE: SENTENCE (value: X, limit: Y)", as everywhere where people read it.
#include "messages/types/result.hpp"

#include <kj/async.h>
#include <kj/exception.h>

namespace weir::rpc {

kj::Exception to_exception(const error& e);
/// Of this side or from the other; what is no error of Weir's gets
/// errc::unreachable when the connection is gone, else errc::protocol.
error from_exception(const kj::Exception& e);

/// What a method returns that is done at once.
kj::Promise<void> answered(const status& s);

} // namespace weir::rpc
