// car extract: files and folders out of a CAR, which may be anyone's.
#include "node/cli/tools/input.hpp"
#include "node/cli/tools/tools.hpp"
#include "node/cli/tools/tree_writer.hpp"
#include "node/json/writer.hpp"
#include "storage/car/car_file.hpp"
#include "storage/import/dag_order.hpp"

#include <filesystem>

namespace weir::cli {

namespace {

namespace fs = std::filesystem;

/// A CAR with its blocks at hand, each checked when it is read or before.
struct opened_car {
  std::unique_ptr<block_source> blocks;
  std::vector<cid> roots;
};

/// Out of a pipe the blocks wait in a file without a name.
result<opened_car> open_piped(const fs::path& folder) {
  WEIR_TRY(auto blocks, spilled_blocks::create(folder));
  car_parser parser{[&](const cid& id, bytes_view block, const car_position&) { return blocks->put(id, block); }};
  WEIR_CHECK(each_part("-", [&](bytes_view data) { return parser.feed(data); }));
  WEIR_CHECK(parser.finish());
  WEIR_CHECK(blocks->finish());
  return opened_car{std::move(blocks), *parser.roots()};
}

result<opened_car> open_car(const std::string& path, const fs::path& folder) {
  if (path == "-")
    return open_piped(folder);
  WEIR_TRY(auto file, car_file::open(path));
  auto roots = file->roots();
  return opened_car{std::move(file), std::move(roots)};
}

result<cid> root_of(const opened_car& car, const std::string& wanted) {
  if (!wanted.empty())
    return cid::parse(wanted);
  if (car.roots.size() != 1)
    return fail(errc::usage, "This CAR does not have one root: say which with --root.",
                std::to_string(car.roots.size()));
  return car.roots[0];
}

result<written_tree> extract_to(context& c, const fs::path& out) {
  auto folder = out.has_parent_path() ? out.parent_path() : fs::path{"."};
  WEIR_TRY(auto car, open_car(c.argument(0), folder));
  WEIR_TRY(auto root, root_of(car, c.given().get("root")));
  auto path = c.given().arguments.size() > 1 ? c.argument(1) : std::string{};
  unixfs::tree_reader tree{*car.blocks};
  WEIR_TRY(auto node, tree.resolve(root, path));
  auto slash = path.find_last_not_of('/');
  auto name = slash == path.npos ? root.text() : fs::path{path.substr(0, slash + 1)}.filename().string();
  return write_tree(*car.blocks, node, name, out, c.given().has("force"));
}

int extract(context& c) {
  const fs::path out{c.given().get("output")};
  if (out.empty())
    return c.fail(fail(errc::usage, "Say where it goes: -o OUT."));
  auto made = extract_to(c, out);
  if (!made)
    return c.fail(made.error());
  if (!c.json()) {
    c.line(made->root.text() + "  " + made->at.string());
    return 0;
  }
  json::writer w;
  w.begin_object().member("root", made->root.text()).member("path", made->at.string());
  w.member("files", made->files).member("bytes", made->bytes).end_object();
  c.object(w.take());
  return 0;
}

} // namespace

std::vector<command> car_extract_commands() {
  return {{"car extract",
           "FILE|- [PATH]",
           "Write the files of a CAR, or what is at a path in it, every block verified.",
           "weir car extract data.car photos/2024 -o photos",
           {{"output", "OUT", "-o: file or folder to write"},
            {"root", "CID", "of a CAR with several roots, the one that is meant"},
            {"force", "", "over files that are there"}},
           1,
           2,
           extract}};
}

} // namespace weir::cli
