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

/// What is staged is in no bucket.
result<std::map<cid, std::uint64_t>> staged(const records::reader& state, const owner_id& owner) {
  std::map<cid, std::uint64_t> sizes;
  WEIR_TRY(auto keys, state.keys<records::bucket_contents>(bucket_id{}));
  for (auto& key : keys) {
    WEIR_TRY(auto c, state.find<content>(std::get<1>(key)));
    if (c && c->value.owner == owner && c->value.state != content_state::removed)
      sizes[c->value.cid] = std::max(sizes[c->value.cid], c->value.dag_size);
  }
  return sizes;
}

result<std::map<cid, std::uint64_t>> sizes_of(const records::reader& state, const instance_id& of) {
  auto owner = ffs::owner_of(of);
  WEIR_TRY(auto sizes, staged(state, owner));
  status failed;
  WEIR_CHECK(state.each<ffs::cid_entry>(
      [&](const stored<ffs::cid_entry>& e) {
        auto held = bytes_of(state, owner, e.value.cid);
        if (!held)
          failed = held.error();
        else
          sizes[e.value.cid] = std::max({sizes[e.value.cid], *held, e.value.hot.size});
        return failed.ok();
      },
      {records::encode_prefix(of), {}}));
  WEIR_CHECK(failed);
  return sizes;
}

std::uint64_t sum_of(const std::map<cid, std::uint64_t>& sizes) {
  std::uint64_t sum = 0;
  for (auto& [id, size] : sizes)
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

result<std::set<address>> addresses_of(const records::reader& state, const instance_id& of) {
  std::set<address> own;
  WEIR_CHECK(state.each<wallet_address>([&](const stored<wallet_address>& w) {
    if (w.value.instance == of)
      own.insert(w.value.addr);
  }));
  return own;
}

result<token_amount> promised(const records::reader& state, const instance_id& of, const std::set<address>& own) {
  token_amount sum;
  std::map<content_id, bool> mine;
  status failed;
  WEIR_CHECK(state.each<deal>([&](const stored<deal>& d) {
    if (d.value.content.value.empty() || d.value.imported || lapsed(d.value))
      return true;
    auto [known, fresh] = mine.try_emplace(d.value.content, own.contains(d.value.client));
    if (fresh) {
      auto c = state.find<content>(d.value.content);
      if (!c)
        failed = c.error();
      else if (*c)
        known->second = (*c)->value.owner == ffs::owner_of(of);
    }
    if (known->second)
      sum = sum + price_of(d.value);
    return failed.ok();
  }));
  WEIR_CHECK(failed);
  return sum;
}

bool leaves(const chain_message& m, const std::set<address>& own) {
  return m.purpose == "send" && m.state != message_state::failed && own.contains(m.from) && !own.contains(m.to);
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
  WEIR_TRY(auto own, addresses_of(state, of));
  WEIR_TRY(auto sum, promised(state, of, own));
  WEIR_CHECK(state.each<chain_message>([&](const stored<chain_message>& m) {
    if (leaves(m.value, own))
      sum = sum + m.value.value;
  }));
  return sum;
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
