#include "actors/ffs/cold_rules.hpp"

#include "actors/deals/deal_records.hpp"
#include "actors/deals/select.hpp"
#include "actors/ffs/jobs.hpp"
#include "storage/filecoin/address_text.hpp"

#include <set>

namespace weir::ffs {

using records::fact;

namespace {

constexpr std::size_t refusals_shown = 20;

bool lives(const content& c) {
  return c.state != content_state::removed && c.state != content_state::failed;
}

bool counts(const deal& d, const cold_store& wish, epoch now) {
  auto margin = wish.config.renew ? wish.config.renew_threshold : 0;
  return is_good(d.state) && d.end - margin > now;
}

/// A problem of planning that waiting does not mend.
bool is_final_problem(errc code) {
  return code == errc::no_providers || code == errc::insufficient_funds || code == errc::price_too_high
         || code == errc::too_large || code == errc::signature || code == errc::no_network;
}

struct part_tally {
  std::set<address> active;
  bool under_way = false;
};

/// Deals of one of its pieces.
part_tally tally_part(cold_view& seen, const std::vector<deal>& deals, const cold_store& wish, epoch now) {
  part_tally t;
  for (auto& d : deals) {
    if (!counts(d, wish, now))
      continue;
    if (d.state == deal_state::active) {
      t.active.insert(d.provider);
      seen.first_end = seen.first_end == no_epoch ? d.end : std::min(seen.first_end, d.end);
    } else {
      t.under_way = true;
    }
  }
  return t;
}

std::vector<deal_error> errors_of(const cold_view& seen, const job_id& round) {
  std::vector<deal_error> errors;
  for (auto& d : seen.deals)
    if (d.round == round.value && !is_good(d.state))
      errors.push_back({d.uuid, d.provider, d.problem.message});
  return errors;
}

err_cause why_not(const cold_view& seen, const std::vector<deal_error>& errors) {
  if (!errors.empty())
    return {errc::deal_rejected,
            "No deal became active; the last one failed: " + errors.back().message + " " + seen.shortage.message,
            filecoin::to_text(errors.back().provider),
            {}};
  return seen.shortage;
}

/// Each provider that does not take the size is an error of a deal that was never proposed.
void take_refusals(cold_view& seen, const std::vector<rejection>& rejections) {
  for (auto& r : rejections)
    if (r.code == errc::too_large && seen.refusals.size() < refusals_shown)
      seen.refusals.push_back({{}, r.provider, r.reason + " (" + r.value + ", limit " + r.limit + ")"});
}

void take_shortage(cold_view& seen, const content_selection& s) {
  seen.shortage = {s.problem.code, s.problem.message, s.value, s.limit};
  if (s.problem.code == errc::too_large)
    for (auto& made : s.made)
      take_refusals(seen, made.rejections);
}

/// A shared piece is tried again for ever, but not that of a size which nobody takes.
status look_at_shared(const records::reader& state, const piece& p, cold_view& seen) {
  if (p.problem.code != errc::too_large)
    return {};
  WEIR_TRY(auto chosen, state.find<selection>(p.cid));
  auto why = chosen ? too_large_for_all({{}, chosen->value.rejections}) : std::nullopt;
  if (!why)
    return {};
  seen.shortage = {why->code, p.problem.message, why->value, why->limit};
  take_refusals(seen, chosen->value.rejections);
  return {};
}

} // namespace

result<std::optional<content>> cold_content(const records::reader& state, const instance_id& of, const cid& id) {
  WEIR_TRY(auto entry, state.find<cid_entry>({of, id}));
  WEIR_TRY(auto contents, contents_of(state, of, id));
  std::optional<content> best;
  auto rank = [&](const content& c) {
    if (entry && c.id == entry->value.cold.content)
      return 3;
    return c.use == content_use::promise ? 2 : 1;
  };
  for (auto& c : contents) {
    bool usable = lives(c.value) && (c.value.local || c.value.state >= content_state::packed);
    if (usable && (!best || rank(c.value) > rank(*best)))
      best = c.value;
  }
  return best;
}

deal_terms terms_of(const cold_store& wish, const scheduler_options& how, const address& client) {
  auto& c = wish.config;
  deal_terms t;
  t.own = !c.share_piece;
  t.open = true;
  t.round = wish.job.value;
  t.client = c.wallet.empty() ? client : c.wallet;
  t.only = how.miners;
  t.trusted = c.trusted_miners;
  t.excluded = c.excluded_miners;
  t.countries = c.country_codes;
  bool capped = !how.max_price.zero() && (c.max_price.zero() || how.max_price < c.max_price);
  t.max_price = capped ? how.max_price : c.max_price;
  t.verified = c.verified_deal;
  t.fast_retrieval = c.fast_retrieval;
  t.by_reputation = how.by_reputation;
  t.duration = c.deal_min_duration;
  t.start_offset = c.deal_start_offset;
  t.renew_before = c.renew ? c.renew_threshold : 0;
  return t;
}

result<transaction_builder> open_terms(const records::reader& state, const content_id& id, const cold_store& wish,
                                       const scheduler_options& how) {
  transaction_builder t;
  WEIR_TRY(auto j, state.get<job>({wish.instance, wish.job}));
  WEIR_TRY(auto before, state.get<content>(id));
  if (is_final(j.value.state) || before.value.state == content_state::removed)
    return t;
  WEIR_TRY(auto of, state.get<instance>(wish.instance));
  auto after = before.value;
  bool own = after.terms.own; // what has deals of its own keeps to them
  after.use = content_use::promise;
  after.copies = wish.config.rep_factor;
  after.terms = terms_of(wish, how, of.value.wallet);
  if (after.state >= content_state::packed)
    after.terms.own = own;
  after.problem = {};
  if (before.value.terms.open && before.value.terms.round == after.terms.round)
    return t;
  t.update(before, after);
  t.must_be_unchanged(j);
  t.say(event_kind::content_wanted, id.value, after.owner, {fact("cid", after.cid), fact("job", wish.job)});
  WEIR_TRY(auto e, state.find<cid_entry>({wish.instance, wish.cid}));
  if (e && e->value.cold.content != id) {
    auto entry = e->value;
    entry.cold.content = id;
    t.update(*e, entry);
  }
  return t;
}

result<cold_view> look_at_cold(const records::reader& state, const content_id& id, const cold_store& wish, epoch now) {
  cold_view seen;
  WEIR_TRY(auto c, state.get<content>(id));
  seen.what = std::move(c.value);
  auto own = seen.what.terms.own ? id : content_id{};
  std::uint32_t least = 0;
  status failed;
  WEIR_CHECK(state.each<placement>(
      [&](const stored<placement>& at) {
        auto p = state.get<piece>(at.value.piece);
        auto all = p ? deals_of_piece(state, at.value.piece) : result<std::vector<deal>>{p.error()};
        if (!all) {
          failed = all.error();
          return false;
        }
        if (failed = own.value.empty() ? look_at_shared(state, p->value, seen) : status{}; !failed)
          return false;
        auto deals = deals_for(own, *all);
        auto part = tally_part(seen, deals, wish, now);
        auto active = static_cast<std::uint32_t>(part.active.size());
        least = seen.parts++ == 0 ? active : std::min(least, active);
        seen.under_way = seen.under_way || part.under_way;
        seen.piece_size += p->value.padded_size;
        std::move(deals.begin(), deals.end(), std::back_inserter(seen.deals));
        return true;
      },
      {records::encode_prefix(id), {}}));
  WEIR_CHECK(failed);
  seen.active = least;
  WEIR_TRY(auto selected, state.find<content_selection>(id));
  if (selected && selected->value.round == wish.job.value && is_final_problem(selected->value.problem.code))
    take_shortage(seen, selected->value);
  else if (seen.what.state == content_state::stored && seen.what.problem.any())
    seen.shortage = {seen.what.problem.code, seen.what.problem.message, {}, {}};
  return seen;
}

std::optional<cold_answer> judge_cold(const cold_view& seen, const cold_store& wish, epoch now) {
  auto& c = wish.config;
  cold_answer a;
  a.info = {true, seen.what.id, seen.piece_size};
  a.errors = errors_of(seen, wish.job);
  if (c.renew && seen.first_end != no_epoch)
    a.renew_at = seen.first_end - c.renew_threshold;
  bool late = c.deal_timeout > 0 && wish.started != no_epoch && now >= wish.started + c.deal_timeout;
  bool enough = seen.parts > 0 && seen.active >= c.rep_factor;
  bool over = enough || late || (seen.shortage.any() && !seen.under_way);
  if (seen.what.state == content_state::removed) {
    a.err = {errc::not_found, "Its content was removed.", seen.what.id.value, {}};
    return a;
  }
  if (!over)
    return std::nullopt;
  if (seen.active > 0)
    return a;
  if (late)
    a.err = {errc::timeout, "Its deals did not become active in time.", std::to_string(now - wish.started),
             std::to_string(c.deal_timeout)};
  else
    a.err = why_not(seen, a.errors);
  a.errors.insert(a.errors.end(), seen.refusals.begin(), seen.refusals.end());
  return a;
}

std::string deal_words(const deal& d) {
  auto words = "Deal with " + filecoin::to_text(d.provider) + ": " + std::string{to_string(d.state)};
  if (d.id.value != 0)
    words += " (deal " + std::to_string(d.id.value) + ")";
  return words + (d.problem.any() ? ": " + d.problem.message : ".");
}

result<transaction_builder> let_go(const records::reader& state, const content_id& id, const cold_store& wish,
                                   epoch now) {
  transaction_builder t;
  WEIR_TRY(auto before, state.get<content>(id));
  WEIR_TRY(auto seen, look_at_cold(state, id, wish, now));
  if (!before.value.local || seen.active == 0)
    return t;
  auto after = before.value;
  after.local = false;
  t.update(before, after);
  t.say(event_kind::content_offloaded, id.value, after.owner, {fact("cid", after.cid), fact("size", after.size)});
  return t;
}

} // namespace weir::ffs
