#include "actors/ffs/instances.hpp"

#include "actors/content/content.hpp"

#include <algorithm>

namespace weir::ffs {

using records::fact;

namespace {

error no_instance(const instance_id& id) {
  return fail(errc::not_found, "There is no such instance.", id.value);
}

result<std::optional<stored<access_token>>> find_token(const records::reader& state, const instance_id& id,
                                                       const std::string& name) {
  std::optional<stored<access_token>> found;
  WEIR_CHECK(state.each<access_token>([&](stored<access_token> t) {
    if (t.value.instance == id && t.value.name == name && !t.value.revoked)
      found = std::move(t);
    return !found;
  }));
  return found;
}

/// Its tokens go with the first slice: nobody works on it while it is removed.
status close(const records::reader& state, const stored<instance>& before, transaction_builder& t) {
  WEIR_CHECK(state.each<access_token>([&](const stored<access_token>& token) {
    if (token.value.instance == before.value.id) {
      t.remove(token);
      t.say(event_kind::token_revoked, token.value.name, owner_of(before.value.id));
    }
  }));
  auto closed = before.value;
  closed.deleting = true;
  t.update(before, closed);
  t.say(event_kind::instance_changed, closed.id.value, owner_of(closed.id));
  return {};
}

/// Any content that it still has.
result<std::optional<content_id>> content_left(const records::reader& state, const owner_id& owner) {
  std::optional<content_id> left;
  WEIR_CHECK(state.each<content>([&](const stored<content>& c) {
    if (c.value.owner == owner && c.value.state != content_state::removed)
      left = c.value.id;
    return !left;
  }));
  return left;
}

/// A batch of the records whose keys begin with the instance.
template <class R>
status erase_some(const records::reader& state, const instance_id& of, transaction_builder& t, std::size_t& room) {
  return state.each<R>(
      [&](const stored<R>& r) {
        if (room == 0)
          return false;
        --room;
        t.erase(r.value);
        return true;
      },
      {records::encode_prefix(of), {}});
}

constexpr std::size_t erased_at_once = 500;

/// Configs, jobs, logs and the rest; an empty transaction when nothing is left.
result<transaction_builder> erase_records(const records::reader& state, const instance_id& of) {
  transaction_builder t;
  auto room = erased_at_once;
  WEIR_CHECK(erase_some<cid_entry>(state, of, t, room));
  WEIR_CHECK(erase_some<job>(state, of, t, room));
  WEIR_CHECK(erase_some<log_line>(state, of, t, room));
  WEIR_CHECK(erase_some<retrieval>(state, of, t, room));
  WEIR_CHECK(erase_some<webhook>(state, of, t, room));
  return t;
}

} // namespace

status check_name(const std::string& name) {
  bool printable = std::all_of(name.begin(), name.end(), [](unsigned char c) { return c >= 0x20 && c != 0x7f; });
  if (name.empty() || name.size() > max_name || !printable)
    return fail(errc::invalid_argument, "A name has 1 to 100 printable characters.", name, std::to_string(max_name));
  return {};
}

status check_rename(const records::reader& state, const instance& renamed) {
  WEIR_CHECK(check_name(renamed.name));
  bool taken = false;
  WEIR_CHECK(state.each<instance>(
      [&](const stored<instance>& i) { taken = taken || (i.value.id != renamed.id && i.value.name == renamed.name); }));
  return taken ? status{fail(errc::already_exists, "There is an instance of this name.", renamed.name)} : status{};
}

result<transaction_builder> create(const records::reader& state, const instance& made, const access_token& first) {
  transaction_builder t;
  std::size_t count = 0;
  bool taken = false, done = false;
  WEIR_CHECK(state.each<instance>([&](const stored<instance>& i) {
    ++count;
    done = done || i.value.id == made.id;
    taken = taken || i.value.name == made.name;
  }));
  if (done)
    return t;
  if (taken)
    return fail(errc::already_exists, "There is an instance of this name.", made.name);
  if (count >= max_instances)
    return fail(errc::overloaded, "The node has as many instances as it can.", {}, std::to_string(max_instances));
  t.create(made);
  t.create(first);
  t.say(event_kind::instance_created, made.id.value, owner_of(made.id), {fact("name", made.name)});
  t.say(event_kind::token_created, first.name, owner_of(made.id), {fact("scopes", scopes_text(first.scopes))});
  return t;
}

result<instance> find(const records::reader& state, const instance_id& id) {
  WEIR_TRY(auto found, state.find<instance>(id));
  if (!found || found->value.deleting)
    return no_instance(id);
  return std::move(found->value);
}

void wire(instance& what, const std::string& to) {
  if (what.scheduler == to)
    return;
  what.moved_from = what.scheduler;
  what.scheduler = to;
}

result<transaction_builder> move(const records::reader& state, const instance_id& id, const std::string& to) {
  transaction_builder t;
  WEIR_TRY(auto before, state.get<instance>(id));
  if (before.value.deleting)
    return no_instance(id);
  if (before.value.scheduler == to)
    return t;
  auto after = before.value;
  wire(after, to);
  t.update(before, after);
  t.say(event_kind::instance_changed, id.value, owner_of(id), {fact("scheduler", to)});
  return t;
}

result<std::vector<access_token>> tokens_of(const records::reader& state, const instance_id& id) {
  std::vector<access_token> all;
  WEIR_CHECK(state.each<access_token>([&](const stored<access_token>& t) {
    if (t.value.instance == id && !t.value.revoked)
      all.push_back(t.value);
  }));
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return all;
}

result<transaction_builder> add_token(const records::reader& state, const access_token& made) {
  transaction_builder t;
  WEIR_TRY([[maybe_unused]] auto of, find(state, made.instance));
  WEIR_TRY(auto itself, state.find<access_token>(made.hash));
  if (itself)
    return t;
  WEIR_TRY(auto taken, find_token(state, made.instance, made.name));
  if (taken)
    return fail(errc::already_exists, "There is a token of this name; revoke it first.", made.name);
  t.create(made);
  t.say(event_kind::token_created, made.name, owner_of(made.instance), {fact("scopes", scopes_text(made.scopes))});
  return t;
}

result<transaction_builder> revoke_token(const records::reader& state, const instance_id& id, const std::string& name) {
  transaction_builder t;
  WEIR_TRY([[maybe_unused]] auto of, find(state, id));
  WEIR_TRY(auto found, find_token(state, id, name));
  if (!found)
    return fail(errc::not_found, "There is no such token.", name);
  t.remove(*found);
  t.say(event_kind::token_revoked, name, owner_of(id));
  return t;
}

result<transaction_builder> remove_slice(const records::reader& state, const instance_id& id, epoch now, unix_ms time,
                                         bool& more) {
  transaction_builder t;
  more = false;
  WEIR_TRY(auto before, state.find<instance>(id));
  if (!before)
    return t;
  more = true;
  if (!before->value.deleting) {
    WEIR_CHECK(close(state, *before, t));
    return t;
  }
  WEIR_TRY(auto left, content_left(state, owner_of(id)));
  if (left) {
    // One content a transaction: two of the same bucket both change its record.
    content gone;
    return weir::remove(state, remove_content{owner_of(id), *left, true}, now, time, gone);
  }
  WEIR_TRY(auto rest, erase_records(state, id));
  if (!rest.empty())
    return rest;
  more = false;
  t.remove(*before);
  t.say(event_kind::instance_deleted, id.value, {}, {fact("name", before->value.name)});
  return t;
}

result<transaction_builder> close_instance(const records::reader& state, const instance_id& id, epoch now,
                                           unix_ms time) {
  WEIR_TRY(auto before, state.find<instance>(id));
  if (!before || before->value.deleting)
    return transaction_builder{};
  bool more = false;
  return remove_slice(state, id, now, time, more);
}

} // namespace weir::ffs
