#pragma once
// Delivers events to the receivers of webhooks, as the Standard Webhooks
// specification has it: POST with a body of JSON
//
//   {"type": "job.done", "timestamp": "2026-01-31T12:00:00.000Z", "data": {…}}
//
// and the fields webhook-id (the same at each try), webhook-timestamp (of this
// try) and webhook-signature: "v1," and HMAC-SHA256 of "id.timestamp.body" with
// the bytes of the secret, in base64. Redirects are not followed.
#include "adapters/http/client.hpp"
#include "adapters/loop/hosted.hpp"
#include "messages/actors/webhooks.hpp"

#include <functional>

namespace weir::webhooks {

struct poster_options {
  loop::milliseconds connect_timeout{10'000};
  loop::milliseconds timeout{15'000}; ///< for everything
  std::size_t max_waiting = 256;      ///< under way; more are errc::overloaded
  std::function<unix_ms()> wall;
};

/// `client` lives on the host's loop and outlives the actor.
ffs::webhook_poster_actor spawn_poster(loop::host& host, http::client& client, poster_options options);

/// "whsec_" and base64 of the key.
std::string secret_text(bytes_view key);
/// Of "id.seconds.body". errc::malformed for a secret that is none.
result<std::string> signature(const std::string& secret, std::string_view id, std::int64_t seconds,
                              std::string_view body);

} // namespace weir::webhooks
