// piece aggregate, prove, verify: FRC-0058 without a node.
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

void write_path(json::writer& w, const char* name, const tree_proof& p) {
  w.key(name).begin_object().member("index", p.index).key("path").begin_array();
  for (const auto& node : p.path)
    w.value(to_hex(node));
  w.end_array().end_object();
}

/// The aggregate that a piece file is, its index checked against all its bytes.
result<aggregate> aggregate_in(const std::string& path) {
  WEIR_TRY(auto commp, commp_of_file(path));
  WEIR_TRY(auto segments, read_piece_index(path, commp.padded_size));
  if (segments.empty())
    return fail(errc::precondition, "This file has no index of segments at its end.", path);
  WEIR_TRY(auto whole, aggregate::create(commp.padded_size, std::move(segments)));
  if (whole.root() != commp.root)
    return fail(errc::corrupt, "The index of this piece does not describe what is in it.", path);
  return whole;
}

int prove(context& c) {
  auto whole = aggregate_in(c.argument(0));
  if (!whole)
    return c.fail(whole.error());
  for (std::size_t i = 0; i < whole->segments().size(); ++i) {
    const auto& s = whole->segments()[i];
    auto proof = whole->prove(i);
    json::writer w;
    w.begin_object().member("pieceCid", piece_cid_v1(whole->root()).text()).member("pieceSize", whole->padded_size());
    w.member("segmentCid", piece_cid_v1(s.root).text()).member("segmentSize", s.size).member("offset", s.offset);
    write_path(w, "subtree", proof.subtree);
    write_path(w, "entry", proof.entry);
    c.object(w.end_object().take());
  }
  return 0;
}

result<tree_proof> read_path(const json::value& v) {
  tree_proof out;
  auto index = v["index"].u64();
  if (!index || !v["path"].is_array())
    return fail(errc::malformed, "This is not an inclusion proof.");
  out.index = *index;
  for (const auto& item : v["path"].items) {
    auto node = from_hex(item.text);
    if (!node || node->size() != commp::node_size)
      return fail(errc::malformed, "A node of the proof is not 32 bytes.", item.text);
    std::copy(node->begin(), node->end(), out.path.emplace_back().begin());
  }
  return out;
}

status check_proof(const std::string& line, const std::string& piece) {
  WEIR_TRY(auto v, json::parse(line));
  inclusion_proof proof;
  WEIR_TRY(proof.subtree, read_path(v["subtree"]));
  WEIR_TRY(proof.entry, read_path(v["entry"]));
  WEIR_TRY(auto segment, cid::parse(v["segmentCid"].text));
  WEIR_TRY(auto root, piece_root(segment));
  WEIR_TRY(auto proved, verify_inclusion(proof, root, v["segmentSize"].u64().value_or(0)));
  WEIR_TRY(auto wanted_cid, cid::parse(piece));
  WEIR_TRY(auto wanted, piece_root(wanted_cid));
  if (proved.root != wanted)
    return fail(errc::invalid_argument, "The proof holds for another piece.", piece_cid_v1(proved.root).text(), piece);
  return {};
}

/// Standard input, or a file.
result<std::string> text_of(const std::string& path) {
  if (path != "-")
    return read_small_file(path, json::max_text);
  std::string text;
  char part[65536];
  for (ssize_t n; (n = ::read(STDIN_FILENO, part, sizeof part)) > 0;) {
    text.append(part, static_cast<std::size_t>(n));
    if (text.size() > json::max_text)
      return fail(errc::too_large, "The input is too long.", "-", std::to_string(json::max_text));
  }
  return text;
}

int verify(context& c) {
  auto text = text_of(c.argument(0));
  if (!text)
    return c.fail(text.error());
  std::size_t proofs = 0;
  for (std::size_t at = 0; at < text->size();) {
    auto end = std::min(text->find('\n', at), text->size());
    auto line = text->substr(at, end - at);
    at = end + 1;
    if (line.empty())
      continue;
    if (auto good = check_proof(line, c.given().get("piece")); !good)
      return c.fail(good.error());
    ++proofs;
  }
  if (proofs == 0)
    return c.fail(fail(errc::malformed, "There is no proof in it.", c.argument(0)));
  c.json() ? c.object(json::writer{}.begin_object().member("proofs", proofs).end_object().take())
           : c.line(std::to_string(proofs) + (proofs == 1 ? " proof holds." : " proofs hold."));
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
      {"piece prove",
       "FILE",
       "Print the inclusion proof of each segment of a piece, one JSON object per line.",
       "weir piece prove data.piece > proofs.json",
       {},
       1,
       1,
       prove},
      {"piece verify",
       "PROOFS|-",
       "Check inclusion proofs against a piece CID alone.",
       "weir piece verify proofs.json --piece baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq",
       {{"piece", "CID", "the piece that they must be of"}},
       1,
       1,
       verify},
  };
}

} // namespace weir::cli
