#include "node/api/transactions.hpp"

#include "actors/ffs/webhook_rules.hpp"
#include "node/cli/options.hpp"
#include "node/json/ffs.hpp"
#include "node/json/record.hpp"
#include "storage/filecoin/address_text.hpp"
#include "storage/records/belongings.hpp"
#include "storage/records/codec.hpp"
#include "storage/records/tables.hpp"

#include <algorithm>

namespace weir::api {

namespace {

std::string_view group_of(std::string_view name) {
  return name.substr(0, name.find('.'));
}

std::string text_of(const std::string& key) {
  return key;
}
template <class Tag>
std::string text_of(const strong<Tag, std::string>& key) {
  return key.value;
}
std::string text_of(const cid& key) {
  return key.text();
}
std::string text_of(const address& key) {
  return filecoin::to_text(key);
}
std::string text_of(const records::ffs_cid_key& key) {
  return std::get<0>(key).value + "/" + std::get<1>(key).text();
}
std::string text_of(const records::ffs_job_key& key) {
  return std::get<0>(key).value + "/" + std::get<1>(key).value;
}
std::string text_of(const records::ffs_hook_key& key) {
  return std::get<0>(key).value + "/" + std::get<1>(key);
}
std::string text_of(const records::placement_key& key) {
  return std::get<0>(key).value + "/" + std::to_string(std::get<1>(key));
}

bool may_see(const caller& who, const content& r) {
  return who.sees(r.owner);
}
bool may_see(const caller& who, const bucket& r) {
  return r.global() || who.sees(r.owner);
}
/// These name no owner: they are the operator's to watch.
template <class R>
concept of_the_node = std::is_same_v<R, wallet_address> || std::is_same_v<R, chain_message> || std::is_same_v<
    R, placement> || std::is_same_v<R, piece> || std::is_same_v<R, selection>;
template <of_the_node R>
bool may_see(const caller& who, const R&) {
  return who.admin;
}
template <class R>
bool may_see(const caller&, const R&) {
  return true;
}

/// Keys of FFS begin with their instance; that of a stranger is not named, also when its record goes.
bool may_know(const caller& who, const instance_id& key) {
  return who.sees(ffs::owner_of(key));
}
bool may_know(const caller& who, const records::ffs_cid_key& key) {
  return may_know(who, std::get<0>(key));
}
bool may_know(const caller& who, const records::ffs_job_key& key) {
  return may_know(who, std::get<0>(key));
}
/// As their routes: for the scope that looks after them.
bool may_know(const caller& who, const records::ffs_hook_key& key) {
  return may_know(who, std::get<0>(key)) && (who.scopes & ffs::scope::admin) != 0;
}
template <class K>
bool may_know(const caller&, const K&) {
  return true;
}

/// One change; nothing for a record that the caller may not see.
template <class R>
void write_change(json::writer& w, const mutation& m, const caller& who) {
  auto key = records::decode_key<typename records::table_of<R>::key_type>(m.key);
  if (!key || !may_know(who, *key))
    return;
  std::string record = "null";
  if (m.value) {
    auto decoded = records::decode<R>(*m.value);
    if (!decoded || !may_see(who, *decoded))
      return;
    record = json::to_json(*decoded);
  }
  w.begin_object().member("table", records::table_name(m.table)).member("key", text_of(*key));
  w.key("record").raw(record).end_object();
}

/// Made for a content of the caller. What is of whole pieces is the node's.
bool may_see_deal(const mutation& m, const event_filter& f) {
  if (f.who.admin)
    return true;
  auto d = m.value ? records::decode<deal>(*m.value) : result<deal>{fail(errc::not_found)};
  if (!d || !f.newest)
    return false;
  auto state = f.newest();
  auto theirs = records::belongings{*state, f.who.owner}.ordered(*d);
  return theirs && *theirs;
}

void write_change(json::writer& w, const mutation& m, const event_filter& f) {
  const auto& who = f.who;
  switch (m.table) {
  case table_id::contents:
    return write_change<content>(w, m, who);
  case table_id::buckets:
    return write_change<bucket>(w, m, who);
  case table_id::pieces:
    return write_change<piece>(w, m, who);
  case table_id::placements:
    return write_change<placement>(w, m, who);
  case table_id::deals:
    return may_see_deal(m, f) ? write_change<deal>(w, m, who) : void();
  case table_id::providers:
    return write_change<provider>(w, m, who);
  case table_id::selections:
    return write_change<selection>(w, m, who);
  case table_id::wallets:
    return write_change<wallet_address>(w, m, who);
  case table_id::chain_messages:
    return write_change<chain_message>(w, m, who);
  case table_id::ffs_instances:
    return write_change<ffs::instance>(w, m, who);
  case table_id::ffs_cids:
    return write_change<ffs::cid_entry>(w, m, who);
  case table_id::ffs_retrievals:
    return write_change<ffs::retrieval>(w, m, who);
  case table_id::ffs_webhooks:
    return write_change<ffs::webhook>(w, m, who);
  default:
    return; // jobs and logs have watches of their own; tokens, kept answers and indexes are nobody's to watch
  }
}

void write_event(json::writer& w, const event& e) {
  w.begin_object().member("kind", to_string(e.kind)).member("subject", e.subject).member("owner", e.owner.value);
  w.key("fields").begin_object();
  for (const auto& [name, value] : e.fields)
    w.member(name, value);
  w.end_object().end_object();
}

} // namespace

bool event_filter::shows(const event& e) const {
  if (!who.sees(e.owner))
    return false;
  if (!subject.empty() && e.subject != subject)
    return false;
  bool of_kind = (kinds.empty() && groups.empty()) || std::find(kinds.begin(), kinds.end(), e.kind) != kinds.end()
                 || std::find(groups.begin(), groups.end(), group_of(to_string(e.kind))) != groups.end();
  return of_kind && (!also || also(e));
}

bool event_filter::interested(const committed& t) const {
  bool unfiltered = kinds.empty() && groups.empty() && subject.empty();
  if (with_records && unfiltered && !t.mutations.empty())
    return true;
  return std::any_of(t.events.begin(), t.events.end(), [this](const event& e) { return shows(e); });
}

result<event_filter> filter_of(const caller& who, const std::vector<std::string>& kinds, std::string subject) {
  event_filter f{who, {}, {}, std::move(subject), false, {}};
  for (const auto& name : kinds) {
    if (name == ffs::alerts) {
      WEIR_TRY(auto some, ffs::webhook_kinds({name}));
      f.kinds.insert(f.kinds.end(), some.begin(), some.end());
      continue;
    }
    if (auto kind = event_kind_from_name(name)) {
      f.kinds.push_back(*kind);
      continue;
    }
    std::string group = name.ends_with(".*") ? name.substr(0, name.size() - 2) : name;
    auto all = event_catalogue();
    if (std::none_of(all.begin(), all.end(), [&](const event_info& i) { return group_of(i.name) == group; })) {
      std::vector<std::string_view> names;
      for (const auto& i : all)
        names.push_back(i.name);
      auto near = cli::nearest(name, names);
      return fail(errc::invalid_argument,
                  "There is no such kind of event." + (near.empty() ? "" : " Did you mean " + near + "?"), name);
    }
    f.groups.push_back(group);
  }
  return f;
}

void write_transaction(json::writer& w, const committed& t, const event_filter& f, std::optional<revision> previous) {
  w.begin_object().member("revision", t.rev.value);
  if (previous)
    w.member("previous", previous->value);
  w.member("time", t.time.value).key("events").begin_array();
  for (const auto& e : t.events)
    if (f.shows(e))
      write_event(w, e);
  w.end_array();
  if (f.with_records) {
    w.key("changes").begin_array();
    for (const auto& m : t.mutations)
      write_change(w, m, f);
    w.end_array();
  }
  w.end_object();
}

} // namespace weir::api
