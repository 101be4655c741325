#include "adapters/http/message.hpp"

#include <nlohmann/json.hpp>

namespace weir::http {

std::string_view to_string(method verb) {
  switch (verb) {
  case method::get:
    return "GET";
  case method::head:
    return "HEAD";
  case method::post:
    return "POST";
  case method::put:
    return "PUT";
  case method::patch:
    return "PATCH";
  case method::del:
    return "DELETE";
  case method::options:
    return "OPTIONS";
  case method::other:
    break;
  }
  return "other";
}

std::string_view reason_of(int status) {
  switch (status) {
  case 100:
    return "Continue";
  case 101:
    return "Switching Protocols";
  case 200:
    return "OK";
  case 201:
    return "Created";
  case 202:
    return "Accepted";
  case 204:
    return "No Content";
  case 206:
    return "Partial Content";
  case 301:
    return "Moved Permanently";
  case 302:
    return "Found";
  case 303:
    return "See Other";
  case 304:
    return "Not Modified";
  case 307:
    return "Temporary Redirect";
  case 308:
    return "Permanent Redirect";
  case 400:
    return "Bad Request";
  case 401:
    return "Unauthorized";
  case 402:
    return "Payment Required";
  case 403:
    return "Forbidden";
  case 404:
    return "Not Found";
  case 405:
    return "Method Not Allowed";
  case 406:
    return "Not Acceptable";
  case 408:
    return "Request Timeout";
  case 409:
    return "Conflict";
  case 410:
    return "Gone";
  case 411:
    return "Length Required";
  case 412:
    return "Precondition Failed";
  case 413:
    return "Content Too Large";
  case 414:
    return "URI Too Long";
  case 415:
    return "Unsupported Media Type";
  case 416:
    return "Range Not Satisfiable";
  case 417:
    return "Expectation Failed";
  case 421:
    return "Misdirected Request";
  case 422:
    return "Unprocessable Content";
  case 426:
    return "Upgrade Required";
  case 429:
    return "Too Many Requests";
  case 431:
    return "Request Header Fields Too Large";
  case 500:
    return "Internal Server Error";
  case 501:
    return "Not Implemented";
  case 502:
    return "Bad Gateway";
  case 503:
    return "Service Unavailable";
  case 504:
    return "Gateway Timeout";
  case 505:
    return "HTTP Version Not Supported";
  case 507:
    return "Insufficient Storage";
  default:
    return "";
  }
}

std::string_view request::capture(std::string_view name) const {
  auto found = captures.find(name);
  return found == captures.end() ? std::string_view{} : std::string_view{found->second};
}

owned_bytes::owned_bytes(std::string text) {
  auto kept = std::make_shared<const std::string>(std::move(text));
  view = as_bytes(*kept);
  owner = std::move(kept);
}

owned_bytes::owned_bytes(bytes data) {
  auto kept = std::make_shared<const bytes>(std::move(data));
  view = *kept;
  owner = std::move(kept);
}

namespace {

response typed(int status, std::string body, const char* type) {
  response out;
  out.status = status;
  out.fields.add("Content-Type", type);
  out.body = std::move(body);
  return out;
}

} // namespace

response response::text(int status, std::string body) {
  return typed(status, std::move(body), "text/plain; charset=utf-8");
}

response response::json(int status, std::string body) {
  return typed(status, std::move(body), "application/json");
}

response response::html(int status, std::string body) {
  return typed(status, std::move(body), "text/html; charset=utf-8");
}

response response::empty(int status) {
  response out;
  out.status = status;
  return out;
}

response response::problem(const error& why, int status) {
  const auto& entry = info(why.code);
  auto code = status != 0 ? status : entry.http;
  nlohmann::ordered_json body{{"type", "about:blank"},
                              {"title", entry.title},
                              {"status", code},
                              {"code", entry.name},
                              {"detail", why.message.empty() ? std::string{entry.title} : why.message}};
  if (!why.value.empty())
    body["value"] = why.value;
  if (!why.limit.empty())
    body["limit"] = why.limit;
  // Values come from callers and need not be UTF-8.
  auto text = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  auto out = typed(code, std::move(text), "application/problem+json");
  if (code == 503)
    out.fields.add("Retry-After", "1");
  return out;
}

} // namespace weir::http
