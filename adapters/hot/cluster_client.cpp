#include "adapters/hot/cluster_client.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace weir::hot {

using nlohmann::json;

namespace {

constexpr const char* peer = "The IPFS cluster";
constexpr std::size_t error_size = 64 << 10;

error refusal(int status, const std::string& body) {
  auto parsed = json::parse(body, nullptr, false);
  auto said = parsed.is_discarded() ? body : text_of(parsed, "message");
  if (status == 500 && said.find("not part of the pinset") != said.npos)
    return refused(peer, 404, said);
  return refused(peer, status, said);
}

/// A CID is a text, or {"/": text} in older versions.
result<cid> cid_in(const json& object) {
  auto at = object.is_object() ? object.find("cid") : object.end();
  if (at == object.end())
    return fail(errc::protocol, std::string{peer} + " answered without a CID.");
  return cid::parse(at->is_string() ? at->get<std::string>() : text_of(*at, "/"));
}

int signed_of(const json& object, const char* name) {
  auto at = object.is_object() ? object.find(name) : object.end();
  return at != object.end() && at->is_number_integer() ? at->get<int>() : 0;
}

result<cluster_pin> read_pin(const json& object) {
  WEIR_TRY(auto id, cid_in(object));
  cluster_pin out{std::move(id),
                  text_of(object, "name"),
                  signed_of(object, "replication_factor_min"),
                  signed_of(object, "replication_factor_max"),
                  {}};
  if (auto list = object.find("allocations"); list != object.end() && list->is_array())
    for (const auto& one : *list)
      if (one.is_string())
        out.allocations.push_back(one.get<std::string>());
  return out;
}

result<cluster_status> read_status(const json& object) {
  WEIR_TRY(auto id, cid_in(object));
  cluster_status out{std::move(id), text_of(object, "name"), {}};
  auto map = object.find("peer_map");
  if (map != object.end() && map->is_object())
    for (const auto& [key, value] : map->items())
      out.peers.push_back({key, text_of(value, "peername"), text_of(value, "status"), words(text_of(value, "error"))});
  return out;
}

http::query query_of(const cluster_pin_options& how) {
  http::query out;
  out.add("replication-min", std::to_string(how.replication_min));
  out.add("replication-max", std::to_string(how.replication_max));
  if (!how.name.empty())
    out.add("name", how.name);
  if (how.expire_in > 0)
    out.add("expire-in", std::to_string(how.expire_in) + "s");
  for (const auto& [key, value] : how.metadata)
    out.add("meta-" + key, value);
  return out;
}

template <class T, class Read>
then<json> reading(Read read, then<T> done) {
  return [read, done = std::move(done)](const result<json>& got) {
    done(got ? result<T>{read(*got)} : result<T>{got.error()});
  };
}

} // namespace

std::size_t cluster_status::count(std::string_view status) const {
  return static_cast<std::size_t>(
      std::count_if(peers.begin(), peers.end(), [&](const auto& p) { return p.status == status; }));
}

http::client_request cluster_client::request(std::string verb, const std::string& path, const http::query& args) const {
  http::client_request r;
  r.verb = std::move(verb);
  auto query = args.text();
  r.url = options_.url + path + (query.empty() ? "" : "?" + query);
  if (auto who = authorization(options_.who); !who.empty())
    r.fields.add("Authorization", who);
  r.connect_timeout = options_.connect_timeout;
  r.timeout = options_.answer_timeout;
  r.max_body = 4 << 20;
  return r;
}

http::call_ptr cluster_client::ask(http::client_request what, then<json> done) {
  return client_.fetch(std::move(what), [done = std::move(done)](result<http::client_response> got) {
    if (!got)
      return done(got.error());
    if (got->status > 299)
      return done(refusal(got->status, got->body));
    done(got->body.empty() ? result<json>{json::object()} : parse_answer(peer, got->body));
  });
}

