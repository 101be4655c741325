#include "actors/support/quota.hpp"

#include <map>
#include <set>

namespace weir::quotas {

namespace {

using instance_record = std::optional<stored<ffs::instance>>;

/// Of contents of the owner with this CID that are not removed.
result<std::uint64_t> bytes_of(const records::reader& state, const owner_id& owner, const cid& id) {
  std::uint64_t most = 0;
  WEIR_TRY(auto keys, state.keys<records::cid_contents>(id));
  for (auto& key : keys) {
    WEIR_TRY(auto c, state.find<content>(std::get<1>(key)));
    if (c && c->value.owner == owner && c->value.state != content_state::removed)
      most = std::max(most, c->value.dag_size);
  }
  return most;
}

using sizes = std::map<cid, std::uint64_t>;

/// What is staged is in no bucket. Of these owners.
result<std::map<owner_id, sizes>> staged(const records::reader& state, const std::set<owner_id>& of) {
  std::map<owner_id, sizes> out;
  WEIR_TRY(auto keys, state.keys<records::bucket_contents>(bucket_id{}));
  for (auto& key : keys) {
    WEIR_TRY(auto c, state.find<content>(std::get<1>(key)));
    if (!c || c->value.state == content_state::removed || !of.contains(c->value.owner))
      continue;
    auto& size = out[c->value.owner][c->value.cid];
    size = std::max(size, c->value.dag_size);
  }
  return out;
}

/// What is kept, beside what is staged, and how many jobs wait.
status add_kept(const records::reader& state, const instance_id& of, sizes& held, std::uint64_t& jobs) {
  auto owner = ffs::owner_of(of);
  status failed;
  WEIR_CHECK(state.each<ffs::cid_entry>(
      [&](const stored<ffs::cid_entry>& e) {
        jobs += e.value.queued.value.empty() ? 0 : 1;
        auto kept = bytes_of(state, owner, e.value.cid);
        if (!kept)
          failed = kept.error();
        else
          held[e.value.cid] = std::max({held[e.value.cid], *kept, e.value.hot.size});
        return failed.ok();
      },
      {records::encode_prefix(of), {}}));
  return failed;
}

result<sizes> sizes_of(const records::reader& state, const instance_id& of) {
  auto owner = ffs::owner_of(of);
  WEIR_TRY(auto all, staged(state, {owner}));
  std::uint64_t jobs = 0;
  WEIR_CHECK(add_kept(state, of, all[owner], jobs));
  return all[owner];
}

std::uint64_t sum_of(const sizes& held) {
  std::uint64_t sum = 0;
  for (auto& [id, size] : held)
    sum += size;
  return sum;
}

/// Nothing was bought: no provider has it, or it never came to the chain.
bool lapsed(const deal& d) {
  return d.state == deal_state::rejected || (d.state == deal_state::failed && d.id.value == 0);
}

token_amount price_of(const deal& d) {
  return d.client_collateral + d.price_per_epoch * token_amount{static_cast<std::uint64_t>(d.end - d.start)};
}

using owned = std::map<address, instance_id>;
using sums = std::map<instance_id, token_amount>;

/// Addresses of these instances.
result<owned> addresses_of(const records::reader& state, const std::set<instance_id>& of) {
  owned own;
  WEIR_CHECK(state.each<wallet_address>([&](const stored<wallet_address>& w) {
    if (of.contains(w.value.instance))
      own.emplace(w.value.addr, w.value.instance);
  }));
  return own;
}

/// Who pays for a content: its owner; when it is gone, the instance whose address does.
result<instance_id> payer_of(const records::reader& state, const deal& d, const owned& own) {
  WEIR_TRY(auto c, state.find<content>(d.content));
  if (c)
    return ffs::instance_of(c->value.owner);
  auto client = own.find(d.client);
  return client == own.end() ? instance_id{} : client->second;
}

status add_promised(const records::reader& state, const owned& own, sums& spend) {
  std::map<content_id, instance_id> payers;
  status failed;
  WEIR_CHECK(state.each<deal>([&](const stored<deal>& d) {
    if (d.value.content.value.empty() || d.value.imported || lapsed(d.value))
      return true;
    auto [known, fresh] = payers.try_emplace(d.value.content);
    if (fresh) {
      auto payer = payer_of(state, d.value, own);
      if (!payer)
        failed = payer.error();
      else
        known->second = *payer;
    }
    if (auto of = spend.find(known->second); of != spend.end())
      of->second = of->second + price_of(d.value);
    return failed.ok();
  }));
  return failed;
}

/// To others than the instance itself.
status add_sent(const records::reader& state, const owned& own, sums& spend) {
  return state.each<chain_message>([&](const stored<chain_message>& m) {
    auto from = own.find(m.value.from), to = own.find(m.value.to);
    bool leaves = m.value.purpose == "send" && m.value.state != message_state::failed && from != own.end()
                  && (to == own.end() || to->second != from->second);
    if (leaves)
      spend[from->second] = spend[from->second] + m.value.value;
  });
}

result<sums> spend_of(const records::reader& state, const std::set<instance_id>& of) {
  sums spend;
  for (auto& id : of)
    spend[id] = {};
  WEIR_TRY(auto own, addresses_of(state, of));
  WEIR_CHECK(add_promised(state, own, spend));
  WEIR_CHECK(add_sent(state, own, spend));
  return spend;
}

/// Written anew as it is: whoever else takes something at this moment has to look again.
void take_turn(const stored<ffs::instance>& i, transaction_builder& t) {
  t.update(i, i.value);
}

} // namespace

result<std::uint64_t> bytes_used(const records::reader& state, const instance_id& of) {
  WEIR_TRY(auto sizes, sizes_of(state, of));
  return sum_of(sizes);
}

result<token_amount> spent(const records::reader& state, const instance_id& of) {
  WEIR_TRY(auto spend, spend_of(state, {of}));
  return spend[of];
}

result<std::map<instance_id, use>> used(const records::reader& state, const std::set<instance_id>& of) {
  std::map<instance_id, use> out;
  if (of.empty())
    return out;
  std::set<owner_id> owners;
  for (auto& id : of)
    owners.insert(ffs::owner_of(id));
  WEIR_TRY(auto held, staged(state, owners));
  WEIR_TRY(auto spend, spend_of(state, of));
  for (auto& id : of) {
    auto& u = out[id];
    auto& sizes = held[ffs::owner_of(id)];
    WEIR_CHECK(add_kept(state, id, sizes, u.jobs));
    u.bytes = sum_of(sizes);
    u.spend = spend[id];
  }
  return out;
}

status take_bytes(const records::reader& state, const instance_id& of, const cid& id, std::uint64_t size,
                  transaction_builder& t) {
  WEIR_TRY(instance_record i, state.find<ffs::instance>(of));
  if (!i || i->value.limits.bytes == 0)
    return {};
  WEIR_TRY(auto sizes, sizes_of(state, of));
  auto& held = sizes[id];
  if (size <= held)
    return {}; // it takes no more than it did
  held = size;
  if (auto sum = sum_of(sizes); sum > i->value.limits.bytes)
    return fail(errc::disk_full, "The instance would keep more bytes than its quota allows; remove something first.",
                std::to_string(sum), std::to_string(i->value.limits.bytes));
  take_turn(*i, t);
  return {};
}

status take_bytes(const records::reader& state, const owner_id& of, const cid& id, std::uint64_t size,
                  transaction_builder& t) {
  auto instance = ffs::instance_of(of);
  return instance.value.empty() ? status{} : take_bytes(state, instance, id, size, t);
}

status take_spend(const records::reader& state, const instance_id& of, const token_amount& more,
                  transaction_builder& t) {
  WEIR_TRY(instance_record i, state.find<ffs::instance>(of));
  if (!i || i->value.limits.spend.zero() || more.zero())
    return {};
  WEIR_TRY(auto before, spent(state, of));
  auto& limit = i->value.limits.spend;
  if (auto sum = before + more; sum > limit)
    return fail(errc::insufficient_funds,
                "The instance may not spend so much: of its quota of " + limit.fil() + " " + before.fil()
                    + " are spent or promised, and this takes " + more.fil() + ", " + (sum - limit).fil()
                    + " too much.",
                sum.decimal(), limit.decimal());
  take_turn(*i, t);
  return {};
}

status take_spend(const records::reader& state, const content_id& of, const token_amount& more,
                  transaction_builder& t) {
  WEIR_TRY(auto c, state.find<content>(of));
  auto instance = c ? ffs::instance_of(c->value.owner) : instance_id{};
  return instance.value.empty() ? status{} : take_spend(state, instance, more, t);
}

status take_spend(const records::reader& state, const chain_message& m, transaction_builder& t) {
  if (m.purpose != "send")
    return {};
  WEIR_TRY(auto from, state.find<wallet_address>(m.from));
  WEIR_TRY(auto to, state.find<wallet_address>(m.to));
  auto of = from ? from->value.instance : instance_id{};
  if (of.value.empty() || (to && to->value.instance == of))
    return {};
  return take_spend(state, of, m.value, t);
}

} // namespace weir::quotas
