#include "actors/ffs/imports.hpp"

#include "actors/deals/deal_records.hpp"
#include "actors/deals/rollup_rules.hpp"
#include "actors/ffs/cold_rules.hpp"
#include "actors/support/quota.hpp"

#include <algorithm>

namespace weir::ffs {

using records::fact;

namespace {

std::string id_text(const chain_deal& d) {
  return std::to_string(d.id.value);
}

/// Where another content of the same CID lies in the piece, whoever owns it.
result<std::optional<placement>> known_place(const records::reader& state, const cid& id, const cid& piece_id) {
  WEIR_TRY(auto keys, state.keys<records::cid_contents>(id));
  for (auto& key : keys) {
    WEIR_TRY(auto p, state.find<placement>({std::get<1>(key), 0}));
    if (p && p->value.piece == piece_id)
      return std::optional{p->value};
  }
  return std::optional<placement>{};
}

status check_pieces(const import_order& order, epoch now) {
  if (order.deals.empty())
    return fail(errc::invalid_argument, "No deal is named.");
  auto& first = order.deals.front().what;
  for (auto& d : order.deals) {
    WEIR_CHECK(check_import(d.what, now));
    if (d.what.piece != first.piece || d.what.padded_size != first.padded_size)
      return fail(errc::invalid_argument, "The deals hold different pieces.", d.what.piece.text(), first.piece.text());
  }
  return {};
}

/// The part of the instance's own content that is packed, if there is one.
result<std::optional<content>> packed_content(const records::reader& state, const import_order& order) {
  WEIR_TRY(auto own, cold_content(state, order.instance, order.cid));
  if (!own || own->state < content_state::packed)
    return std::optional<content>{};
  WEIR_TRY(auto p, state.find<placement>({own->id, 0}));
  auto& piece_id = order.deals.front().what.piece;
  if (p && p->value.parts > 1)
    return fail(errc::unsupported, "The CID is spread over several pieces; a deal of one cannot be imported.",
                order.cid.text());
  if (p && p->value.piece != piece_id)
    return fail(errc::invalid_argument, "The deal holds another piece than the one that the CID lies in.",
                piece_id.text(), p->value.piece.text());
  return own;
}

/// A piece that this node never saw has to say by its label what is in it.
status add_place(const records::reader& state, const import_order& order, transaction_builder& t,
                 std::optional<content>& like, job_moment at) {
  auto& d = order.deals.front().what;
  WEIR_TRY(auto known, known_place(state, order.cid, d.piece));
  if (!known && d.label != order.cid.text())
    return fail(errc::invalid_argument, "The deal's label names something else, and this node does not know the piece.",
                d.label, order.cid.text());
  if (known && known->parts > 1)
    return fail(errc::unsupported, "The CID is spread over several pieces; a deal of one cannot be imported.",
                order.cid.text());
  WEIR_TRY(auto before, state.find<piece>(d.piece));
  auto p = before ? before->value : piece{};
  if (!before) {
    p.cid = d.piece;
    p.padded_size = d.padded_size;
    p.payload_size = p.unpadded_size();
    p.root = order.cid;
    p.state = piece_state::placed;
    p.copies = 0;
    p.local = false;
    p.segments = 1;
    p.created_at = at.now;
    p.created = at.time;
  }
  ++p.contents;
  before ? t.update(*before, p) : t.create(p);
  auto place = known.value_or(placement{{}, 0, 1, d.piece, 0, 0, p.unpadded_size(), order.cid});
  if (known) {
    WEIR_TRY(auto other, state.get<content>(known->content));
    like = other.value;
  }
  place.content = order.content;
  t.create(place);
  return {};
}

content new_content(const import_order& order, const std::optional<content>& like, const address& payer,
                    job_moment at) {
  content c = like.value_or(content{});
  content made;
  made.id = order.content;
  made.owner = owner_of(order.instance);
  made.cid = order.cid;
  made.name = order.cid.text();
  made.size = c.size;
  made.dag_size = c.dag_size;
  made.blocks = c.blocks;
  made.files = c.files;
  made.copies = 1;
  made.local = false;
  made.created_at = at.now;
  made.created = at.time;
  made.terms.own = true;
  made.terms.client = payer;
  made.unverified = like ? like->unverified : true;
  for (auto s : {content_state::stored, content_state::packed, content_state::active})
    reach(made, s, at.now, at.time);
  return made;
}

deal new_deal(const content_id& of, const found_deal& found, job_moment at, epoch finalized) {
  auto& d = found.what;
  deal x;
  x.uuid = found.uuid;
  x.piece = d.piece;
  x.padded_size = d.padded_size;
  x.client = d.client;
  x.provider = d.provider;
  x.label = d.label;
  x.verified = d.verified;
  x.start = d.start;
  x.end = d.end;
  x.price_per_epoch = d.price_per_epoch;
  x.provider_collateral = d.provider_collateral;
  x.client_collateral = d.client_collateral;
  x.id = d.id;
  x.sector = d.sector;
  x.sector_start = d.sector_start;
  x.created_at = at.now;
  x.created = at.time;
  x.content = of;
  x.imported = true;
  reach(x, d.sector_start <= finalized ? deal_state::active : deal_state::activated, at.now, at.time);
  return x;
}

/// CidInfo of the import, and the config where there was none.
status note_entry(const records::reader& state, const import_order& order, const content_id& of,
                  const std::string& scheduler, transaction_builder& t, job_moment at) {
  WEIR_TRY(auto before, state.find<cid_entry>({order.instance, order.cid}));
  auto e = before ? before->value : cid_entry{};
  if (!before) {
    e.instance = order.instance;
    e.cid = order.cid;
    e.config = order.config;
    e.pushed = at.time;
    e.scheduler = scheduler;
  }
  e.stored = true;
  e.cold = {true, of, order.deals.front().what.padded_size};
  e.info_time = at.time;
  before ? t.update(*before, e) : t.create(e);
  return {};
}

} // namespace

status check_import(const chain_deal& d, epoch now) {
  if (d.slashed != no_epoch)
    return fail(errc::precondition, "The deal was slashed.", id_text(d), std::to_string(d.slashed.value));
  if (d.sector_start == no_epoch)
    return fail(errc::precondition, "The deal is not active yet.", id_text(d));
  if (d.end <= now)
    return fail(errc::precondition, "The deal has come to its end.", id_text(d), std::to_string(d.end.value));
  return {};
}

result<transaction_builder> import_deals(const records::reader& state, const import_order& order, job_moment at,
                                         epoch finalized) {
  transaction_builder t;
  WEIR_CHECK(check_pieces(order, at.now));
  WEIR_TRY(auto of, state.find<instance>(order.instance));
  if (!of || of->value.deleting)
    return fail(errc::not_found, "There is no such instance.", order.instance.value);
  WEIR_TRY(auto own, packed_content(state, order));
  auto id = own ? own->id : order.content;
  if (!own) {
    std::optional<content> like;
    WEIR_CHECK(add_place(state, order, t, like, at));
    auto made = new_content(order, like, of->value.wallet, at);
    WEIR_CHECK(quotas::take_bytes(state, order.instance, order.cid, made.dag_size, t));
    t.create(made);
    t.say(event_kind::content_active, made.id.value, made.owner, {fact("cid", made.cid)});
  }
  WEIR_TRY(auto known, deals_of_piece(state, order.deals.front().what.piece));
  std::vector<deal_id> taken;
  for (auto& d : known)
    if (d.content == id)
      taken.push_back(d.id);
  bool news = !own;
  for (auto& found : order.deals) {
    if (std::find(taken.begin(), taken.end(), found.what.id) != taken.end())
      continue;
    taken.push_back(found.what.id);
    auto x = new_deal(id, found, at, finalized);
    t.create(x);
    t.say(event_of(x.state), x.uuid.value, owner_of(order.instance),
          {fact("piece", x.piece), fact("dealId", x.id.value), fact("imported", true)});
    news = true;
  }
  if (!news)
    return transaction_builder{};
  WEIR_CHECK(note_entry(state, order, id, of->value.scheduler, t, at));
  return t;
}

} // namespace weir::ffs
