#pragma once
// Webhooks of FFS instances: who delivers (`webhooks`, in the domain) and who
// knows the way out (`webhook_poster`, in adapters/webhooks).
#include "messages/actors/caf.hpp"
#include "messages/types/event.hpp"
#include "messages/types/ffs.hpp"

namespace weir::ffs {

/// One try to deliver one event. The secret never reaches a log.
struct post_webhook {
  std::string url;
  std::string secret; ///< "whsec_…"
  std::string id;     ///< of the delivery: the same at each try, so that it can be known again
  instance_id instance;
  revision rev; ///< of the event; 0: a test
  unix_ms time; ///< of the event
  std::string type;
  std::string subject;
  std::vector<std::pair<std::string, std::string>> facts;
};
/// An event that is none, delivered at once and once.
struct test_webhook {
  instance_id instance;
  std::string id;
};

} // namespace weir::ffs

CAF_BEGIN_TYPE_ID_BLOCK(weir_webhooks, WEIR_TYPE_IDS(24))
WEIR_MESSAGE(weir_webhooks, (weir::ffs::post_webhook))
WEIR_MESSAGE(weir_webhooks, (weir::ffs::test_webhook))
CAF_END_TYPE_ID_BLOCK(weir_webhooks)

namespace weir::ffs {

/// Done when the receiver said 2xx. Errors: unreachable (also for an address
/// inside, which is not asked), timeout, protocol (another status).
using webhook_poster_actor = caf::typed_actor<caf::replies_to<post_webhook>::with<nothing>>;

/// Errors: not_found, and what the poster says.
using webhooks_actor = caf::typed_actor<caf::replies_to<test_webhook>::with<nothing>>;

} // namespace weir::ffs
