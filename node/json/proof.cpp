#include "node/json/proof.hpp"

#include "messages/types/multibase.hpp"
#include "storage/pieces/piece_cid.hpp"

#include <algorithm>

namespace weir::json {

namespace {

void write_path(writer& w, const char* name, const tree_proof& p) {
  w.key(name).begin_object().member("index", p.index).key("path").begin_array();
  for (const auto& node : p.path)
    w.value(to_hex(node));
  w.end_array().end_object();
}

void write_place(writer& w, const place_proof& p) {
  w.begin_object().key("blocks").begin_array();
  for (const auto& b : p.blocks)
    w.begin_object().member("cid", b.id.text()).member("offset", b.offset).member("length", b.length).end_object();
  w.end_array().key("shown").begin_array();
  for (const auto& s : p.shown) {
    w.begin_object().member("offset", s.offset);
    w.member("data", multibase_encode(multibase::base64, s.data)).end_object();
  }
  w.end_array().key("nodes").begin_array();
  for (const auto& node : p.nodes)
    w.value(to_hex(node));
  w.end_array().end_object();
}

error not_a_proof(const char* what) {
  return fail(errc::malformed, std::string{"This is not an inclusion proof: "} + what + ".");
}

result<std::uint64_t> read_number(const value& v, const char* name) {
  auto n = v[name].u64();
  return n ? result<std::uint64_t>{*n} : not_a_proof(name);
}

result<std::vector<piece_node>> read_nodes(const value& v) {
  if (!v.is_array())
    return not_a_proof("a list of nodes is missing");
  std::vector<piece_node> out;
  for (const auto& item : v.items) {
    auto node = from_hex(item.text);
    if (!node || node->size() != commp::node_size)
      return fail(errc::malformed, "A node of the proof is not 32 bytes.", item.text);
    std::copy(node->begin(), node->end(), out.emplace_back().begin());
  }
  return out;
}

result<tree_proof> read_path(const value& v) {
  tree_proof out;
  WEIR_TRY(out.index, read_number(v, "index"));
  WEIR_TRY(out.path, read_nodes(v["path"]));
  return out;
}

result<place_proof> read_place(const value& v) {
  place_proof out;
  for (const auto& item : v["blocks"].items) {
    auto& b = out.blocks.emplace_back();
    WEIR_TRY(b.id, cid::parse(item["cid"].text));
    WEIR_TRY(b.offset, read_number(item, "offset"));
    WEIR_TRY(b.length, read_number(item, "length"));
  }
  for (const auto& item : v["shown"].items) {
    auto& s = out.shown.emplace_back();
    WEIR_TRY(s.offset, read_number(item, "offset"));
    WEIR_TRY(auto decoded, multibase_decode(item["data"].text));
    s.data = std::move(decoded.data);
  }
  WEIR_TRY(out.nodes, read_nodes(v["nodes"]));
  return out;
}

} // namespace

void proof_members(writer& w, const content_proof& proof) {
  w.member("pieceCid", proof.piece.text()).member("pieceSize", proof.piece_size);
  w.member("segmentCid", piece_cid_v1(proof.segment.root).text()).member("segmentSize", proof.segment.size);
  w.member("offset", proof.segment.offset);
  write_path(w, "subtree", proof.subtree);
  if (proof.entry)
    write_path(w, "entry", *proof.entry);
  if (!proof.root.empty())
    w.member("root", proof.root.text());
  if (proof.place)
    write_place(w.key("place"), *proof.place);
}

result<content_proof> read_proof(const value& v) {
  if (!v.is_object())
    return not_a_proof("it is no object");
  content_proof out;
  WEIR_TRY(out.piece, cid::parse(v["pieceCid"].text));
  WEIR_TRY(out.piece_size, read_number(v, "pieceSize"));
  WEIR_TRY(auto segment, cid::parse(v["segmentCid"].text));
  WEIR_TRY(out.segment.root, piece_root(segment));
  WEIR_TRY(out.segment.size, read_number(v, "segmentSize"));
  WEIR_TRY(out.segment.offset, read_number(v, "offset"));
  WEIR_TRY(out.subtree, read_path(v["subtree"]));
  if (v.has("entry")) {
    WEIR_TRY(out.entry, read_path(v["entry"]));
  }
  if (v.has("root")) {
    WEIR_TRY(out.root, cid::parse(v["root"].text));
  }
  if (v.has("place")) {
    WEIR_TRY(out.place, read_place(v["place"]));
  }
  return out;
}

} // namespace weir::json
