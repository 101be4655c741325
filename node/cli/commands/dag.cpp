// dag get, stat, export, import: the DAG of a content at a running node. What
// the node gives is checked here once more.
#include "node/cli/commands/shared.hpp"
#include "node/cli/progress.hpp"
#include "node/cli/tools/input.hpp"
#include "node/cli/tools/output.hpp"
#include "node/cli/units.hpp"
#include "node/json/writer.hpp"
#include "storage/car/car_parser.hpp"
#include "storage/ipld/dag_json.hpp"
#include "storage/ipld/node_value.hpp"
#include "storage/support/file.hpp"

#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace weir::cli {

namespace {

namespace fs = std::filesystem;

/// "/contents/ID" of what the argument names, and the path inside it.
struct wanted_dag {
  std::string base;
  query where;
};
result<wanted_dag> dag_of(context& c) {
  auto named = take_apart(c.argument(0));
  WEIR_TRY(auto found, contents_of(c.node(), named.name));
  const auto* content = &found.front();
  for (const auto& other : found)
    if (other["local"].boolean())
      content = &other;
  return wanted_dag{"/contents/" + coded((*content)["id"].text),
                    {{"path", named.path}, {"from", c.given().get("from")}}};
}

/// Its first block, checked.
status first_block(context& c, cid& id, bytes& block) {
  WEIR_TRY(auto dag, dag_of(c));
  dag.where.emplace_back("scope", "block");
  car_parser parser{[&](const cid& of, bytes_view data, const car_position&) {
    id = of;
    block.assign(data.begin(), data.end());
    return status{};
  }};
  WEIR_CHECK(
      c.node().download(dag.base + "/car" + query_text(dag.where), [&](bytes_view data) { return parser.feed(data); }));
  WEIR_CHECK(parser.finish());
  return id.empty() ? status{fail(errc::malformed, "The node gave no block.")} : status{};
}

int get(context& c) {
  cid id;
  bytes block;
  if (auto got = first_block(c, id, block); !got)
    return c.fail(got.error());
  if (c.given().has("raw")) {
    c.out().write(reinterpret_cast<const char*>(block.data()), static_cast<std::streamsize>(block.size()));
    c.out().flush();
    return 0;
  }
  auto value = ipld::decode_node(id, block);
  if (!value)
    return c.fail(value.error());
  auto text = ipld::encode_dag_json(*value);
  if (!text)
    return c.fail(text.error());
  c.object(*text);
  return 0;
}

int stat(context& c) {
  auto dag = dag_of(c);
  if (!dag)
    return c.fail(dag.error());
  return show_item(c, dag->base + "/dag" + query_text(dag->where));
}

struct exported {
  cid root;
  std::uint64_t blocks = 0, bytes = 0;
};

/// The whole CAR, checked on its way to `sink`.
result<exported> export_to(context& c, const byte_sink& sink, progress& bar) {
  WEIR_TRY(auto dag, dag_of(c));
  exported out;
  car_parser parser{[](const cid&, bytes_view, const car_position&) { return status{}; }};
  bar.start("exporting", 0);
  WEIR_CHECK(c.node().download(dag.base + "/car" + query_text(dag.where), [&](bytes_view data) -> status {
    WEIR_CHECK(parser.feed(data));
    bar.update(out.bytes += data.size());
    return sink(data);
  }));
  WEIR_CHECK(parser.finish());
  if (!parser.roots() || parser.roots()->size() != 1)
    return fail(errc::malformed, "The node gave a CAR without a root.");
  out.root = parser.roots()->front();
  out.blocks = parser.blocks();
  return out;
}

int export_dag(context& c) {
  auto out = c.given().get("output");
  if (out.empty())
    return c.fail(fail(errc::usage, "Say where it goes: -o FILE.car, or -o - for standard output."));
  progress bar{c.err(), error_is_terminal() && !c.json()};
  auto file = whole_output::open(out, c.given().has("force"));
  if (!file)
    return c.fail(file.error());
  auto made = export_to(
      c, [&](bytes_view data) { return (*file)->write(data); }, bar);
  if (!made)
    return c.fail(made.error());
  if (auto named = (*file)->finish(); !named)
    return c.fail(named.error());
  bar.finish(std::to_string(made->blocks) + (made->blocks == 1 ? " block" : " blocks") + ", verified");
  json::writer w;
  w.begin_object().member("file", out).member("root", made->root.text()).member("blocks", made->blocks);
  w.member("size", made->bytes).end_object();
  if (out == "-")
    c.json() ? c.note(w.take()) : void();
  else
    c.json() ? c.object(w.take()) : c.line(made->root.text() + "  " + out);
  return 0;
}

result<std::string> wish_of(const context& c) {
  const auto& g = c.given();
  auto path = c.argument(0);
  auto name = g.has("name") ? g.get("name") : path == "-" ? "import" : fs::path{path}.stem().string();
  json::writer w;
  w.begin_object().member("name", name);
  if (g.has("bucket"))
    w.member("bucket", g.get("bucket"));
  if (g.has("copies")) {
    auto copies = parse_number(g.get("copies"));
    if (!copies || *copies == 0)
      return fail(errc::usage, "--copies is a number from 1.", g.get("copies"));
    w.member("copies", *copies);
  }
  return w.end_object().take();
}

result<json::value> send_car(context& c, const std::string& upload, progress& bar) {
  const auto& path = c.argument(0);
  file_descriptor file;
  std::optional<std::uint64_t> size;
  if (path != "-") {
    WEIR_TRY(file, open_file(path, O_RDONLY));
    std::error_code unknown;
    if (auto bytes = fs::file_size(path, unknown); !unknown)
      size = bytes;
  }
  bar.start("importing", size.value_or(0));
  std::uint64_t done = 0;
  auto source = [&, fd = path == "-" ? STDIN_FILENO : file.get()](std::span<std::uint8_t> into) -> result<std::size_t> {
    WEIR_TRY(auto n, read_some(fd, into, path));
    bar.update(done += n);
    return n;
  };
  WEIR_CHECK(c.node().put("/uploads/" + upload + "/car", size, source));
  return c.node().send("POST", "/uploads/" + upload + "/commit");
}

int import_dag(context& c) {
  auto wish = wish_of(c);
  if (!wish)
    return c.fail(wish.error());
  auto opened = c.node().send("POST", "/uploads", *wish);
  if (!opened)
    return c.fail(opened.error());
  auto upload = coded((*opened)["id"].text);
  progress bar{c.err(), error_is_terminal() && !c.json()};
  auto made = send_car(c, upload, bar);
  if (!made) { // nothing half imported stays
    (void)c.node().send("DELETE", "/uploads/" + upload);
    return c.fail(made.error());
  }
  bar.finish((*made)["blocks"].string() + " blocks");
  c.json() ? c.object(*made) : c.line((*made)["cid"].text + "  " + (*made)["name"].text);
  return 0;
}

} // namespace

