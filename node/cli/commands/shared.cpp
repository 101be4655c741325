#include "node/cli/commands/shared.hpp"

#include "messages/types/states.hpp"
#include "node/cli/table.hpp"
#include "node/cli/units.hpp"
#include "node/json/writer.hpp"

#include <algorithm>

namespace weir::cli {

namespace {

bool is_uuid(std::string_view text) {
  return text.size() == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-';
}

} // namespace

named_content take_apart(const std::string& text) {
  std::string_view rest = text;
  if (rest.starts_with("/ipfs/"))
    rest.remove_prefix(6);
  auto slash = std::min(rest.find('/'), rest.size());
  named_content out{std::string{rest.substr(0, slash)}, std::string{rest.substr(std::min(rest.size(), slash + 1))}};
  while (out.path.ends_with('/'))
    out.path.pop_back();
  return out;
}

result<std::vector<json::value>> contents_of(client& node, const std::string& name) {
  std::vector<json::value> found;
  if (is_uuid(name)) {
    WEIR_TRY(auto one, node.get("/contents/" + coded(name)));
    found.push_back(std::move(one));
    return found;
  }
  WEIR_CHECK(node.each("/contents", {{"cid", name}}, [&](const json::value& item) {
    found.push_back(item);
    return true;
  }));
  if (found.empty())
    return fail(errc::not_found, "You have no content with this CID.", name);
  return found;
}

std::size_t deals_at_least(const json::value& content, std::string_view state) {
  auto least = state_from_name<deal_state>(state).value_or(deal_state::active);
  const auto& deals = content["deals"].items;
  // A split content has its copies once for each piece: the worst piece counts.
  std::size_t worst = 0;
  bool first = true;
  for (const auto& piece : content["pieces"].items) {
    auto count = static_cast<std::size_t>(std::count_if(deals.begin(), deals.end(), [&](const json::value& d) {
      auto s = state_from_name<deal_state>(d["state"].string());
      return d["piece"].text == piece.text && s && is_good(*s) && *s >= least;
    }));
    worst = first ? count : std::min(worst, count);
    first = false;
  }
  return worst;
}

std::string copies_text(const json::value& content) {
  return std::to_string(deals_at_least(content, "active")) + " of " + content["copies"].string() + " active";
}

result<std::string> status_object(client& node, const json::value& content) {
  json::writer w;
  w.begin_object();
  for (auto name : {"id", "cid", "name", "size", "state", "copies", "local", "bucket", "problem", "created"})
    w.key(name).raw(content[name].dump());
  const auto& pieces = content["pieces"].items;
  w.member("piece", pieces.empty() ? std::string{} : pieces[0].text);
  std::uint64_t size = 0;
  w.key("pieces").begin_array();
  for (const auto& piece : pieces) {
    WEIR_TRY(auto record, node.get("/pieces/" + coded(piece.text)));
    size = size == 0 ? record["paddedSize"].u64().value_or(0) : size;
    w.begin_object().member("cid", piece.text).key("size").raw(record["paddedSize"].dump()).end_object();
  }
  w.end_array().member("pieceSize", size).key("deals").begin_array();
  for (const auto& d : content["deals"].items) {
    w.begin_object();
    for (auto name : {"id", "uuid", "provider", "state", "piece"})
      w.key(name).raw(d[name].dump());
    w.key("startEpoch").raw(d["start"].dump()).key("endEpoch").raw(d["end"].dump()).end_object();
  }
  w.end_array().end_object();
  return w.take();
}

int list_items(context& c, const std::string& path, const query& q, std::vector<std::string> heads,
               const std::function<std::vector<std::string>(const json::value&)>& row) {
  table t{std::move(heads)};
  auto read = c.node().each(path, q, [&](const json::value& item) {
    c.json() ? c.object(item) : t.row(row(item));
    return true;
  });
  if (!c.json() && (read || !t.empty()))
    for (const auto& l : t.lines())
      c.line(l);
  return c.done(read);
}

int show_item(context& c, const std::string& path) {
  auto item = c.node().get(path);
  if (!item)
    return c.fail(item.error());
  if (c.json())
    c.object(*item);
  else
    show_members(c, *item);
  return 0;
}

int show_answer(context& c, const result<json::value>& answer, std::string_view member) {
  if (!answer)
    return c.fail(answer.error());
  c.json() ? c.object(*answer) : c.line((*answer)[member].text);
  return 0;
}

int show_secret(context& c, const result<json::value>& made, std::string_view member, const std::string& note) {
  if (!made)
    return c.fail(made.error());
  if (c.json()) {
    c.object(*made);
  } else {
    c.line((*made)["id"].text + "  " + (*made)[member].text);
    c.note(note);
  }
  return 0;
}

void show_members(context& c, const json::value& v, const std::string& indent) {
  for (const auto& [name, member] : v.members) {
    auto label = indent + name;
    label.resize(std::max<std::size_t>(label.size() + 2, 22), ' ');
    if (member.is_object()) {
      c.line(indent + name);
      show_members(c, member, indent + "  ");
    } else if (member.is_array() && !member.items.empty() && member.items[0].is_object()) {
      c.line(indent + name);
      for (const auto& item : member.items) {
        show_members(c, item, indent + "  ");
        c.line("");
      }
    } else {
      c.line(label + (member.is_array() ? member.dump() : member.string()));
    }
  }
}

} // namespace weir::cli
