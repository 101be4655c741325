// bucket create, close, ls, show.
#include "node/cli/commands/shared.hpp"
#include "node/cli/units.hpp"
#include "node/json/writer.hpp"

namespace weir::cli {

namespace {

int answer(context& c, const result<json::value>& r, const std::string& said) {
  if (!r)
    return c.fail(r.error());
  c.json() ? c.object(*r) : c.line((*r)["id"].text + "  " + said);
  return 0;
}

result<std::string> wish_of(const context& c) {
  const auto& g = c.given();
  json::writer w;
  w.begin_object().member("name", c.argument(0));
  if (g.has("size")) {
    WEIR_TRY(auto size, parse_size(g.get("size")));
    w.member("threshold", size);
  }
  if (g.has("count")) {
    WEIR_TRY(auto count, parse_number(g.get("count")));
    w.member("maxCount", count);
  }
  if (g.has("every")) {
    WEIR_TRY(auto every, parse_duration(g.get("every")));
    w.member("every", every);
  }
  w.end_object();
  return w.take();
}

int create(context& c) {
  auto body = wish_of(c);
  if (!body)
    return c.fail(body.error());
  return answer(c, c.node().send("POST", "/buckets", *body), "takes contents");
}

/// The open bucket of this name, or the one with this id.
result<std::string> find(context& c, const std::string& name) {
  std::string id;
  WEIR_CHECK(c.node().each("/buckets", {}, [&](const json::value& b) {
    bool global = name == "global" && b["name"].text.empty();
    if (b["id"].text == name || ((b["name"].text == name || global) && b["ready"].text == "open"))
      id = b["id"].text;
    return id.empty();
  }));
  if (id.empty())
    return fail(errc::not_found, "There is no open bucket of this name, and none with this id.", name);
  return id;
}

int close(context& c) {
  auto id = find(c, c.argument(0));
  if (!id)
    return c.fail(id.error());
  return answer(c, c.node().send("POST", "/buckets/" + coded(*id) + "/close"), "is closed and will be packed");
}

int show(context& c) {
  auto id = find(c, c.argument(0));
  return id ? show_item(c, "/buckets/" + coded(*id)) : c.fail(id.error());
}

int ls(context& c) {
  return list_items(c, "/buckets", {{"state", c.given().get("state")}},
                    {"ID", "NAME", "STATE", "READY", "CONTENTS", "SIZE", "OF"}, [](const json::value& b) {
                      auto name = b["name"].text.empty() ? std::string{"global"} : b["name"].text;
                      return std::vector<std::string>{b["id"].text,
                                                      name,
                                                      b["state"].text,
                                                      b["ready"].text,
                                                      b["count"].string(),
                                                      size_text(b["size"].u64().value_or(0)),
                                                      size_text(b["threshold"].u64().value_or(0))};
                    });
}

} // namespace

std::vector<command> bucket_commands() {
  return {
      {"bucket create",
       "NAME",
       "Create a bucket of your own.",
       "weir bucket create photos --size 1GiB --every 1d",
       {{"size", "BYTES", "ready when its contents are over this"},
        {"count", "N", "ready when it has so many contents"},
        {"every", "DURATION", "ready each time this has passed on the chain's clock"}},
       1,
       1,
       create},
      {"bucket close",
       "NAME",
       "Make a bucket ready now ('global' is the global one).",
       "weir bucket close photos",
       {},
       1,
       1,
       close},
      {"bucket ls", "", "List buckets.", "weir bucket ls", {{"state", "STATE", "open, init or complete"}}, 0, 0, ls},
      {"bucket show", "NAME", "Show a bucket by its name or id.", "weir bucket show photos", {}, 1, 1, show},
  };
}

} // namespace weir::cli
