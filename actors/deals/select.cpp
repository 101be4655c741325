#include "actors/deals/select.hpp"

#include "actors/deals/plan.hpp"

#include <algorithm>

namespace weir {

namespace {

constexpr std::uint64_t gib = 1ull << 30;

bool listed(const std::vector<address>& list, const address& a) {
  return std::find(list.begin(), list.end(), a) != list.end();
}

rejection no(const provider& p, errc code, std::string reason, std::string value = {}, std::string limit = {}) {
  return {p.id, code, std::move(reason), std::move(value), std::move(limit)};
}

std::string epoch_text(epoch e) {
  return std::to_string(e.value);
}

struct screening {
  const selection_request& wanted;
  const selection_limits& limits;
  epoch now;

  const token_amount& price_of(const provider& p) const { return wanted.verified ? p.verified_price : p.price; }
  /// The owner's limit holds where it is below the operator's.
  const token_amount& price_limit() const {
    auto& most = wanted.verified ? limits.max_verified_price : limits.max_price;
    auto& theirs = wanted.terms.max_price;
    return theirs.zero() || most < theirs ? most : theirs;
  }

  /// Code none when it is eligible.
  rejection look(const provider& p) const {
    if (!limits.only.empty() && !listed(limits.only, p.id))
      return no(p, errc::forbidden, "It is not on the operator's list of providers.");
    if (auto against = look_at_terms(p); against.code != errc::none)
      return against;
    if (listed(wanted.exclude, p.id))
      return no(p, errc::already_exists, "It holds a deal of this piece already, or just refused one.");
    if (p.avoid_until > now)
      return no(p, errc::deal_rejected, "It is left alone for a while: " + p.problem.message, epoch_text(now),
                epoch_text(p.avoid_until));
    if (!p.reachable)
      return no(p, errc::unreachable, p.problem.any() ? p.problem.message : "It does not answer.");
    if (p.ask_expiry != no_epoch && p.ask_expiry <= now)
      return no(p, errc::precondition, "Its ask has expired.", epoch_text(now), epoch_text(p.ask_expiry));
    return look_at_size(p);
  }

  /// What the owner wishes, or the scheduler that works for it.
  rejection look_at_terms(const provider& p) const {
    auto& terms = wanted.terms;
    if (!terms.only.empty() && !listed(terms.only, p.id))
      return no(p, errc::forbidden, "It is not on the scheduler's list of providers.");
    if (listed(terms.excluded, p.id))
      return no(p, errc::forbidden, "The config excludes it.");
    auto& where = terms.countries;
    if (!where.empty() && std::find(where.begin(), where.end(), p.country) == where.end())
      return no(p, errc::forbidden, "It is in none of the wanted countries.", p.country.empty() ? "unknown" : p.country,
                countries_text(where));
    return no(p, errc::none, {});
  }

  static std::string countries_text(const std::vector<std::string>& codes) {
    std::string text;
    for (auto& code : codes)
      text += (text.empty() ? "" : ",") + code;
    return text;
  }

  rejection look_at_size(const provider& p) const {
    auto size = std::to_string(wanted.padded_size);
    if (wanted.padded_size < p.min_piece)
      return no(p, errc::precondition, "The piece is below its minimum.", size, std::to_string(p.min_piece));
    if (p.max_piece != 0 && wanted.padded_size > p.max_piece)
      return no(p, errc::too_large, "The piece is over its maximum.", size, std::to_string(p.max_piece));
    if (p.sector_size != 0 && wanted.padded_size > p.sector_size)
      return no(p, errc::too_large, "The piece is larger than its sectors.", size, std::to_string(p.sector_size));
    if (price_of(p) > price_limit())
      return no(p, errc::price_too_high, "Its ask is over the price limit (attoFIL per GiB and epoch).",
                price_of(p).decimal(), price_limit().decimal());
    return no(p, errc::none, {});
  }

  bool better(const provider& a, const provider& b) const {
    bool trusts_a = listed(wanted.terms.trusted, a.id), trusts_b = listed(wanted.terms.trusted, b.id);
    if (trusts_a != trusts_b)
      return trusts_a;
    if (wanted.terms.by_reputation && reputation(a, now) != reputation(b, now))
      return reputation(a, now) > reputation(b, now);
    if (price_of(a) != price_of(b))
      return price_of(a) < price_of(b);
    auto left = recent_failures(a, now), right = recent_failures(b, now);
    return left != right ? left < right : a.id < b.id;
  }
};

} // namespace

selection_answer choose(const selection_request& wanted, const std::vector<provider>& known,
                        const selection_limits& limits, epoch now) {
  screening screen{wanted, limits, now};
  selection_answer answer;
  for (auto& p : known) {
    auto verdict = screen.look(p);
    if (verdict.code == errc::none)
      answer.chosen.push_back(p);
    else
      answer.rejections.push_back(std::move(verdict));
  }
  std::sort(answer.chosen.begin(), answer.chosen.end(), [&](auto& a, auto& b) { return screen.better(a, b); });
  while (answer.chosen.size() > wanted.wanted) {
    answer.rejections.push_back(no(answer.chosen.back(), errc::none, "Eligible, but enough better ones were found.",
                                   screen.price_of(answer.chosen.back()).decimal()));
    answer.chosen.pop_back();
  }
  return answer;
}

std::optional<error> too_large_for_all(const selection_answer& answer) {
  const rejection* roomiest = nullptr;
  for (auto& r : answer.rejections) {
    if (r.code == errc::price_too_high) // it would take the size
      return std::nullopt;
    bool more = roomiest == nullptr || roomiest->limit.size() < r.limit.size()
                || (roomiest->limit.size() == r.limit.size() && roomiest->limit < r.limit);
    if (r.code == errc::too_large && more) // decimal numbers without leading zeros
      roomiest = &r;
  }
  if (roomiest == nullptr || !answer.chosen.empty())
    return std::nullopt;
  return fail(errc::too_large, "The piece is larger than what any eligible provider takes.", roomiest->value,
              roomiest->limit);
}

/// One in two for nothing known; each kept deal and answered retrieval raises it, each failure lowers it.
std::uint64_t reputation(const provider& p, epoch now) {
  auto good = p.deals_made + p.retrievals_ok + 1;
  auto bad = recent_failures(p, now) + p.retrievals_failed + 1;
  return good * 1000 / (good + bad);
}

token_amount price_per_epoch(const token_amount& ask, std::uint64_t padded_size) {
  return (ask * token_amount{padded_size} + token_amount{gib - 1}).divided_by(gib);
}

std::uint64_t least_piece(const std::vector<provider>& known, const selection_limits& limits, std::uint32_t copies) {
  std::vector<std::uint64_t> least;
  for (auto& p : known)
    if (p.reachable && (limits.only.empty() || listed(limits.only, p.id)))
      least.push_back(p.min_piece);
  if (least.empty() || copies == 0)
    return 0;
  std::sort(least.begin(), least.end());
  return least[std::min<std::size_t>(copies, least.size()) - 1];
}

} // namespace weir
