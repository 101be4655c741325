// piece, deal and provider: ls and show.
#include "node/cli/commands/shared.hpp"
#include "node/cli/units.hpp"

namespace weir::cli {

namespace {

int piece_ls(context& c) {
  return list_items(c, "/pieces", {{"state", c.given().get("state")}}, {"PIECE", "STATE", "SIZE", "CONTENTS", "DEALS"},
                    [](const json::value& p) {
                      std::size_t active = 0;
                      for (const auto& d : p["deals"].items)
                        active += d["state"].text == "active";
                      return std::vector<std::string>{
                          p["cid"].text, p["state"].text, size_text(p["paddedSize"].u64().value_or(0)),
                          p["contents"].string(), std::to_string(active) + " of " + p["copies"].string() + " active"};
                    });
}

int piece_show(context& c) {
  return show_item(c, "/pieces/" + coded(c.argument(0)));
}

int deal_ls(context& c) {
  const auto& g = c.given();
  return list_items(c, "/deals",
                    {{"state", g.get("state")}, {"provider", g.get("provider")}, {"piece", g.get("piece")}},
                    {"DEAL", "ID", "PROVIDER", "STATE", "START", "END", "PIECE"}, [](const json::value& d) {
                      return std::vector<std::string>{
                          d["uuid"].text,      d["id"].string(),  d["provider"].text,        d["state"].text,
                          d["start"].string(), d["end"].string(), short_cid(d["piece"].text)};
                    });
}

int deal_show(context& c) {
  return show_item(c, "/deals/" + coded(c.argument(0)));
}

int provider_ls(context& c) {
  auto shown =
      list_items(c, "/providers", {}, {"PROVIDER", "REACHABLE", "PRICE", "PIECES", "MADE", "FAILED", "PROBLEM"},
                 [](const json::value& p) {
                   auto code = p["problem"]["code"].text;
                   return std::vector<std::string>{p["id"].text,
                                                   p["reachable"].boolean() ? "yes" : "no",
                                                   p["price"].text + " attoFIL",
                                                   size_text(p["minPiece"].u64().value_or(0)) + " – "
                                                       + size_text(p["maxPiece"].u64().value_or(0)),
                                                   p["dealsMade"].string(),
                                                   p["dealsFailed"].string(),
                                                   code == "none" ? "" : code};
                 });
  if (shown != 0 || c.json())
    return shown;
  auto first = c.node().get("/providers?limit=1");
  if (!first)
    return c.fail(first.error());
  auto& asks = (*first)["asks"];
  c.note("Median ask of " + asks["providers"].string() + " providers: " + asks["median"].text
         + " attoFIL for a GiB and epoch, " + asks["verifiedMedian"].text + " verified.");
  return 0;
}

int provider_show(context& c) {
  return show_item(c, "/providers/" + coded(c.argument(0)));
}

} // namespace

std::vector<command> place_commands() {
  return {
      {"piece ls",
       "",
       "List pieces.",
       "weir piece ls",
       {{"state", "STATE", "only those in this state"}},
       0,
       0,
       piece_ls},
      {"piece show",
       "PIECE",
       "Show a piece with its deals and why which providers were chosen.",
       "weir piece show baga…",
       {},
       1,
       1,
       piece_show},
      {"deal ls",
       "",
       "List deals.",
       "weir deal ls --state active",
       {{"state", "STATE", "only those in this state"},
        {"provider", "ADDRESS", "only those with this provider"},
        {"piece", "PIECE", "only those of this piece"}},
       0,
       0,
       deal_ls},
      {"deal show", "UUID", "Show a deal with the time of each state.", "weir deal show 0c1c…", {}, 1, 1, deal_show},
      {"provider ls", "", "List providers with their asks and our results.", "weir provider ls", {}, 0, 0, provider_ls},
      {"provider show",
       "ADDRESS",
       "Show a provider and the last selections that considered it.",
       "weir provider show f01000",
       {},
       1,
       1,
       provider_show},
  };
}

} // namespace weir::cli
