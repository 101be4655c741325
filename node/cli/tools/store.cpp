// store stat, check, gc: of a running node, or with --data of a stopped one.
#include "node/json/store.hpp"
#include "node/cli/tools/tools.hpp"
#include "node/cli/units.hpp"
#include "node/json/value.hpp"
#include "storage/records/store.hpp"
#include "storage/support/data_folder.hpp"

#include <filesystem>

namespace weir::cli {

namespace {

/// What a stopped node has. A folder that is none is not made one.
struct stopped_node {
  data_folder folder;
  std::unique_ptr<block_store> blocks;

  static result<stopped_node> open(const std::filesystem::path& root, bool index_anew) {
    std::error_code wrong;
    if (!std::filesystem::exists(root / "version", wrong))
      return fail(errc::not_found, "This is not the data folder of a node.", root.string());
    WEIR_TRY(auto folder, data_folder::open(root));
    if (index_anew)
      WEIR_CHECK(block_store::discard_index(folder.blocks()));
    WEIR_TRY(auto blocks, block_store::open(folder.blocks()));
    return stopped_node{std::move(folder), std::move(blocks)};
  }
};

result<json::value> stat_of(context& c) {
  if (!c.given().has("data"))
    return c.node().get("/store");
  WEIR_TRY(auto node, stopped_node::open(c.given().get("data"), false));
  WEIR_TRY(auto found, node.blocks->stat());
  return json::parse(json::to_json(found));
}

std::string count_text(const json::value& v, const char* what, const char* count) {
  return v[count].string() + " " + what + ", " + size_text(v["bytes"].u64().value_or(0));
}

int stat(context& c) {
  auto s = stat_of(c);
  if (!s)
    return c.fail(s.error());
  if (c.json()) {
    c.object(*s);
    return 0;
  }
  c.line("loose        " + count_text((*s)["loose"], "blocks", "blocks"));
  c.line("packed       " + count_text((*s)["packed"], "blocks", "blocks"));
  c.line("packs        " + count_text((*s)["packs"], "files", "files"));
  if (auto references = (*s)["packs"]["references"].u64().value_or(0))
    c.line("references   " + std::to_string(references) + " of these files: their blocks lie in files of users");
  if (auto missing = (*s)["packs"]["missing"].u64().value_or(0))
    c.line("missing      " + std::to_string(missing) + " of these files");
  c.line("quarantined  " + (*s)["quarantined"].string() + " damaged blocks");
  return 0;
}

result<json::value> report_of(context& c) {
  bool repair = c.given().has("repair");
  if (!c.given().has("data"))
    return c.node().send("POST", "/store/check", repair ? R"({"repair":true})" : "{}");
  WEIR_TRY(auto node, stopped_node::open(c.given().get("data"), repair));
  WEIR_TRY(auto records, records::record_store::open(node.folder.records()));
  WEIR_TRY(auto found, check_whole_store(*node.blocks, *records->snapshot(), {.repair = repair}));
  return json::parse(json::to_json(found));
}

void tell(context& c, const json::value& r) {
  c.line(count_text(r, "copies of blocks read", "blocks"));
  for (auto name : {"damaged", "mended", "doubled", "unreadable"})
    for (const auto& item : r[name].items)
      c.line(std::string{name} + "  " + item.text);
  if (auto count = r["unindexed"].u64().value_or(0))
    c.line(std::to_string(count) + " blocks of packs were not in the index");
  for (const auto& m : r["missing"].items)
    c.line("missing  " + m["cid"].text + "  of " + m["name"].text + " (" + m["content"].text + ")");
  c.line(r["whole"].boolean() ? "Nothing is missing." : "Not all is here.");
}

/// Exit status 1 when something is still wrong.
int check(context& c) {
  auto r = report_of(c);
  if (!r)
    return c.fail(r.error());
  c.json() ? c.object(*r) : tell(c, *r);
  return (*r)["whole"].boolean() ? 0 : 1;
}

int collect(context& c) {
  auto g = c.node().send("POST", "/store/gc", "{}");
  if (!g)
    return c.fail(g.error());
  c.json() ? c.object(*g)
           : c.line(count_text(*g, "blocks removed", "blocks") + "; " + (*g)["packs"].string() + " packs made smaller, "
                    + size_text((*g)["packBytes"].u64().value_or(0)));
  return 0;
}

} // namespace

std::vector<command> store_commands() {
  const option data{"data", "DIR", "of a stopped node, instead of the one that runs"};
  return {
      {"store stat", "", "Show how many blocks there are, and where.", "weir store stat", {data}, 0, 0, stat},
      {"store check",
       "",
       "Read every block; name what is damaged, doubled or missing.",
       "weir store check --data ~/weir --repair",
       {data, {"repair", "", "mend from other copies, remove doubled ones, make the index of the packs anew"}},
       0,
       0,
       check},
      {"store gc", "", "Remove blocks that nothing needs.", "weir store gc", {}, 0, 0, collect},
  };
}

} // namespace weir::cli
