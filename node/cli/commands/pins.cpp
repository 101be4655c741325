// pin add, ls, rm.
#include "node/cli/commands/shared.hpp"
#include "node/cli/units.hpp"
#include "node/json/writer.hpp"

namespace weir::cli {

namespace {

int add(context& c) {
  json::writer w;
  w.begin_object().member("cid", c.argument(0)).member("mode", c.given().has("direct") ? "direct" : "recursive");
  w.member("name", c.given().get("name")).end_object();
  auto made = c.node().send("POST", "/pins", w.take());
  if (!made)
    return c.fail(made.error());
  c.json() ? c.object(*made)
           : c.line((*made)["cid"].text + "  " + (*made)["mode"].text + "  " + (*made)["blocks"].string() + " blocks, "
                    + size_text((*made)["bytes"].u64().value_or(0)));
  return 0;
}

int ls(context& c) {
  return list_items(c, "/pins", {}, {"CID", "MODE", "BLOCKS", "SIZE", "OWNER", "NAME"}, [](const json::value& p) {
    return std::vector<std::string>{p["cid"].text,        p["mode"].text,
                                    p["blocks"].string(), size_text(p["bytes"].u64().value_or(0)),
                                    p["owner"].text,      p["name"].text};
  });
}

int rm(context& c) {
  auto gone =
      c.node().send("DELETE", "/pins/" + coded(c.argument(0)) + query_text({{"owner", c.given().get("owner")}}));
  if (!gone)
    return c.fail(gone.error());
  c.json() ? c.object(json::writer{}.begin_object().member("cid", c.argument(0)).end_object().take())
           : c.line(c.argument(0) + "  is not pinned any more");
  return 0;
}

} // namespace

std::vector<command> pin_commands() {
  return {
      {"pin add",
       "CID",
       "Keep a DAG that is here, whatever becomes of its contents.",
       "weir pin add bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi --name photos",
       {{"direct", "", "only this block, not what is below it"}, {"name", "NAME", "for people"}},
       1,
       1,
       add},
      {"pin ls", "", "List pins.", "weir pin ls", {}, 0, 0, ls},
      {"pin rm",
       "CID",
       "Take a pin away.",
       "weir pin rm bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
       {{"owner", "OWNER", "somebody else's (operator)"}},
       1,
       1,
       rm},
  };
}

} // namespace weir::cli
