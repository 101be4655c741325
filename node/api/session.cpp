// A browser's session: the token, once entered, in a cookie that scripts
// cannot read and other sites cannot send.
#include "node/api/endpoints.hpp"

namespace weir::api {

namespace {

std::string cookie(std::string_view token, bool secure, std::string_view age) {
  std::string out{session_cookie};
  out += "=";
  out += token;
  out += "; Path=/; HttpOnly; SameSite=Strict; Max-Age=";
  out += age;
  if (secure)
    out += "; Secure";
  return out;
}

void open(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    if (ready.once)
      ready.once->secret = true;
    auto token = body["token"].string();
    auto who = caller_of(token, *ready.node->newest(), ready.node->clock());
    if (!good(ready, who))
      return;
    json::writer w;
    w.begin_object().member("owner", who->owner.value).member("admin", who->admin).end_object();
    auto answer = http::response::json(200, w.take());
    bool secure = ready.node->options.tls_in_front && !ready.node->rules.loopback;
    answer.fields.add("Set-Cookie", cookie(token, secure, "2592000"));
    ready.reply(std::move(answer));
  });
}

void close(call c) {
  auto answer = http::response::empty(204);
  answer.fields.add("Set-Cookie", cookie("", false, "0"));
  c.reply(std::move(answer));
}

} // namespace

endpoints session_endpoints() {
  return {
      {"POST", "/session", access::open, "Exchanges a token for a browser's cookie.", "", "token", 200, open},
      {"DELETE", "/session", access::open, "Forgets the cookie.", "", "", 204, close},
  };
}

} // namespace weir::api
