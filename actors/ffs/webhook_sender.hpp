#pragma once
// One webhook: follows the log from where its record says, and delivers what
// concerns its instance, one event after the other, in order, at least once.
//
// in:  batches of the log; out: posts, and the record's state
// Survives a restart: the place in the journal. What could not be delivered is
// tried again after 5 s, 10 s, … at most an hour; the log waits meanwhile.
#include "actors/support/domain.hpp"
#include "messages/actors/webhooks.hpp"

namespace weir::ffs {

using webhook_sender_actor = caf::typed_actor<caf::reacts_to<log_batch>>;

webhook_sender_actor spawn_webhook_sender(caf::actor_system& system, domain d, webhook_poster_actor poster,
                                          webhook what);

/// How it is told, whoever tells it.
post_webhook post_of(const webhook& to, std::string id, std::string type);

} // namespace weir::ffs
