#pragma once
// `Idempotency-Key` on writes: the first answer is kept with a hash of the
// request, and given again to whoever repeats it with the same key. Answers
// that hold a secret, and those above 499, are not kept. Kept for a day, in a
// local table: nobody watches them, so they are no revision.
#include "node/api/call.hpp"

namespace weir::api {

inline constexpr std::int64_t answers_kept_ms = 24 * 3600 * 1000;

/// Runs the write, unless this key was answered before. The key of another
/// request is errc::invalid_argument; of one still running errc::conflict.
void answer_once(call c, std::string_view body, const std::function<void(call)>& run);

/// Keeps the answer of a call that has a key, then sends it.
void remember_answer(call c, http::response answer);

/// Drops answers older than a day; at the start of the node.
void forget_old_answers(services& node);

} // namespace weir::api
