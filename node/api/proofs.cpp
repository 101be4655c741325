// That a content lies in its pieces, for anyone to check.
#include "node/api/endpoints.hpp"
#include "node/api/join.hpp"
#include "node/json/proof.hpp"

namespace weir::api {

namespace {

/// Each proof stands for itself: `weir piece verify` needs no more.
std::string proof_text(const content& of, const std::vector<placement>& places, const proof_list& proofs) {
  json::writer w;
  w.begin_object().member("content", of.id.value).key("proofs").begin_array();
  for (std::size_t i = 0; i < proofs.parts.size(); ++i) {
    w.begin_object().member("content", of.id.value).member("name", of.name).member("cid", of.cid.text());
    w.member("part", places[i].part).member("parts", places[i].parts);
    json::proof_members(w, proofs.parts[i]);
    w.end_object();
  }
  w.end_array().end_object();
  return w.take();
}

void prove(call c) {
  auto r = c.node->newest();
  auto found = find_content(c, *r);
  if (!good(c, found))
    return;
  auto places = joiner{*r}.placements(found->id);
  if (!good(c, places))
    return;
  ask(
      c, c.node->prover, prove_content{found->id},
      [c, of = *found, places = *places](const proof_list_ptr& proofs) {
        if (proofs->parts.size() != places.size())
          return c.fail(fail(errc::conflict, "It was packed anew just now; ask again.", of.id.value));
        c.json(200, proof_text(of, places, *proofs));
      },
      slow_ask_time);
}

} // namespace

endpoints proof_endpoints() {
  return {
      {"GET", "/contents/{id}/proof", access::user, "Inclusion proofs: that it lies in its pieces, and where.", "", "",
       200, prove},
  };
}

} // namespace weir::api
