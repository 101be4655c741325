// car create: files and folders into one CAR with the bytes of `ipfs dag
// export`, or into pieces in a folder.
#include "node/cli/progress.hpp"
#include "node/cli/tools/import_options.hpp"
#include "node/cli/tools/tools.hpp"
#include "node/cli/tree_walk.hpp"
#include "node/cli/units.hpp"
#include "node/json/writer.hpp"
#include "storage/import/dag_order.hpp"
#include "storage/import/piece_set.hpp"
#include "storage/pieces/piece_cid.hpp"
#include "storage/pieces/piece_file.hpp"
#include "storage/support/file.hpp"

#include <unistd.h>

namespace weir::cli {

namespace {

namespace fs = std::filesystem;

std::uint64_t bytes_below(const std::string& path) {
  std::uint64_t all = 0;
  (void)walk_tree(path, [&](const found_file& f) -> status {
    all += f.size;
    return {};
  });
  return all;
}

/// Beside a CAR on standard output, on standard error.
void say(context& c, const fs::path& file, const built_car& car) {
  const bool beside = file == "-";
  auto piece = piece_cid_v1(car.commp.root).text();
  if (!c.json()) {
    auto text = car.root.text() + "  " + piece + "  " + file.string();
    return beside ? c.note(text) : c.line(text);
  }
  json::writer w;
  w.begin_object().member("file", file.string()).member("root", car.root.text()).member("size", car.size);
  w.member("blocks", car.blocks).member("pieceCid", piece).member("pieceCidV2", piece_cid_v2(car.commp).text());
  w.member("pieceSize", car.commp.padded_size).end_object();
  beside ? c.note(w.take()) : c.object(w.take());
}

result<unixfs::imported> import_any(const std::string& path, block_sink& sink, const tree_import_options& options) {
  return path == "-" ? import_stream(STDIN_FILENO, sink, options) : import_tree(path, sink, options);
}

/// The CAR on standard output; its commP on the way.
result<built_car> write_to_pipe(const cid& root, block_source& blocks) {
  commp_stream commp;
  car_writer car{[&](bytes_view data) {
    commp.update(data);
    return write_all(STDOUT_FILENO, data, "-");
  }};
  WEIR_CHECK(write_car(root, blocks, car));
  return built_car{root, car.size(), car.blocks(), commp.finish()};
}

status into_file(context& c, tree_import_options options, progress& bar) {
  const fs::path out{c.given().get("output")};
  const bool piped = out == "-";
  auto folder = piped ? fs::temp_directory_path() : out.has_parent_path() ? out.parent_path() : fs::path{"."};
  WEIR_TRY(auto blocks, spilled_blocks::create(folder));
  bar.start("reading", c.argument(0) == "-" ? 0 : bytes_below(c.argument(0)));
  options.go_on = [&](const import_progress& p) {
    bar.update(p.bytes);
    return status{};
  };
  WEIR_TRY(auto made, import_any(c.argument(0), *blocks, options));
  WEIR_CHECK(blocks->finish());
  bar.start("writing", blocks->bytes_held());
  if (piped) {
    WEIR_TRY(auto car, write_to_pipe(made.id, *blocks));
    bar.finish();
    say(c, out, car);
    return {};
  }
  auto part = out;
  part += ".part";
  WEIR_TRY(auto car, export_car(made.id, *blocks, part, [&](std::uint64_t done) {
             bar.update(done);
             return status{};
           }));
  WEIR_CHECK(name_piece_file(part, fs::absolute(out)));
  bar.finish();
  say(c, out, car);
  return {};
}

status into_pieces(context& c, tree_import_options import, progress& bar) {
  if (c.argument(0) == "-")
    return fail(errc::usage, "Pieces are made of files and folders, which can be read again after an interruption.");
  const fs::path folder{c.given().get("output")};
  piece_set_options options{.import = std::move(import)};
  if (c.given().has("piece-size")) {
    auto size = parse_size(c.given().get("piece-size"));
    if (!size)
      return fail(errc::usage, size.error().message, c.given().get("piece-size"));
    options.piece_size = *size;
  }
  options.import.go_on = [&](const import_progress& p) {
    bar.update(p.bytes);
    return status{};
  };
  bar.start("packing", bytes_below(c.argument(0)));
  WEIR_TRY(auto made, import_to_pieces(c.argument(0), folder, options));
  bar.finish();
  if (made.resumed > 0)
    c.note(std::to_string(made.resumed) + " pieces were there from an earlier run.");
  for (const auto& p : made.pieces)
    say(c, folder / (p.id.text() + ".car"), p.car);
  c.note("root " + made.whole.id.text());
  return {};
}

int create(context& c) {
  const auto& g = c.given();
  auto options = import_options_of(g);
  if (!options)
    return c.fail(options.error());
  auto out = g.get("output");
  if (out.empty())
    return c.fail(fail(errc::usage, "Say where it goes: -o FILE.car, or -o DIR for pieces."));
  const bool pieces = g.has("piece-size") || out.back() == '/' || fs::is_directory(out);
  progress bar{c.err(), error_is_terminal() && !c.json()};
  auto done = pieces ? into_pieces(c, std::move(*options), bar) : into_file(c, std::move(*options), bar);
  return done ? 0 : c.fail(done.error());
}

} // namespace

std::vector<command> car_create_commands() {
  auto options = import_option_table();
  options.push_back(
      {"output", "FILE|-|DIR", "-o: one CAR (- is standard output), or a folder for pieces named by their piece CID"});
  options.push_back({"piece-size", "SIZE", "padded size of a piece, a power of two; 32GiB unless told"});
  return {{"car create", "PATH|-", "Make a CAR of files and folders, or pieces of a size; goes on where it stopped.",
           "weir car create photos -o pieces/ --piece-size 32GiB", std::move(options), 1, 1, create}};
}

} // namespace weir::cli
