#include "adapters/webhooks/poster.hpp"

#include "messages/types/base64.hpp"

#include <caf/typed_response_promise.hpp>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <map>

namespace weir::webhooks {

namespace {

using nlohmann::json;

constexpr std::string_view secret_prefix = "whsec_";
constexpr std::size_t most_answer = 64 << 10; // bytes; nobody reads it

result<bytes> key_of(std::string_view secret) {
  auto bad = fail(errc::malformed, "A webhook's secret is whsec_ and base64.");
  if (!secret.starts_with(secret_prefix))
    return bad;
  auto key = base64_decode(secret.substr(secret_prefix.size()));
  return key && !key->empty() ? key : bad;
}

/// RFC 3339 with milliseconds.
std::string time_text(unix_ms time) {
  auto seconds = static_cast<std::time_t>(time.value / 1000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[40];
  auto size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text + size, sizeof text - size, ".%03dZ", static_cast<int>(time.value % 1000));
  return text;
}

std::string body_of(const ffs::post_webhook& p) {
  json facts = json::object();
  for (const auto& [name, value] : p.facts)
    facts[name] = value;
  json body{{"type", p.type},
            {"timestamp", time_text(p.time)},
            {"data",
             {{"id", p.id},
              {"revision", p.rev.value},
              {"instance", p.instance.value},
              {"subject", p.subject},
              {"facts", std::move(facts)}}}};
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

struct poster_state {
  static constexpr const char* name = "webhook_poster";
  using pointer = ffs::webhook_poster_actor::stateful_pointer<poster_state>;

  explicit poster_state(pointer owner) : self{owner} {}
  ~poster_state() {
    *alive = false;
    for (auto& [number, call] : calls)
      if (call)
        call->cancel();
  }

  result<http::client_request> request_of(const ffs::post_webhook& p) const {
    auto body = body_of(p);
    auto seconds = options.wall().value / 1000;
    WEIR_TRY(auto signed_by, signature(p.secret, p.id, seconds, body));
    http::client_request r;
    r.verb = "POST";
    r.url = p.url;
    r.fields.add("Content-Type", "application/json");
    r.fields.add("webhook-id", p.id);
    r.fields.add("webhook-timestamp", std::to_string(seconds));
    r.fields.add("webhook-signature", signed_by);
    r.body = std::move(body);
    r.max_body = most_answer;
    r.connect_timeout = options.connect_timeout;
    r.timeout = options.timeout;
    return r;
  }

  static status verdict(const result<http::client_response>& got, const std::string& url) {
    if (!got && got.error().code == errc::too_large)
      return {}; // it was said, and more than anybody reads
    if (!got)
      return got.error();
    if (got->status / 100 == 2)
      return {};
    return fail(errc::protocol, "The receiver answered " + std::to_string(got->status) + ".", url);
  }

  caf::typed_response_promise<nothing> post(const ffs::post_webhook& p) {
    auto answer = self->make_response_promise<nothing>();
    auto request = request_of(p);
    if (calls.size() >= options.max_waiting)
      request = fail(errc::overloaded, "Too many webhooks are under way.", {}, std::to_string(options.max_waiting));
    if (!request) {
      answer.deliver(to_caf(request.error()));
      return answer;
    }
    auto number = next++;
    auto done = [this, number, answer, url = p.url, here = alive](result<http::client_response> got) mutable {
      if (!*here)
        return;
      calls.erase(number);
      auto said = verdict(got, url);
      said ? answer.deliver(nothing{}) : answer.deliver(to_caf(said.error()));
    };
    calls[number] = nullptr; // `done` may come before the call is back
    auto call = client->fetch(*std::move(request), std::move(done));
    if (auto mine = calls.find(number); mine != calls.end())
      mine->second = std::move(call);
    return answer;
  }

  pointer self;
  http::client* client = nullptr;
  poster_options options;
  std::uint64_t next = 0;
  std::map<std::uint64_t, http::call_ptr> calls;
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);
};

ffs::webhook_poster_actor::behavior_type poster(poster_state::pointer self, http::client* client,
                                                poster_options options) {
  self->state.client = client;
  self->state.options = std::move(options);
  return {[self](const ffs::post_webhook& p) { return self->state.post(p); }};
}

} // namespace

std::string secret_text(bytes_view key) {
  return std::string{secret_prefix} + base64_encode(key);
}

result<std::string> signature(const std::string& secret, std::string_view id, std::int64_t seconds,
                              std::string_view body) {
  WEIR_TRY(auto key, key_of(secret));
  auto text = std::string{id} + '.' + std::to_string(seconds) + '.';
  text += body;
  std::uint8_t sum[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), as_bytes(text).data(), text.size(), sum, &size);
  return "v1," + base64_encode({sum, size});
}

ffs::webhook_poster_actor spawn_poster(loop::host& host, http::client& client, poster_options options) {
  return host.spawn(poster, &client, std::move(options));
}

} // namespace weir::webhooks
