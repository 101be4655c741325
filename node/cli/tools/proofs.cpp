// piece prove, verify: that something lies in a piece. Proofs are made of a
// piece's file, or asked of a node; checking needs neither.
#include "node/cli/commands/shared.hpp"
#include "node/cli/tools/input.hpp"
#include "node/cli/tools/tools.hpp"
#include "node/json/proof.hpp"
#include "storage/pieces/piece_cid.hpp"
#include "storage/pieces/piece_file.hpp"

#include <filesystem>
#include <set>

namespace weir::cli {

namespace {

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

status prove_file(context& c) {
  WEIR_TRY(auto whole, aggregate_in(c.argument(0)));
  for (std::size_t i = 0; i < whole.segments().size(); ++i) {
    auto made = whole.prove(i);
    content_proof proof;
    proof.piece = piece_cid_v1(whole.root());
    proof.piece_size = whole.padded_size();
    proof.segment = whole.segments()[i];
    proof.subtree = std::move(made.subtree);
    proof.entry = std::move(made.entry);
    json::writer w;
    json::proof_members(w.begin_object(), proof);
    c.object(w.end_object().take());
  }
  return {};
}

/// What a node says of a content; of one piece only, if that is given.
status prove_content(context& c, const std::string& id, const std::string& piece = {}) {
  WEIR_TRY(auto answer, c.node().get("/contents/" + coded(id) + "/proof"));
  for (const auto& proof : answer["proofs"].items)
    if (piece.empty() || proof["pieceCid"].text == piece)
      c.object(proof);
  return {};
}

status prove_all(context& c, const std::set<std::string>& ids, const std::string& piece = {}) {
  for (const auto& id : ids)
    WEIR_CHECK(prove_content(c, id, piece));
  return {};
}

/// Every packed content of the buckets of this name, or of the one with this id.
status prove_bucket(context& c, const std::string& name) {
  std::vector<std::string> buckets;
  WEIR_CHECK(c.node().each("/buckets", {}, [&](const json::value& b) {
    auto own = b["name"].text.empty() ? "global" : b["name"].text;
    if (b["id"].text == name || own == name)
      buckets.push_back(b["id"].text);
    return true;
  }));
  if (buckets.empty())
    return fail(errc::not_found, "You have no bucket with this name or id.", name);
  std::set<std::string> packed;
  for (const auto& bucket : buckets)
    WEIR_CHECK(c.node().each("/contents", {{"bucket", bucket}}, [&](const json::value& item) {
      if (!item["pieces"].items.empty())
        packed.insert(item["id"].text);
      return true;
    }));
  if (packed.empty())
    return fail(errc::precondition, "No content of this bucket is packed into a piece yet.", name);
  return prove_all(c, packed);
}

status prove_piece(context& c, const cid& piece) {
  WEIR_TRY(auto id, to_piece_cid_v1(piece));
  WEIR_TRY(auto found, c.node().get("/pieces/" + coded(id.text())));
  std::set<std::string> contents;
  for (const auto& item : found["contentList"].items)
    contents.insert(item["content"].text);
  return prove_all(c, contents, id.text());
}

status prove_named(context& c) {
  const auto& name = c.argument(0);
  if (auto id = cid::parse(name); id && (is_piece_cid_v1(*id) || is_piece_cid_v2(*id)))
    return prove_piece(c, *id);
  WEIR_TRY(auto found, contents_of(c.node(), name));
  std::set<std::string> ids;
  for (const auto& content : found)
    ids.insert(content["id"].text);
  return prove_all(c, ids);
}

int prove(context& c) {
  const auto& g = c.given();
  std::error_code ignored;
  if (g.has("bucket") != g.arguments.empty())
    return c.fail(fail(errc::usage, "Name a piece's file, a content or a piece; or a bucket with --bucket."));
  if (g.has("bucket"))
    return c.done(prove_bucket(c, g.get("bucket")));
  return c.done(std::filesystem::exists(c.argument(0), ignored) ? prove_file(c) : prove_named(c));
}

struct tally {
  std::size_t proofs = 0;
  std::size_t whole = 0; ///< that show all of a content
  std::set<std::string> pieces;
};

status check_proof(const json::value& v, const std::optional<cid>& piece, tally& all) {
  if (v["proofs"].is_array()) { // as the node gives them
    for (const auto& item : v["proofs"].items)
      WEIR_CHECK(check_proof(item, piece, all));
    return {};
  }
  WEIR_TRY(auto proof, json::read_proof(v));
  WEIR_TRY(auto proved, verify(proof));
  if (piece && proved.piece != *piece)
    return fail(errc::invalid_argument, "The proof holds for another piece.", proved.piece.text(), piece->text());
  if (v.has("cid") && v["parts"].u64().value_or(1) == 1 && v["cid"].text != proof.root.text())
    return fail(errc::invalid_argument, "The proof is of another content.", v["cid"].text, proof.root.text());
  ++all.proofs;
  all.whole += proved.whole;
  all.pieces.insert(proved.piece.text());
  return {};
}

status check_all(context& c, tally& all) {
  std::optional<cid> piece;
  if (c.given().has("piece")) {
    WEIR_TRY(auto given, cid::parse(c.given().get("piece")));
    WEIR_TRY(piece, to_piece_cid_v1(given));
  }
  WEIR_CHECK(each_line(c.argument(0), json::max_text, [&](const std::string& line) -> status {
    if (line.empty())
      return {};
    WEIR_TRY(auto v, json::parse(line));
    return check_proof(v, piece, all);
  }));
  return all.proofs > 0 ? status{} : status{fail(errc::malformed, "There is no proof in it.", c.argument(0))};
}

int verify_proofs(context& c) {
  tally all;
  if (auto good = check_all(c, all); !good)
    return c.fail(good.error());
  if (!c.json()) {
    c.line(std::to_string(all.proofs) + (all.proofs == 1 ? " proof holds" : " proofs hold") + ", "
           + std::to_string(all.whole) + " of a whole content.");
    for (const auto& piece : all.pieces)
      c.line("piece " + piece);
    return 0;
  }
  json::writer w;
  w.begin_object().member("proofs", all.proofs).member("whole", all.whole).key("pieces").begin_array();
  for (const auto& piece : all.pieces)
    w.value(piece);
  c.object(w.end_array().end_object().take());
  return 0;
}

} // namespace

std::vector<command> proof_commands() {
  return {
      {"piece prove",
       "FILE|CONTENT|CID",
       "Print inclusion proofs, one JSON object per line: of a piece's file, or from a node of its contents.",
       "weir piece prove --bucket photos > proofs.json",
       {{"bucket", "NAME", "every packed content of this bucket"}},
       0,
       1,
       prove},
      {"piece verify",
       "PROOFS|-",
       "Check inclusion proofs; they and the piece CID are all that it needs.",
       "weir piece verify proofs.json --piece baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq",
       {{"piece", "CID", "the piece that they must be of; otherwise the one that each names"}},
       1,
       1,
       verify_proofs},
  };
}

} // namespace weir::cli
