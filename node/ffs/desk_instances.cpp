// Instances and their tokens (seed 000: Manager and Auth).
#include "actors/ffs/instances.hpp"
#include "actors/ffs/powergate.hpp"
#include "node/api/access.hpp"
#include "node/ffs/desk.hpp"

namespace weir::ffs {

namespace {

constexpr std::chrono::minutes slow{15};

made_token new_token(const instance_id& of, const token_wish& wish, unix_ms now) {
  made_token t;
  t.text = api::make_token();
  t.record.hash = api::token_hash(t.text);
  t.record.name = wish.name;
  t.record.owner = owner_of(of);
  t.record.created = now;
  t.record.expires = wish.expires;
  t.record.instance = of;
  t.record.scopes = wish.scopes;
  return t;
}

status check_limits(const quota& q) {
  if (!q.spend.negative())
    return {};
  return fail(errc::invalid_argument, "A quota is not less than nothing; 0 is no limit.", q.spend.fil());
}

} // namespace

void desk::make_instance(asker who, const std::string& name, const std::string& scheduler, answer<made_instance> done) {
  auto made = std::make_shared<made_instance>();
  made->info.id.value = p_.world.uuid();
  made->info.name = name.empty() ? made->info.id.value : name;
  made->info.created = p_.world.wall();
  auto preset = ffs::node_default(*look());
  if (!preset)
    return done(preset.error());
  made->info.defaults = *std::move(preset);
  if (auto named = check_name(made->info.name); !named)
    return done(named.error());
  if (auto wired = scheduler.empty() ? status{} : wire(made->info, scheduler); !wired)
    return done(wired.error());
  made->info.moved_from.clear(); // it has nothing that another one would have to let go of
  auto first = new_token(made->info.id, {"first", scope::all, {}}, made->info.created);
  made->token = first.text;
  auto build = [info = made->info, record = first.record](const auto& newest) { return create(newest, info, record); };
  commit(who, build, made, std::move(done));
}

/// Name, quota and scheduler.
void desk::change_instance(asker who, const instance_id& of, instance_change change, answer<instance> done) {
  auto out = std::make_shared<instance>();
  auto build = [id = of, change = std::move(change),
                out](const records::reader& newest) -> result<transaction_builder> {
    transaction_builder t;
    WEIR_TRY(auto before, newest.get<instance>(id));
    if (before.value.deleting)
      return fail(errc::not_found, "There is no such instance.", id.value);
    *out = before.value;
    WEIR_CHECK(change(*out));
    WEIR_CHECK(check_limits(out->limits));
    if (out->name != before.value.name)
      WEIR_CHECK(check_rename(newest, *out));
    t.update(before, *out);
    t.say(event_kind::instance_changed, id.value, owner_of(id), {records::fact("name", out->name)});
    return t;
  };
  commit(who, build, out, std::move(done));
}

/// In slices; one that a crash interrupted goes on when it is asked for again.
void desk::remove_next(asker who, const instance_id& id, answer<nothing> done) const {
  auto more = std::make_shared<bool>(false);
  auto build = [id, more, now = p_.clock->now(), time = p_.world.wall()](const auto& newest) {
    return remove_slice(newest, id, now, time, *more);
  };
  p_.commits.commit(who, build, [this, who, id, more, done](const status& s) {
    if (!s)
      return done(s.error());
    *more ? remove_next(who, id, done) : done(nothing{});
  });
}

/// Nobody sees it any more; its jobs end, then its data goes.
void desk::delete_instance(asker who, const instance_id& of, answer<nothing> done) {
  auto found = look()->find<instance>(of);
  if (!found || !*found)
    return done(found ? fail(errc::not_found, "There is no such instance.", of.value) : found.error());
  auto build = [id = of, now = p_.clock->now(), time = p_.world.wall()](const auto& newest) {
    return close_instance(newest, id, now, time);
  };
  p_.commits.commit(who, build, [this, who, id = of, done](const status& s) {
    if (!s)
      return done(s.error());
    if (!p_.manager)
      return remove_next(who, id, done);
    auto next = [this, who, id, done](result<nothing> dropped) {
      dropped ? remove_next(who, id, done) : done(std::move(dropped).error());
    };
    ask<nothing>(who, p_.manager, drop_instance{id}, next, slow);
  });
}

result<std::vector<access_token>> desk::tokens(const reader& r, const instance_id& of) const {
  return tokens_of(r, of);
}

/// A token gives no more than its maker has.
void desk::make_token(asker who, const instance_id& of, token_wish wish, std::uint32_t most, answer<made_token> done) {
  if (auto named = check_name(wish.name); !named)
    return done(named.error());
  wish.scopes &= most;
  if (wish.scopes == 0)
    return done(fail(errc::invalid_argument, "A token needs a scope.", {}, scopes_text(scope::all & most)));
  auto made = std::make_shared<made_token>(new_token(of, wish, p_.world.wall()));
  auto build = [record = made->record](const auto& newest) { return add_token(newest, record); };
  commit(who, build, made, std::move(done));
}

void desk::revoke_token(asker who, const instance_id& of, const std::string& name, answer<nothing> done) {
  auto done_before = std::make_shared<bool>(false);
  auto build = [id = of, name, done_before](const records::reader& newest) {
    auto made = ffs::revoke_token(newest, id, name);
    bool gone = !made && made.error().code == errc::not_found && *done_before;
    *done_before = true; // tried again: what is gone now was taken away by the first try
    return gone ? result<transaction_builder>{transaction_builder{}} : std::move(made);
  };
  commit(who, build, std::make_shared<nothing>(), std::move(done));
}

} // namespace weir::ffs
