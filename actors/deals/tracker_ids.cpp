// How the deal tracker finds the id of a deal: events of the market first, the
// provider's word as a hint; the chain's own entry decides.
#include "actors/deals/tracker_state.hpp"
#include "messages/types/varint.hpp"
#include "storage/support/crash_point.hpp"

namespace weir {

namespace {

constexpr std::chrono::seconds chain_time{60};
constexpr epoch_delta events_at_once = 2000;
constexpr epoch_delta events_again = 5; ///< a tipset's events may show only when the next one executed it
constexpr epoch_delta hint_first = 5, hint_most = 480;
constexpr const char* place_table = "deal-tracker";
constexpr const char* place_key = "events-read";

bytes uuid_bytes(const deal_uuid& id) {
  std::string digits;
  for (char c : id.value)
    if (c != '-')
      digits.push_back(c);
  return from_hex(digits).value_or(bytes{});
}

} // namespace

bool tracker_state::lacks_ids() const {
  return std::any_of(deals.begin(), deals.end(), [](auto& x) { return x.second.id == deal_id{}; });
}

/// Where the reading begins after a restart: what happened while the node was
/// down is in the events, too.
std::optional<epoch> tracker_state::kept_place() const {
  auto text = d.records().local_find(place_table, place_key);
  if (!text || !*text)
    return std::nullopt;
  auto rest = as_bytes(**text);
  auto value = take_varint(rest);
  return value ? std::optional{epoch{static_cast<std::int64_t>(*value)}} : std::nullopt;
}

/// Only what led to nothing that is still to be committed.
void tracker_state::keep_place() {
  if (events_read == kept || reading_events || !due.idle())
    return;
  if (std::any_of(deals.begin(), deals.end(), [](auto& x) { return x.second.missing_since != no_epoch; }))
    return; // which is not final yet
  std::string value;
  put_varint(value, static_cast<std::uint64_t>(events_read.value));
  records::local_mutation row{place_table, place_key, std::move(value)};
  if (auto written = d.records().local_write({&row, 1}, records::durability::lazy); written)
    kept = events_read;
}

/// From where the last run ended, or the oldest deal that has no id; from the head when there is neither.
void tracker_state::read_events() {
  if (reading_events || deals.empty() || events_read >= now)
    return;
  if (events_read == no_epoch) {
    events_read = std::min(now, kept_place().value_or(now));
    for (auto& [id, x] : deals)
      if (x.id == deal_id{} && x.created_at != no_epoch)
        events_read = std::min(events_read, x.created_at - 1);
    if (events_read >= now)
      return;
  }
  reading_events = true;
  auto from = std::max(events_read + 1 - events_again, epoch{0});
  auto upto = std::min(now, from + events_at_once);
  self->request(parts.chain, chain_time, chain::get_market_events{from, upto})
      .then([this, upto](const std::vector<market_event>& events) { heard_events(events, upto); },
            [this](const caf::error& e) {
              reading_events = false;                   // with the next head
              if (now - events_read > events_at_once) { // too long ago for the chain node: the deals themselves say it
                events_read = now;
                mark_due(true);
              }
              spdlog::warn("deal_tracker: market events: {}", to_string(from_caf(e)));
            });
}

void tracker_state::heard_events(const std::vector<market_event>& events, epoch upto) {
  reading_events = false;
  events_read = upto;
  bool wanting = lacks_ids();
  for (auto& e : events) {
    auto ours = by_id.find(e.id);
    if (ours != by_id.end()) {
      for (auto& uuid : ours->second) {
        auto x = deals.find(uuid);
        if (x != deals.end() && e.what == market_event::kind::terminated && x->second.missing_since == no_epoch)
          x->second.missing_since = e.height; // it may be final already
        due.mark(uuid);
      }
    } else if (wanting && e.what == market_event::kind::published)
      for (auto& [id, x] : deals)
        if (x.id == deal_id{} && x.provider == address::from_id(e.provider)) {
          try_id(e.id, e.message);
          break;
        }
  }
  if (upto < now)
    read_events();
  work();
}

void tracker_state::try_id(deal_id id, const cid& message) {
  if (!trying.insert(id).second)
    return;
  self->request(parts.chain, chain_time, chain::get_deal{id})
      .then(
          [this, id, message](const chain_deal& theirs) {
            trying.erase(id);
            matched(theirs, message);
          },
          [this, id](const caf::error&) { trying.erase(id); });
}

/// One of ours? Its client must be ours, too: the f0 address of the key is asked once.
void tracker_state::matched(const chain_deal& theirs, const cid& message) {
  auto state = d.look();
  for (auto& [uuid, x] : deals) {
    if (x.id != deal_id{} || x.provider != theirs.provider)
      continue;
    auto ours = state->find<deal>(uuid);
    if (!ours || !*ours || !same_deal((*ours)->value, theirs, {}))
      continue;
    auto client = (*ours)->value.client;
    auto known = client_ids.find(client);
    if (known == client_ids.end()) {
      self->request(parts.chain, chain_time, chain::lookup_id{client})
          .then(
              [this, client, theirs, message](const address& id) {
                client_ids[client] = id;
                matched(theirs, message);
              },
              [](const caf::error&) {});
      return;
    }
    if (known->second != theirs.client)
      continue;
    x.id = theirs.id;
    by_id[theirs.id].insert(uuid);
    auto id = uuid;
    auto to = deal_state::published;
    chain_facts facts{theirs.id, message, 0, no_epoch};
    auto build = [this, id, to, facts](const records::reader& newest) {
      return move_deal(newest, id, to, false, facts, moment_now());
    };
    d.commits.commit(self, build, [this, id](const status& s) {
      if (s)
        crash_point("tracker.published");
      due.mark(id); // it may be further already
      work();
    });
    return;
  }
}

/// A provider may name the id before its event is seen.
void tracker_state::ask_provider(const deal& x) {
  auto& f = deals[x.uuid];
  if (now < f.next_look)
    return;
  f.hint_wait = f.hint_wait == 0 ? hint_first : std::min(f.hint_wait * 2, hint_most);
  f.next_look = now + f.hint_wait;
  self->request(parts.wallet, chain_time, signature_request{x.client, uuid_bytes(x.uuid)})
      .then(
          [this, x](const bytes& signature) {
            auto found = d.look()->find<provider>(x.provider);
            provider_endpoint at{x.provider, found && *found ? (*found)->value.multiaddrs : std::vector<std::string>{}};
            self->request(parts.carrier, chain_time, get_deal_status{at, x, signature})
                .then(
                    [this, x](const provider_deal_status& s) {
                      if (s.known && s.id != deal_id{} && !by_id.contains(s.id))
                        try_id(s.id, s.publish_message);
                      else if (s.known && s.failed)
                        commit_end(x, {deal_state::failed,
                                       {errc::deal_rejected, s.message.empty() ? s.status : s.message},
                                       false});
                    },
                    [](const caf::error&) {});
          },
          [](const caf::error&) {});
}

} // namespace weir
