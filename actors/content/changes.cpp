// What owners ask of their contents, as transactions.
#include "actors/buckets/rules.hpp"
#include "actors/content/content.hpp"
#include "actors/content/upload.hpp"
#include "actors/deals/rollup_rules.hpp"
#include "actors/support/quota.hpp"
#include "messages/types/ffs.hpp"

namespace weir {

using records::fact;

namespace {

result<stored<content>> find_for(const records::reader& state, const owner_id& owner, const content_id& id) {
  auto none = fail(errc::not_found, "There is no such content.", id.value);
  WEIR_TRY(auto found, state.find<content>(id));
  if (!found || (!owner.value.empty() && found->value.owner != owner))
    return none;
  return *std::move(found);
}

result<stored<content>> find_alive(const records::reader& state, const owner_id& owner, const content_id& id) {
  WEIR_TRY(auto found, find_for(state, owner, id));
  if (found.value.state == content_state::removed)
    return fail(errc::not_found, "The content was removed.", id.value);
  return found;
}

/// What its CidConfig keeps goes by its CidConfig.
status check_not_kept(const records::reader& state, const content& c) {
  auto instance = ffs::instance_of(c.owner);
  if (instance.value.empty())
    return {};
  WEIR_TRY(auto entry, state.find<ffs::cid_entry>({instance, c.cid}));
  if (!entry)
    return {};
  return fail(errc::precondition, "The instance keeps its CID: remove it there, with `weir ffs remove CID`.",
              c.cid.text());
}

} // namespace

result<transaction_builder> create(const records::reader& state, const content& made) {
  transaction_builder t;
  WEIR_TRY(auto found, state.find<content>(made.id));
  if (found)
    return t;
  WEIR_CHECK(quotas::take_bytes(state, made.owner, made.cid, made.dag_size, t));
  t.create(made);
  t.say(event_kind::content_stored, made.id.value, made.owner,
        {fact("name", made.name), fact("cid", made.cid), fact("size", made.size)});
  return t;
}

result<transaction_builder> change(const records::reader& state, const change_content& wanted,
                                   const content_options& limits, content& out) {
  WEIR_TRY(auto before, find_alive(state, wanted.owner, wanted.id));
  out = before.value;
  if (!wanted.name.empty()) {
    WEIR_CHECK(check_name(wanted.name, limits.max_name));
    out.name = wanted.name;
  }
  if (wanted.copies > limits.max_copies)
    return fail(errc::invalid_argument, "So many copies cannot be promised.", std::to_string(wanted.copies),
                std::to_string(limits.max_copies));
  if (wanted.copies != 0)
    out.copies = wanted.copies;
  transaction_builder t;
  if (out.name == before.value.name && out.copies == before.value.copies)
    return t;
  t.update(before, out);
  t.say(event_kind::content_changed, out.id.value, out.owner, {fact("name", out.name), fact("copies", out.copies)});
  return t;
}

result<transaction_builder> offload(const records::reader& state, const offload_content& wanted, content& out) {
  WEIR_TRY(auto before, find_alive(state, wanted.owner, wanted.id));
  out = before.value;
  transaction_builder t;
  if (!out.local)
    return t;
  if (out.state != content_state::active)
    return fail(errc::precondition,
                "Only what has all its promised deals active can be offloaded; `weir explain` says what is missing.",
                std::string{to_string(out.state)}, std::string{to_string(content_state::active)});
  out.local = false;
  t.update(before, out);
  t.say(event_kind::content_offloaded, out.id.value, out.owner, {fact("cid", out.cid), fact("size", out.size)});
  return t;
}

result<transaction_builder> remove(const records::reader& state, const remove_content& wanted, epoch now, unix_ms time,
                                   content& out) {
  WEIR_TRY(auto before, find_for(state, wanted.owner, wanted.id));
  out = before.value;
  transaction_builder t;
  if (out.state == content_state::removed)
    return t;
  if (!wanted.kept_too)
    WEIR_CHECK(check_not_kept(state, out));
  if (out.state == content_state::in_bucket) {
    WEIR_TRY(auto b, state.find<bucket>(out.bucket));
    if (b) {
      auto drained = b->value;
      drain(drained, out);
      t.update(*b, drained);
    }
  }
  reach(out, content_state::removed, now, time);
  out.local = false;
  out.problem = {};
  t.update(before, out);
  t.say(event_kind::content_removed, out.id.value, out.owner, {fact("cid", out.cid)});
  return t;
}

} // namespace weir
