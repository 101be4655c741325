#pragma once
// All webhooks of all instances: one `webhook_sender` each, for as long as its
// record is there.
//
// in:  webhook.changed, instance.deleted; test_webhook
// out: senders, and the posts of tests
// Survives a restart: webhooks are records.
#include "actors/support/domain.hpp"
#include "messages/actors/webhooks.hpp"

namespace weir::ffs {

webhooks_actor spawn_webhooks(caf::actor_system& system, domain d, webhook_poster_actor poster);

} // namespace weir::ffs
