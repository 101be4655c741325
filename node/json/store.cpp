#include "node/json/store.hpp"

namespace weir::json {

namespace {

void write_cids(writer& w, const char* name, const std::vector<cid>& ids) {
  w.key(name).begin_array();
  for (const auto& id : ids)
    w.value(id.text());
  w.end_array();
}

} // namespace

std::string to_json(const store_stat& s) {
  writer w;
  w.begin_object().key("loose").begin_object();
  w.member("blocks", s.loose_blocks).member("bytes", s.loose_bytes).end_object();
  w.key("packed").begin_object().member("blocks", s.packed_blocks).member("bytes", s.packed_bytes).end_object();
  w.key("packs").begin_object().member("files", s.packs).member("bytes", s.pack_bytes);
  w.member("references", s.reference_packs)
      .member("missing", s.missing_packs)
      .end_object()
      .member("quarantined", s.quarantined)
      .end_object();
  return w.take();
}

std::string to_json(const store_report& r) {
  writer w;
  w.begin_object().member("whole", r.whole()).member("blocks", r.blocks.blocks).member("bytes", r.blocks.bytes);
  write_cids(w, "damaged", r.blocks.damaged);
  write_cids(w, "mended", r.blocks.mended);
  write_cids(w, "doubled", r.blocks.doubled);
  w.key("unreadable").begin_array();
  for (const auto& file : r.blocks.unreadable)
    w.value(file.string());
  w.end_array().member("unindexed", r.blocks.unindexed).key("missing").begin_array();
  for (const auto& m : r.missing)
    w.begin_object().member("cid", m.id.text()).member("content", m.content.value).member("name", m.name).end_object();
  w.end_array().end_object();
  return w.take();
}

} // namespace weir::json
