#include "actors/content/explain.hpp"

#include "actors/deals/rollup_rules.hpp"

#include <algorithm>

namespace weir {

namespace {

std::string count_of(std::uint64_t n, std::string_view thing) {
  return std::to_string(n) + " " + std::string{thing} + (n == 1 ? "" : "s");
}

std::string wait_text(epoch at, epoch now) {
  if (at == no_epoch || now == no_epoch)
    return {};
  if (at <= now)
    return "now";
  auto minutes = (at - now) * epoch_seconds / 60;
  if (minutes < 120)
    return "in about " + count_of(static_cast<std::uint64_t>(std::max<epoch_delta>(minutes, 1)), "minute");
  if (minutes < 3 * 24 * 60)
    return "in about " + count_of(static_cast<std::uint64_t>(minutes / 60), "hour");
  return "in about " + count_of(static_cast<std::uint64_t>(minutes / 60 / 24), "day");
}

status explain_bucket(const records::reader& state, explanation& e, epoch now) {
  WEIR_TRY(auto found, state.find<bucket>(e.content.bucket));
  if (!found)
    return {};
  auto& b = found->value;
  auto name = b.global() ? std::string{"the global bucket"} : "the bucket '" + b.name + "'";
  if (b.problem.any())
    e.sentences.push_back("Packing is held up: " + b.problem.message);
  if (b.ready != bucket_ready::open) {
    e.sentences.push_back("Its bucket takes no more contents (" + std::string{to_string(b.ready)} + ").");
    e.next = "The bucket is packed into pieces now.";
    return {};
  }
  e.sentences.push_back("It waits in " + name + ", which holds " + count_of(b.size, "byte") + " of "
                        + std::to_string(b.threshold) + " in " + count_of(b.count, "content") + ".");
  e.next = "The bucket is packed when it is over its size, full, closed by hand, or by its age or schedule "
           + wait_text(b.due_at, now) + ".";
  e.next_at = b.due_at;
  return {};
}

std::string deal_sentence(const deal& d, epoch now) {
  switch (d.state) {
  case deal_state::intended:
    return "is being proposed";
  case deal_state::proposed:
    return "was accepted and has to be on chain by its start " + wait_text(d.start, now);
  case deal_state::published:
    return "is on chain and has to be sealed by its start " + wait_text(d.start, now);
  case deal_state::activated:
    return "is active, and waits for the chain's finality";
  case deal_state::active:
    return "is active until epoch " + std::to_string(d.end.value);
  default:
    return "ended (" + std::string{to_string(d.state)} + "): " + d.problem.message;
  }
}

void explain_deals(explanation& e, piece_explanation& p, epoch now) {
  auto t = tally(p.deals);
  auto copies = e.content.copies;
  e.sentences.push_back("Piece " + p.piece.cid.text() + ": " + std::to_string(t.active) + " of "
                        + count_of(copies, "promised deal") + " active, " + std::to_string(t.activated - t.active)
                        + " waiting for finality, " + std::to_string(t.published - t.activated) + " on chain, "
                        + std::to_string(t.proposed - t.published) + " accepted, " + std::to_string(t.good - t.proposed)
                        + " being proposed.");
  if (p.piece.problem.any())
    e.sentences.push_back(p.piece.problem.message);
  auto missing = copies > t.good ? copies - t.good : 0;
  if (missing > 0)
    e.next = count_of(missing, "more provider") + " must be found; "
             + (e.content.terms.own ? "by the next job of its instance for this CID."
                                    : "it is tried again when a provider or the chain changes.");
  for (auto& d : p.deals)
    if (is_good(d.state) && d.state != deal_state::active && (e.next_at == no_epoch || d.start < e.next_at)) {
      e.next_at = d.start;
      if (missing == 0)
        e.next = "The next deal " + deal_sentence(d, now) + ".";
    }
}

/// Providers are chosen for a piece, or, where its owner has terms of its own, for the content.
result<std::vector<rejection>> rejections_of(const records::reader& state, const content_id& of, const cid& id) {
  WEIR_TRY(auto chosen, state.find<selection>(id));
  if (chosen)
    return std::move(chosen->value.rejections);
  WEIR_TRY(auto own, state.find<content_selection>(of));
  std::vector<rejection> last;
  if (own)
    for (auto& s : own->value.made)
      if (s.piece == id)
        last = std::move(s.rejections);
  return last;
}

result<piece_explanation> look_at_piece(const records::reader& state, const content_id& of, const cid& id) {
  piece_explanation p;
  WEIR_TRY(auto found, state.get<piece>(id));
  p.piece = std::move(found.value);
  WEIR_TRY(auto keys, state.keys<records::piece_deals>(id));
  for (auto& key : keys) {
    WEIR_TRY(auto d, state.get<deal>(std::get<1>(key)));
    p.deals.push_back(std::move(d.value));
  }
  std::stable_sort(p.deals.begin(), p.deals.end(),
                   [](const deal& a, const deal& b) { return is_good(a.state) > is_good(b.state); });
  WEIR_TRY(p.rejections, rejections_of(state, of, id));
  return p;
}

status explain_pieces(const records::reader& state, explanation& e, epoch now) {
  status failed;
  WEIR_CHECK(state.each<placement>(
      [&](const records::stored<placement>& found) {
        auto p = look_at_piece(state, e.content.id, found.value.piece);
        if (!p) {
          failed = p.error();
          return false;
        }
        explain_deals(e, *p, now);
        e.pieces.push_back(*std::move(p));
        return true;
      },
      {records::encode_prefix(e.content.id), {}}));
  return failed;
}

} // namespace

result<explanation> explain(const records::reader& state, const content_id& id, epoch now) {
  explanation e;
  WEIR_TRY(auto found, state.get<content>(id));
  e.content = std::move(found.value);
  e.safe = e.content.state == content_state::active;
  if (e.content.problem.any())
    e.sentences.push_back(e.content.problem.message);
  if (e.content.state == content_state::stored) {
    e.sentences.push_back("Its bytes are durable here; it is in no bucket yet.");
    e.next = "It is put in a bucket.";
  } else if (e.content.state == content_state::in_bucket) {
    WEIR_CHECK(explain_bucket(state, e, now));
  } else if (e.content.state == content_state::removed) {
    e.sentences.push_back("Its owner removed it.");
  }
  WEIR_CHECK(explain_pieces(state, e, now));
  if (e.safe) {
    e.sentences.insert(e.sentences.begin(), "Every promised copy is active and final.");
    e.next = "The deals are watched, and renewed before they end.";
    e.next_at = no_epoch;
  }
  return e;
}

} // namespace weir
