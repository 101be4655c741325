// From a parsed head to a request in the hands of its handler.
#include "adapters/http/connection.hpp"
#include "adapters/http/server_core.hpp"

#include <charconv>
#include <spdlog/spdlog.h>

namespace weir::http {

namespace {

method method_of(std::string_view name) {
  for (auto verb : {method::get, method::head, method::post, method::put, method::patch, method::del, method::options})
    if (to_string(verb) == name)
      return verb;
  return method::other;
}

} // namespace

void connection::head_complete() {
  int code = 400;
  auto checked = check_framing(code);
  if (checked)
    checked = fill_request(code);
  if (!checked)
    return refuse(code, checked.error());
  stage_ = message_done_ ? stage::complete : stage::body;
  deadline_ = loop::milliseconds{0};
  dispatch();
}

/// What RFC 9112 6.1 and 6.3 call ambiguous is refused, never repaired.
status connection::check_framing(int& code) {
  const auto& fields = building_->fields;
  if (parser_.http_major != 1 || parser_.http_minor > 1) {
    code = 505;
    return fail(errc::unsupported, "Only HTTP/1.0 and HTTP/1.1 are understood.");
  }
  http_1_0_ = parser_.http_minor == 0;
  auto hosts = fields.count("Host");
  if (hosts > 1 || (hosts == 0 && !http_1_0_))
    return fail(errc::malformed, "A request has exactly one Host field.");
  auto lengths = fields.count("Content-Length");
  auto codings = fields.count("Transfer-Encoding");
  if (lengths > 1 || (lengths == 1 && codings > 0) || (codings > 0 && http_1_0_))
    return fail(errc::malformed, "The length of the body is given twice or ambiguously.");
  if (codings > 1 || (codings == 1 && !same_name(trimmed(*fields.get("Transfer-Encoding")), "chunked"))) {
    code = 501;
    return fail(errc::unsupported, "The only transfer coding understood is chunked.");
  }
  body_length_ = codings > 0 ? std::nullopt : std::optional<std::uint64_t>{0};
  if (lengths == 1) {
    auto digits = trimmed(*fields.get("Content-Length"));
    std::uint64_t length = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size())
      return fail(errc::malformed, "Content-Length is not a number.", std::string{digits});
    body_length_ = length;
  }
  if (body_length_ > core_.options.max_body) {
    code = 413;
    return fail(errc::too_large, "The body is too large.", std::to_string(*body_length_),
                std::to_string(core_.options.max_body) + " bytes");
  }
  return {};
}

status connection::fill_request(int& code) {
  auto& r = *building_;
  r.verb_name = llhttp_method_name(static_cast<llhttp_method_t>(parser_.method));
  r.verb = method_of(r.verb_name);
  if (r.verb == method::other && (r.verb_name == "CONNECT" || r.verb_name == "TRACE")) {
    code = 501;
    return fail(errc::unsupported, "This method is not served.", r.verb_name);
  }
  WEIR_TRY(auto parts, split_target(r.raw_target));
  if (parts.path == "*" && r.verb != method::options)
    return fail(errc::malformed, "Only OPTIONS may ask for \"*\".");
  r.raw_path = parts.path;
  r.raw_query = parts.query;
  WEIR_TRY(r.path, percent_decode(parts.path));
  WEIR_TRY(r.params, query::parse(parts.query));
  r.host = parts.authority.empty() ? r.fields.get("Host").value_or("") : parts.authority;
  if (!http_1_0_ || !r.host.empty())
    WEIR_CHECK([&]() -> status {
      WEIR_TRY(auto host, parse_host_port(r.host));
      return {};
    }());
  r.peer = peer_;
  r.http_1_0 = http_1_0_;
  r.content_length = body_length_;
  r.has_body = !message_done_;
  is_head_ = r.verb == method::head;
  auto connection_field = r.fields.joined("Connection");
  keep_alive_ = http_1_0_ ? has_token(connection_field, "keep-alive") : !has_token(connection_field, "close");
  auto expect = r.fields.get("Expect");
  if (expect && !same_name(*expect, "100-continue")) {
    code = 417;
    return fail(errc::unsupported, "Only Expect: 100-continue is understood.", std::string{*expect});
  }
  expects_continue_ = expect && !http_1_0_ && r.has_body;
  return {};
}

void connection::dispatch() {
  ++core_.requests;
  auto* home = &core_.loop;
  // A handler's last reference may be let go on another thread.
  // One that was answered is only memory, and may even outlive the loop.
  auto let_go = [home](exchange* what) {
    if (!what->attached_ || home->on_thread() || !home->wake([what] { delete what; }))
      delete what;
  };
  std::shared_ptr<exchange> x{new exchange{*this, std::move(*building_)}, let_go};
  building_.reset();
  exchange_ = x.get();
  try {
    core_.on_request(std::move(x));
  } catch (const std::exception& e) {
    spdlog::error("{}: a handler failed: {}", core_.options.name, e.what());
    if (exchange_ != nullptr && !exchange_->begun_)
      respond(response::problem(fail(errc::internal)));
    else if (exchange_ != nullptr)
      abort(fail(errc::internal));
  }
}

} // namespace weir::http
