// ls, status, explain, offload, restore, rm.
#include "node/cli/commands/shared.hpp"
#include "node/cli/table.hpp"
#include "node/cli/units.hpp"

namespace weir::cli {

namespace {

std::string size_of(const json::value& v) {
  return size_text(v.u64().value_or(0));
}

int ls(context& c) {
  const auto& g = c.given();
  return list_items(c, "/contents", {{"state", g.get("state")}, {"bucket", g.get("bucket")}, {"q", g.get("search")}},
                    {"CID", "STATE", "COPIES", "SIZE", "NAME"}, [](const json::value& item) {
                      return std::vector<std::string>{item["cid"].text, item["state"].text, copies_text(item),
                                                      size_of(item["size"]), item["name"].text};
                    });
}

void show_deals(context& c, const json::value& content) {
  table t{{"PROVIDER", "DEAL", "STATE", "START", "END"}};
  for (const auto& d : content["deals"].items)
    t.row({d["provider"].text, d["id"].string(), d["state"].text, d["start"].string(), d["end"].string()});
  if (!t.empty())
    for (const auto& l : t.lines())
      c.line("  " + l);
}

void show_status(context& c, const json::value& content) {
  c.line(content["cid"].text + "  " + content["name"].text);
  c.line("  state    " + content["state"].text + ", " + copies_text(content));
  c.line("  size     " + size_of(content["size"]) + (content["local"].boolean() ? ", held here" : ", not held here"));
  if (!content["bucket"].text.empty())
    c.line("  bucket   " + content["bucket"].text);
  for (const auto& piece : content["pieces"].items)
    c.line("  piece    " + piece.text);
  if (content["problem"]["code"].text != "none")
    c.line("  problem  " + content["problem"]["code"].text + ": " + content["problem"]["message"].text);
  show_deals(c, content);
}

int status(context& c) {
  auto found = contents_of(c.node(), take_apart(c.argument(0)).name);
  if (!found)
    return c.fail(found.error());
  for (const auto& content : *found) {
    if (!c.json()) {
      show_status(c, content);
      continue;
    }
    auto object = status_object(c.node(), content);
    if (!object)
      return c.fail(object.error());
    c.object(*object);
  }
  return 0;
}

int explain(context& c) {
  auto found = contents_of(c.node(), take_apart(c.argument(0)).name);
  if (!found)
    return c.fail(found.error());
  for (const auto& content : *found) {
    auto e = c.node().get("/contents/" + coded(content["id"].text) + "/explain");
    if (!e)
      return c.fail(e.error());
    if (c.json()) {
      c.object(*e);
      continue;
    }
    c.line(content["name"].text + " (" + content["cid"].text + ") is "
           + ((*e)["safe"].boolean() ? "safe." : "not yet safe."));
    for (const auto& sentence : (*e)["sentences"].items)
      c.line("  " + sentence.text);
    for (const auto& r : (*e)["rejections"].items)
      c.line("  " + r["provider"].text + " was not chosen: " + r["reason"].text);
    if (const auto& next = (*e)["next"]; next.is_object())
      c.line("  Next: " + next["what"].text + (next["when"].text.empty() ? "" : " (" + next["when"].text + ")"));
  }
  return 0;
}

/// Does the same to every content that is meant; tells each.
int act(context& c, const std::string& verb, const std::string& word, const std::string& done) {
  int worst = 0;
  for (std::size_t i = 0; i < c.given().arguments.size(); ++i) {
    auto found = contents_of(c.node(), take_apart(c.argument(i)).name);
    if (!found) {
      worst = c.fail(found.error());
      continue;
    }
    for (const auto& content : *found) {
      auto answer = c.node().send(verb, "/contents/" + coded(content["id"].text) + word);
      if (!answer)
        worst = c.fail(answer.error());
      else if (c.json())
        c.object(*answer);
      else
        c.line(content["cid"].text + "  " + done);
    }
  }
  return worst;
}

int offload(context& c) {
  return act(c, "POST", "/offload", "is no longer held here; its deals stay");
}
int restore(context& c) {
  return act(c, "POST", "/restore", "is being brought back from a provider");
}
int rm(context& c) {
  return act(c, "DELETE", "", "is removed; its deals run out and are not renewed");
}

} // namespace

std::vector<command> content_commands() {
  return {
      {"ls",
       "",
       "List your contents.",
       "weir ls --state active",
       {{"state", "STATE", "only those in this state"},
        {"bucket", "ID", "only those in this bucket"},
        {"search", "TEXT", "only those whose name has this text"}},
       0,
       0,
       ls},
      {"status",
       "CID",
       "Show how a content stands: state, bucket, piece, deals.",
       "weir status bafy… --json",
       {},
       1,
       1,
       status},
      {"explain",
       "CID",
       "Say why a content is not yet safe, what happens next and when.",
       "weir explain bafy…",
       {},
       1,
       1,
       explain},
      {"offload",
       "CID…",
       "Drop the local copy of what has all its promised deals active.",
       "weir offload bafy…",
       {},
       1,
       1000,
       offload},
      {"restore", "CID…", "Bring the local copy back from a provider.", "weir restore bafy…", {}, 1, 1000, restore},
      {"rm", "CID…", "Remove contents; their deals are not renewed.", "weir rm bafy…", {}, 1, 1000, rm},
  };
}

} // namespace weir::cli
