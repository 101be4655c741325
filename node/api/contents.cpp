// Contents as resources: list, look, change, offload, restore, remove, explain.
#include "node/api/endpoints.hpp"
#include "node/api/join.hpp"
#include "node/api/lists.hpp"

#include <algorithm>
#include <cctype>

namespace weir::api {

namespace {

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

struct content_filter {
  caller who;
  std::optional<content_state> state;
  std::string words; // lower case
  bool removed = false;

  bool keeps(const content& c) const {
    if (!who.sees(c.owner) || (state && c.state != *state))
      return false;
    if (c.state == content_state::removed && !state && !removed)
      return false;
    return words.empty() || lower(c.name).find(words) != std::string::npos || c.cid.text().starts_with(words);
  }
};

result<content_filter> filter_of(const call& c) {
  content_filter f{c.who, {}, lower(c.param("q")), c.param("removed") == "1"};
  auto state = c.param("state");
  if (!state.empty()) {
    f.state = state_from_name<content_state>(state);
    if (!f.state)
      return fail(errc::invalid_argument, "There is no such state of a content.", state);
  }
  return f;
}

/// The contents that an index names, behind `after`.
template <class Index, class Part>
result<std::vector<content_id>> indexed(const records::reader& r, const Part& part, const std::string& after) {
  std::vector<content_id> ids;
  records::scan_range range{records::encode_prefix(part), {}};
  if (!after.empty())
    range.after = records::encode_key(typename Index::key_type{part, content_id{after}});
  WEIR_CHECK(r.scan_raw(Index::id, range, [&](std::string_view key, std::string_view, revision) {
    if (auto k = records::decode_key<typename Index::key_type>(key))
      ids.push_back(std::get<1>(*k));
    return ids.size() < max_looked_at;
  }));
  return ids;
}

result<std::string> list_of(const records::reader& r, const page& p, const content_filter& f,
                            const std::vector<content_id>& ids) {
  json::writer w;
  begin_list(w);
  joiner join{r};
  std::size_t taken = 0;
  std::string last, next;
  for (const auto& id : ids) {
    if (taken == p.limit) {
      next = last;
      break;
    }
    last = id.value;
    WEIR_TRY(auto found, r.find<content>(id));
    if (!found || !f.keeps(found->value))
      continue;
    ++taken;
    WEIR_CHECK(join.write_content(w, found->value));
  }
  if (ids.size() == max_looked_at && next.empty())
    next = last;
  end_list(w, next, r.at());
  return w.take();
}

result<std::string> list_all(const records::reader& r, const page& p, const content_filter& f) {
  joiner join{r};
  status wrong;
  auto write = [&](json::writer& w, const content& c) {
    if (auto s = join.write_content(w, c); !s)
      wrong = s;
  };
  auto after = p.after.empty() ? std::nullopt : std::optional{content_id{p.after}};
  auto text = list_page<content>(
      r, p, after, [&](const content& c) { return f.keeps(c); }, write, [](const content& c) { return c.id.value; });
  if (!wrong)
    return wrong.error();
  return text;
}

result<std::string> list_text(const call& c) {
  WEIR_TRY(auto r, c.view());
  WEIR_TRY(auto p, page_of(c));
  WEIR_TRY(auto f, filter_of(c));
  if (auto text = c.param("cid"); !text.empty()) {
    WEIR_TRY(auto root, cid::parse(text));
    WEIR_TRY(auto ids, indexed<records::cid_contents>(*r, root, p.after));
    return list_of(*r, p, f, ids);
  }
  if (auto bucket = c.param("bucket"); !bucket.empty()) {
    WEIR_TRY(auto ids, indexed<records::bucket_contents>(*r, bucket_id{bucket}, p.after));
    return list_of(*r, p, f, ids);
  }
  return list_all(*r, p, f);
}

void list_contents(call c) {
  auto text = list_text(c);
  if (good(c, text))
    c.json(200, *std::move(text));
}

void show_content(call c) {
  auto show = [&]() -> result<std::string> {
    WEIR_TRY(auto r, c.view());
    WEIR_TRY(auto found, find_content(c, *r));
    json::writer w;
    WEIR_CHECK(joiner{*r}.write_content(w, found, true));
    return w.take();
  };
  auto text = show();
  if (good(c, text))
    c.json(200, *std::move(text));
}

void answer_content(const call& c, const content& changed) {
  c.json(200, json::to_json(changed));
}

void change(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto found = find_content(ready, *ready.node->newest());
    if (!good(ready, found))
      return;
    change_content wish{found->owner, found->id, 0, body["name"].string()};
    if (body.has("copies")) {
      auto copies = body["copies"].u64();
      if (!copies || *copies == 0 || *copies > 64)
        return ready.fail(fail(errc::invalid_argument, "copies is a number.", body["copies"].string(), "1 to 64"));
      wish.copies = static_cast<std::uint32_t>(*copies);
    }
    ask(ready, ready.node->contents, wish, [ready](const content& now) { answer_content(ready, now); });
  });
}

/// The writes that name a content and need no more than that.
template <class Message>
void act(call c) {
  with_body(c, [](const call& ready, const json::value&) {
    auto found = find_content(ready, *ready.node->newest());
    if (good(ready, found))
      ask(
          ready, ready.node->contents, Message{found->owner, found->id},
          [ready](const content& now) { answer_content(ready, now); }, slow_ask_time);
  });
}

} // namespace

result<content> find_content(const call& c, const records::reader& r) {
  auto id = c.capture("id");
  WEIR_TRY(auto found, r.find<content>(content_id{id}));
  if (!found || !c.who.sees(found->value.owner))
    return fail(errc::not_found, "There is no such content.", id);
  return std::move(found->value);
}

endpoints content_endpoints() {
  return {
      {"GET", "/contents", access::user,
       "The caller's contents with their deals and pieces; those that were removed with `removed=1`, or their state.",
       "limit after state bucket cid q removed at", "", 200, list_contents},
      {"GET", "/contents/{id}", access::user, "One content with its deals, pieces and placements.", "at", "", 200,
       show_content},
      {"PATCH", "/contents/{id}", access::user, "Changes its name or how many copies are promised.", "", "name copies",
       200, change},
      {"DELETE", "/contents/{id}", access::user, "Removes it; its deals are not renewed.", "", "", 200,
       act<remove_content>},
      {"POST", "/contents/{id}/offload", access::user,
       "Drops the local copy of what has all its promised deals active.", "", "", 200, act<offload_content>},
      {"POST", "/contents/{id}/restore", access::user, "Brings the local copy back from a provider.", "", "", 200,
       act<restore_content>},
  };
}

} // namespace weir::api
