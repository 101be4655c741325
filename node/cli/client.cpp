#include "node/cli/client.hpp"

#include "adapters/http/blocking_client.hpp"
#include "adapters/http/sse.hpp"
#include "messages/types/ids.hpp"
#include "node/json/problem.hpp"

#include <optional>

namespace weir::cli {

namespace {

constexpr loop::milliseconds answer_time{15 * 60 * 1000};
constexpr loop::milliseconds event_time{60'000}; // four heartbeats

std::string base_of(std::string api) {
  if (api.find("://") == api.npos)
    api = "http://" + api;
  while (api.ends_with('/'))
    api.pop_back();
  return api;
}

/// The body of an error, while bytes of a success go to the sink.
struct split_answer {
  int status = 0;
  std::string problem;
  weir::status sunk;

  bool good() const { return status >= 200 && status < 300; }
  bool data(bytes_view more, const byte_sink& sink) {
    if (good())
      return (sunk = sink(more)).ok();
    problem += as_text(more.first(std::min<std::size_t>(more.size(), (64u << 10) - problem.size())));
    return true;
  }
  weir::status outcome(weir::status how) const {
    if (!sunk)
      return sunk;
    if (status != 0 && !good())
      return json::read_problem(status, problem);
    return how;
  }
};

} // namespace

struct client::impl {
  http::blocking_client http;
  std::string token;

  http::client_request request(std::string verb, const std::string& url) const {
    http::client_request r;
    r.verb = std::move(verb);
    r.url = url;
    r.stall_timeout = answer_time;
    if (!token.empty())
      r.fields.add("Authorization", "Bearer " + token);
    return r;
  }

  result<json::value> answer(http::client_request r, const std::string& base) {
    auto got = http.fetch(std::move(r));
    if (!got)
      return explained(got.error(), base);
    if (got->status < 200 || got->status > 299)
      return json::read_problem(got->status, got->body);
    return got->body.empty() ? result<json::value>{json::value{}} : json::parse(got->body);
  }

  static error explained(error e, const std::string& base) {
    if (e.code == errc::unreachable)
      e.message =
          "No node answers at " + base + "; start one with `weir node`, or say where it is with --api. " + e.message;
    return e;
  }
};

std::string query_text(const query& q) {
  http::query out;
  for (const auto& [name, value] : q)
    if (!value.empty())
      out.add(name, value);
  auto text = out.text();
  return text.empty() ? text : "?" + text;
}

std::string coded(std::string_view text, bool keep_slash) {
  return http::percent_encode(text, keep_slash);
}

client::client(std::string api, std::string token) : base_{base_of(std::move(api))}, impl_{std::make_unique<impl>()} {
  impl_->token = std::move(token);
}

client::~client() = default;

client::client(const client& other) : client{other.base_, other.impl_->token} {}

result<json::value> client::get(const std::string& path) {
  return impl_->answer(impl_->request("GET", base_ + "/api/v1" + path), base_);
}

result<json::value> client::send(const std::string& verb, const std::string& path, const std::string& body) {
  auto key = make_uuid();
  auto attempt = [&] {
    auto r = impl_->request(verb, base_ + "/api/v1" + path);
    r.fields.add("Idempotency-Key", key);
    if (!body.empty())
      r.fields.add("Content-Type", "application/json");
    r.body = http::owned_bytes{body};
    return impl_->answer(std::move(r), base_);
  };
  auto first = attempt();
  bool unknown = !first && (first.error().code == errc::outcome_unknown || first.error().code == errc::timeout);
  return unknown ? attempt() : std::move(first);
}

result<json::value> client::put(const std::string& path, std::optional<std::uint64_t> length,
                                const byte_source& source) {
  auto r = impl_->request("PUT", base_ + "/api/v1" + path);
  status read;
  r.source = http::upload{[&](std::span<std::uint8_t> into) {
                            auto got = source(into);
                            if (!got)
                              read = got.error();
                            return !got        ? http::upload_step::failed()
                                   : *got == 0 ? http::upload_step::end()
                                               : http::upload_step::bytes(*got);
                          },
                          length};
  auto answer = impl_->answer(std::move(r), base_);
  if (!read)
    return read.error();
  return answer;
}

status client::download(const std::string& path, const byte_sink& sink) {
  split_answer split;
  auto r = impl_->request("GET", base_ + "/api/v1" + path);
  r.max_body = UINT64_MAX;
  auto how = impl_->http.stream(std::move(r), {[&](const http::client_head& h) { split.status = h.status; },
                                               [&](bytes_view data) { return split.data(data, sink); }});
  auto out = split.outcome(how);
  return out ? out : status{impl::explained(out.error(), base_)};
}

status client::watch(const std::string& path, const event_sink& sink) {
  bool enough = false;
  http::sse_reader events{[&](const http::sse_event& e) { enough = enough || !sink(e.event, e.data); }};
  split_answer split;
  auto r = impl_->request("GET", base_ + "/api/v1" + path);
  r.stall_timeout = event_time;
  r.max_body = UINT64_MAX;
  auto take = [&](bytes_view data) -> status {
    WEIR_CHECK(events.feed(data));
    return enough ? status{fail(errc::cancelled)} : status{};
  };
  auto how = impl_->http.stream(std::move(r), {[&](const http::client_head& h) { split.status = h.status; },
                                               [&](bytes_view data) { return split.data(data, take); }});
  if (enough)
    return {};
  auto out = split.outcome(how);
  return out ? out : status{impl::explained(out.error(), base_)};
}

status client::each(const std::string& path, query q, const std::function<bool(const json::value&)>& use) {
  q.emplace_back("limit", "500");
  q.emplace_back("after", "");
  while (true) {
    WEIR_TRY(auto page, get(path + query_text(q)));
    for (const auto& item : page["items"].items)
      if (!use(item))
        return {};
    auto next = page["next"].string();
    if (next.empty())
      return {};
    q.back().second = next;
  }
}

} // namespace weir::cli
