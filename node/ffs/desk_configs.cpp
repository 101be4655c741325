// Configs: defaults, and what is asked of an instance's powergate.
#include "actors/ffs/powergate.hpp"
#include "node/ffs/desk.hpp"

namespace weir::ffs {

namespace {

constexpr std::chrono::minutes fetch_time{15}; ///< out of a hot layer outside
constexpr std::size_t most_gates = 1024;

} // namespace

powergate_actor desk::known_gate(const instance_id& of) const {
  std::lock_guard guard{lock_};
  auto known = gates_.find(of);
  return known == gates_.end() ? powergate_actor{} : known->second;
}

void desk::keep_gate(const instance_id& of, const powergate_actor& gate) const {
  std::lock_guard guard{lock_};
  if (gates_.size() >= most_gates)
    gates_.clear();
  gates_.insert_or_assign(of, gate);
}

void desk::forget_gate(const instance_id& of) const {
  std::lock_guard guard{lock_};
  gates_.erase(of);
}

result<cid_config> desk::node_default(const reader& r) const {
  return ffs::node_default(r);
}

status desk::check(const reader& r, const instance_id& of, const cid_config& config) const {
  return check_push(r, of, config, p_.limits);
}

void desk::push(asker who, push_config wish, answer<push_answer> done) {
  ask_powergate<push_answer>(who, std::move(wish), std::move(done));
}

void desk::replace(asker who, replace_cid wish, answer<push_answer> done) {
  ask_powergate<push_answer>(who, std::move(wish), std::move(done));
}

void desk::remove(asker who, remove_cid wish, answer<nothing> done) {
  ask_powergate<nothing>(who, std::move(wish), std::move(done));
}

void desk::cancel(asker who, cancel_job wish, answer<ffs::job> done) {
  ask_powergate<ffs::job>(who, std::move(wish), std::move(done));
}

void desk::stage(asker who, stage_cid wish, answer<content> done) {
  ask_powergate<content>(who, std::move(wish), std::move(done), fetch_time);
}

void desk::bring(asker who, bring_hot wish, answer<nothing> done) {
  ask_powergate<nothing>(who, std::move(wish), std::move(done), fetch_time);
}

void desk::set_default(asker who, const instance_id& of, config_change change, answer<cid_config> done) {
  auto out = std::make_shared<cid_config>();
  auto build = [id = of, change = std::move(change), limits = p_.limits,
                out](const records::reader& newest) -> result<transaction_builder> {
    transaction_builder t;
    WEIR_TRY(auto before, newest.get<instance>(id));
    auto after = before.value;
    WEIR_TRY(after.defaults, change(after.defaults));
    WEIR_CHECK(ffs::check(after.defaults, limits));
    *out = after.defaults;
    if (after.defaults == before.value.defaults)
      return t;
    t.update(before, after);
    t.say(event_kind::instance_changed, id.value, owner_of(id));
    return t;
  };
  commit(who, build, out, std::move(done));
}

void desk::set_node_default(asker who, config_change change, answer<cid_config> done) {
  auto out = std::make_shared<cid_config>();
  auto build = [change = std::move(change), limits = p_.limits,
                out](const records::reader& newest) -> result<transaction_builder> {
    transaction_builder t;
    WEIR_TRY(auto before, ffs::node_default(newest));
    WEIR_TRY(*out, change(before));
    WEIR_CHECK(ffs::check(*out, limits));
    if (*out == before)
      return t;
    t.put(node_defaults{*out});
    t.say(event_kind::instance_changed, "default");
    return t;
  };
  commit(who, build, out, std::move(done));
}

} // namespace weir::ffs
