// piece aggregate: FRC-0058 without a node.
#include "node/cli/tools/tools.hpp"
#include "node/cli/units.hpp"
#include "node/json/writer.hpp"
#include "storage/pieces/piece_cid.hpp"
#include "storage/pieces/piece_file.hpp"
#include "storage/support/file.hpp"

#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace weir::cli {

namespace {

namespace fs = std::filesystem;

result<segment_source> source_of(const std::string& path) {
  std::error_code wrong;
  auto size = fs::file_size(path, wrong);
  if (wrong)
    return os_error(wrong.value(), "the file could not be read", path);
  return segment_source{size, [path](const byte_sink& sink) -> status {
                          WEIR_TRY(auto file, open_file(path, O_RDONLY));
                          bytes buffer(1 << 20);
                          for (std::uint64_t at = 0;;) {
                            WEIR_TRY(auto n, read_at(file.get(), buffer, at, path));
                            if (n == 0)
                              return {};
                            WEIR_CHECK(sink(bytes_view{buffer}.first(n)));
                            at += n;
                          }
                        }};
}

result<written_piece> aggregate_files(const parsed& given, fs::path& out) {
  std::vector<segment_source> sources;
  for (const auto& path : given.arguments) {
    WEIR_TRY(auto source, source_of(path));
    sources.push_back(std::move(source));
  }
  piece_limits limits;
  if (given.has("piece-size")) {
    WEIR_TRY(limits.least, parse_size(given.get("piece-size")));
  }
  out = given.get("output", ".");
  const bool folder = fs::is_directory(out);
  auto part = folder ? out / ".weir-piece.part" : fs::path{out.string() + ".part"};
  WEIR_TRY(auto made, write_piece_file(part, sources, limits));
  if (folder)
    out /= made.id.text() + ".piece";
  WEIR_CHECK(name_piece_file(part, fs::absolute(out)));
  return made;
}

int make_aggregate(context& c) {
  fs::path out;
  auto made = aggregate_files(c.given(), out);
  if (!made)
    return c.fail(made.error());
  if (!c.json()) {
    c.line(made->id.text() + "  " + out.string());
    return 0;
  }
  json::writer w;
  w.begin_object().member("file", out.string()).member("pieceCid", made->id.text());
  w.member("pieceSize", made->padded_size).key("segments").begin_array();
  for (std::size_t i = 0; i < made->segments.size(); ++i) {
    const auto& s = made->segments[i];
    w.begin_object().member("file", c.argument(i)).member("pieceCid", piece_cid_v1(s.root).text());
    w.member("pieceSize", s.padded_size).member("offset", s.offset).member("length", s.length).end_object();
  }
  w.end_array().end_object();
  c.object(w.take());
  return 0;
}

} // namespace

std::vector<command> piece_commands() {
  return {
      {"piece aggregate",
       "FILE…",
       "Put files into one piece, with an index of them (FRC-0058).",
       "weir piece aggregate a.car b.car -o pieces/",
       {{"output", "FILE|DIR", "-o: the piece's file, or a folder where it gets its piece CID as name"},
        {"piece-size", "SIZE", "at least so large, a power of two"}},
       1,
       100000,
       make_aggregate},
  };
}

} // namespace weir::cli
