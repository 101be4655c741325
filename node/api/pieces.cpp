// Pieces: what contents were packed into, with their deals and the last
// selection of providers.
#include "node/api/endpoints.hpp"
#include "node/api/join.hpp"
#include "node/api/lists.hpp"

namespace weir::api {

namespace {

result<std::string> list_text(const call& c) {
  WEIR_TRY(auto r, c.view());
  WEIR_TRY(auto p, page_of(c));
  auto state = c.param("state");
  auto bucket = c.param("bucket");
  if (!state.empty() && !state_from_name<piece_state>(state))
    return fail(errc::invalid_argument, "There is no such state of a piece.", state);
  std::optional<cid> after;
  if (!p.after.empty()) {
    WEIR_TRY(after, cid::parse(p.after));
  }
  joiner join{*r, c.who};
  status wrong;
  auto keep = [&](const piece& x) {
    if ((!state.empty() && to_string(x.state) != state) || (!bucket.empty() && x.bucket.value != bucket))
      return false;
    auto mine = join.sees(x.cid);
    if (!mine)
      wrong = mine.error();
    return mine && *mine;
  };
  auto write = [&](json::writer& w, const piece& x) {
    w.begin_object();
    json::members(w, x);
    if (auto s = join.write_deals(w, {x.cid}); !s)
      wrong = s;
    w.end_object();
  };
  auto text = list_page<piece>(
      *r, p, after, keep, write, [](const piece& x) { return x.cid.text(); }, [&] { return join.looked(); });
  if (!wrong)
    return wrong.error();
  return text;
}

/// "contents":[{id,name,size,part,segment,offset,length}], those that the caller may know of.
status write_contents(const call& c, const records::reader& r, json::writer& w, const cid& id) {
  WEIR_TRY(auto keys, r.keys<records::piece_contents>(id));
  w.key("contentList").begin_array();
  for (const auto& [of, content_key, part] : keys) {
    WEIR_TRY(auto found, r.find<content>(content_key));
    WEIR_TRY(auto place, r.find<placement>({content_key, part}));
    if (!found || !place || !c.who.sees(found->value.owner))
      continue;
    w.begin_object().member("name", found->value.name).member("size", found->value.size);
    json::members(w, place->value);
    w.end_object();
  }
  w.end_array();
  return {};
}

result<std::string> show_text(const call& c) {
  WEIR_TRY(auto r, c.view());
  WEIR_TRY(auto id, cid::parse(c.capture("cid")));
  WEIR_TRY(auto found, r->find<piece>(id));
  joiner join{*r, c.who};
  WEIR_TRY(bool mine, join.sees(id));
  if (!found || !mine)
    return fail(errc::not_found, "There is no such piece.", c.capture("cid"));
  WEIR_TRY(auto chosen, r->find<selection>(id));
  json::writer w;
  w.begin_object();
  json::members(w, found->value);
  WEIR_CHECK(join.write_deals(w, {id}));
  WEIR_CHECK(write_contents(c, *r, w, id));
  w.key("selection");
  chosen ? json::write(w, chosen->value) : (void)w.null();
  w.end_object();
  return w.take();
}

void list_pieces(call c) {
  auto text = list_text(c);
  if (good(c, text))
    c.json(200, *std::move(text));
}

void show_piece(call c) {
  auto text = show_text(c);
  if (good(c, text))
    c.json(200, *std::move(text));
}

} // namespace

endpoints piece_endpoints() {
  return {
      {"GET", "/pieces", access::user, "The pieces with their deals; a user's are those with a content of theirs.",
       "limit after state bucket at", "", 200, list_pieces},
      {"GET", "/pieces/{cid}", access::user, "One piece: its deals, its contents, and why which providers were chosen.",
       "at", "", 200, show_piece},
  };
}

} // namespace weir::api