http::call_ptr cluster_client::lines(http::client_request what, json_lines::visitor each, then_status done) {
  struct reading {
    int status = 0;
    std::string said, trailer;
    json_lines lines;
  };
  auto r = std::make_shared<reading>(reading{0, {}, {}, json_lines{peer, std::move(each)}});
  what.max_body = UINT64_MAX;
  auto end = [r, done = std::move(done)](const status& how) {
    auto read = r->lines.finish();
    if (!how)
      return done(how);
    if (r->status > 299)
      return done(refusal(r->status, r->said));
    done(r->trailer.empty() ? read : status{refused(peer, 500, r->trailer)});
  };
  return client_.stream(std::move(what), {.head = [r](const http::client_head& h) { r->status = h.status; },
                                          .data =
                                              [r](bytes_view part) {
                                                if (r->status <= 299)
                                                  r->lines.feed(part);
                                                else if (r->said.size() < error_size)
                                                  r->said.append(as_text(part));
                                              },
                                          .done = std::move(end),
                                          .trailer =
                                              [r](std::string_view name, std::string_view value) {
                                                if (http::same_name(name, "X-Stream-Error"))
                                                  r->trailer = value;
                                              }});
}

http::call_ptr cluster_client::add_car(const cid& root, car_feed_ptr feed, const cluster_pin_options& how,
                                       loop::milliseconds timeout, then_status done) {
  auto args = query_of(how);
  args.add("format", "car");
  args.add("stream-channels", "false"); // one array, after the whole request was read
  auto r = request("POST", "/add", args);
  auto form = form_of(feed);
  r.source = form.source;
  r.fields.add("Content-Type", form.content_type);
  r.timeout = timeout;
  r.stall_timeout = options_.quiet_add;
  auto end = [root, feed, done = std::move(done)](const result<json>& got) {
    if (auto why = feed->problem(); why.code != errc::none)
      return done(why); // ours, not the cluster's
    if (!got)
      return done(got.error());
    auto made = cid_in(got->is_array() && !got->empty() ? got->back() : *got);
    if (!made || *made != root)
      return done(
          fail(errc::protocol, "The cluster took in another root.", made ? made->text() : std::string{}, root.text()));
    done({});
  };
  auto call = ask(std::move(r), end);
  feed->more = [weak = std::weak_ptr{call}] {
    if (auto c = weak.lock())
      c->resume_upload();
  };
  return call;
}

http::call_ptr cluster_client::pin(const cid& id, const cluster_pin_options& how, then<cluster_pin> done) {
  return ask(request("POST", "/pins/" + id.text(), query_of(how)), reading<cluster_pin>(read_pin, std::move(done)));
}

http::call_ptr cluster_client::status_of(const cid& id, then<cluster_status> done) {
  return ask(request("GET", "/pins/" + id.text()), reading<cluster_status>(read_status, std::move(done)));
}

http::call_ptr cluster_client::recover(const cid& id, then<cluster_status> done) {
  return ask(request("POST", "/pins/" + id.text() + "/recover"), reading<cluster_status>(read_status, std::move(done)));
}

http::call_ptr cluster_client::unpin(const cid& id, then_status done) {
  return ask(request("DELETE", "/pins/" + id.text()), [done = std::move(done)](const result<json>& got) {
    done(got || got.error().code == errc::not_found ? status{} : status{got.error()});
  });
}

http::call_ptr cluster_client::allocation(const cid& id, then<cluster_pin> done) {
  return ask(request("GET", "/allocations/" + id.text()), reading<cluster_pin>(read_pin, std::move(done)));
}

http::call_ptr cluster_client::allocations(std::function<void(const cluster_pin&)> each, then_status done) {
  auto visit = [each = std::move(each)](const json& line) -> status {
    WEIR_TRY(auto one, read_pin(line));
    each(one);
    return {};
  };
  return lines(request("GET", "/allocations"), std::move(visit), std::move(done));
}

http::call_ptr cluster_client::peers(then<std::vector<cluster_peer>> done) {
  auto all = std::make_shared<std::vector<cluster_peer>>();
  auto visit = [all](const json& line) -> status {
    all->push_back({text_of(line, "id"), text_of(line, "peername"), text_of(line, "version"), text_of(line, "error")});
    return {};
  };
  return lines(request("GET", "/peers"), visit, [all, done = std::move(done)](const status& how) {
    done(how ? result<std::vector<cluster_peer>>{*all} : result<std::vector<cluster_peer>>{how.error()});
  });
}

http::call_ptr cluster_client::health(then_status done) {
  return ask(request("GET", "/health"),
             [done = std::move(done)](const result<json>& got) { done(got ? status{} : status{got.error()}); });
}

http::call_ptr cluster_client::version(then<std::string> done) {
  return ask(request("GET", "/version"),
             reading<std::string>([](const json& j) { return text_of(j, "version"); }, std::move(done)));
}

} // namespace weir::hot
