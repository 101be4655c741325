// Buckets: global ones, and those that users create.
#include "node/api/endpoints.hpp"
#include "node/api/lists.hpp"
#include "node/cli/units.hpp"

namespace weir::api {

namespace {

/// The global buckets are everybody's.
bool visible(const caller& who, const bucket& b) {
  return b.global() || who.sees(b.owner);
}

result<bucket> find_bucket(const call& c, const records::reader& r) {
  auto id = c.capture("id");
  WEIR_TRY(auto found, r.find<bucket>(bucket_id{id}));
  if (!found || !visible(c.who, found->value))
    return fail(errc::not_found, "There is no such bucket.", id);
  return std::move(found->value);
}

result<std::string> list_text(const call& c) {
  WEIR_TRY(auto r, c.view());
  WEIR_TRY(auto p, page_of(c));
  auto state = c.param("state");
  auto name = c.param("name");
  if (!state.empty() && !state_from_name<bucket_state>(state) && state != "open")
    return fail(errc::invalid_argument, "The state of a bucket is open, init or complete.", state);
  auto keep = [&](const bucket& b) {
    bool fits = state.empty() || to_string(b.state) == state || (state == "open" && b.ready == bucket_ready::open);
    return visible(c.who, b) && fits && (name.empty() || b.name == name);
  };
  auto after = p.after.empty() ? std::nullopt : std::optional{bucket_id{p.after}};
  return list_page<bucket>(
      *r, p, after, keep, [](json::writer& w, const bucket& b) { json::write(w, b); },
      [](const bucket& b) { return b.id.value; });
}

void list_buckets(call c) {
  auto text = list_text(c);
  if (good(c, text))
    c.json(200, *std::move(text));
}

void show_bucket(call c) {
  auto r = c.view();
  if (!good(c, r))
    return;
  auto found = find_bucket(c, **r);
  if (good(c, found))
    c.json(200, json::to_json(*found));
}

/// A number of bytes, or a text such as "64MiB".
result<std::uint64_t> size_of(const json::value& v) {
  if (v.is_null())
    return std::uint64_t{0};
  return cli::parse_size(v.string());
}

/// A number of epochs, or a text such as "2h".
result<epoch_delta> duration_of(const json::value& v) {
  if (v.is_null())
    return epoch_delta{0};
  if (auto epochs = v.i64(); epochs && *epochs >= 0)
    return *epochs;
  return cli::parse_duration(v.string());
}

result<create_bucket> wish_of(const caller& who, const json::value& body) {
  create_bucket wish;
  wish.owner = who.owner;
  wish.name = body["name"].string();
  if (wish.name.empty())
    return fail(errc::invalid_argument, "A bucket of one's own needs a name.");
  WEIR_TRY(wish.threshold, size_of(body["threshold"]));
  WEIR_TRY(wish.every, duration_of(body["every"]));
  if (body.has("maxCount")) {
    auto count = body["maxCount"].u64();
    if (!count)
      return fail(errc::invalid_argument, "maxCount is a whole number.", body["maxCount"].string());
    wish.max_count = *count;
  }
  return wish;
}

void create(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto wish = wish_of(ready.who, body);
    if (good(ready, wish))
      ask(ready, ready.node->buckets, *wish, [ready](const bucket& b) { ready.json(201, json::to_json(b)); });
  });
}

void close(call c) {
  with_body(c, [](const call& ready, const json::value&) {
    auto found = find_bucket(ready, *ready.node->newest());
    if (!good(ready, found))
      return;
    if (found->global() && !ready.who.admin)
      return ready.fail(fail(errc::forbidden, "Only the operator closes the global bucket."));
    ask(ready, ready.node->buckets, close_bucket{found->owner, found->id, {}},
        [ready](const bucket& b) { ready.json(200, json::to_json(b)); });
  });
}

} // namespace

endpoints bucket_endpoints() {
  return {
      {"GET", "/buckets", access::user, "The caller's buckets and the global ones.", "limit after state name at", "",
       200, list_buckets},
      {"POST", "/buckets", access::user, "Creates a bucket: bytes, contents and schedule that make it ready.", "",
       "name threshold maxCount every", 201, create},
      {"GET", "/buckets/{id}", access::user, "One bucket.", "at", "", 200, show_bucket},
      {"POST", "/buckets/{id}/close", access::user, "Makes it ready now.", "", "", 200, close},
  };
}

} // namespace weir::api