std::vector<command> dag_commands() {
  const option from{"from", "WHERE", "only from here, or only from a provider", false, {"local", "provider"}};
  return {
      {"dag get",
       "CID[/PATH]",
       "Print a node of a content's DAG as DAG-JSON.",
       "weir dag get bafy…/photos",
       {{"raw", "", "the block's bytes, as they are"}, from},
       1,
       1,
       get},
      {"dag stat",
       "CID[/PATH]",
       "Count a DAG: blocks, bytes.",
       "weir dag stat bafy…/photos --json",
       {from},
       1,
       1,
       stat},
      {"dag export",
       "CID[/PATH]",
       "Write a DAG as a CAR, with the bytes of `ipfs dag export`, every block verified.",
       "weir dag export bafy… -o photos.car",
       {{"output", "FILE|-", "-o: where it goes"}, {"force", "", "over a file that is there"}, from},
       1,
       1,
       export_dag},
      {"dag import",
       "FILE|-",
       "Make a content of a CAR: one root, every block verified.",
       "weir dag import photos.car --bucket photos",
       {{"name", "NAME", "what the content is called; the file's name otherwise"},
        {"bucket", "NAME", "into this bucket of yours; the global one otherwise"},
        {"copies", "N", "how many copies on distinct providers; 6 otherwise"}},
       1,
       1,
       import_dag},
  };
}

} // namespace weir::cli
