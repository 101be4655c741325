#include "actors/ffs/powergate.hpp"

#include "actors/ffs/homecoming.hpp"
#include "actors/ffs/imports.hpp"
#include "actors/ffs/jobs.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"
#include "storage/filecoin/address_text.hpp"

#include <caf/send.hpp>
#include <caf/typed_response_promise.hpp>

namespace weir::ffs {

result<cid_config> node_default(const records::reader& state) {
  WEIR_TRY(auto own, state.find<node_defaults>("node"));
  return own ? own->value.defaults : cid_config{};
}

namespace {

result<instance> instance_now(const records::reader& state, const instance_id& of) {
  WEIR_TRY(auto i, state.find<instance>(of));
  if (!i || i->value.deleting)
    return fail(errc::not_found, "There is no such instance.", of.value);
  return std::move(i->value);
}

} // namespace

result<cid_config> default_config(const records::reader& state, const instance_id& of) {
  WEIR_TRY(auto i, instance_now(state, of));
  return std::move(i.defaults);
}

status check_push(const records::reader& state, const instance_id& of, const cid_config& config,
                  const config_limits& limits) {
  WEIR_CHECK(check(config, limits));
  const auto& payer = config.cold.wallet;
  if (payer.empty())
    return {};
  WEIR_TRY(auto held, state.find<wallet_address>(payer));
  if (!held || held->value.instance != of)
    return fail(errc::invalid_argument, "cold.address is not an address of the instance.", filecoin::to_text(payer));
  return {};
}

std::string names_of(const schedulers& known) {
  std::string names;
  for (auto& [name, w] : known)
    names += (names.empty() ? "" : ", ") + name;
  return names;
}

namespace {

constexpr std::chrono::minutes walk_time{48 * 60};
constexpr std::chrono::seconds chain_time{10}; ///< for each deal that is imported
constexpr std::chrono::seconds push_time{60};
constexpr std::size_t most_imports = 100; ///< by one push

struct powergate_state {
  explicit powergate_state(powergate_actor::pointer self) : self{self} {}

  /// The instance as it is. Pushes come in groups, as what they waited for was committed: one reading does for each.
  result<std::shared_ptr<const instance>> own() {
    auto head = d.records().head(); // before it is read
    if (!read_ || read_at_ != head) {
      WEIR_TRY(auto i, instance_now(*d.look(), of));
      read_ = std::make_shared<const instance>(std::move(i));
      read_at_ = head;
    }
    return read_;
  }

  /// That the instance is wired to now.
  result<wiring> wired() {
    WEIR_TRY(auto i, own());
    return wiring_of(*i);
  }
  result<wiring> wiring_of(const instance& i) const {
    auto found = parts.known.find(i.scheduler);
    if (found == parts.known.end())
      return fail(errc::precondition,
                  "The configuration has the instance's scheduler no more; the operator can move it to another one.",
                  i.scheduler, names_of(parts.known));
    return found->second;
  }

  /// That has the job: it may have begun before the instance was moved.
  result<scheduler_actor> scheduler_of(const job_id& id) {
    WEIR_TRY(auto now, wired());
    WEIR_TRY(auto j, d.look()->find<job>({of, id}));
    auto began = j ? parts.known.find(j->value.scheduler) : parts.known.end();
    return began == parts.known.end() ? now.scheduler : began->second.scheduler;
  }

  struct order {
    enqueue wish;
    wiring to;
  };
  result<order> order_of(const push_config& m) {
    WEIR_TRY(auto i, own());
    enqueue wish{of, m.cid, wanted_config(m.config, i->defaults), job_cause::push, {}, m.override_config, m.no_exec};
    WEIR_CHECK(check(wish.config, parts.limits));
    if (!wish.config.cold.wallet.empty())
      WEIR_CHECK(check_push(*d.look(), of, wish.config, parts.limits));
    WEIR_TRY(auto to, wiring_of(*i));
    return order{std::move(wish), std::move(to)};
  }

  result<enqueue> wish_of(const replace_cid& m) const {
    if (m.from == m.to)
      return fail(errc::invalid_argument, "The old and the new CID are the same.", m.to.text());
    WEIR_TRY(auto from, d.look()->find<cid_entry>({of, m.from}));
    if (!from)
      return fail(errc::not_found, "The instance does not keep the CID that is to be replaced.", m.from.text());
    return enqueue{of, m.to, from->value.config, job_cause::replace, m.from, true, false};
  }

  template <class Answer, class Message>
  caf::result<Answer> pass_on(result<Message> m) {
    if (!m)
      return to_caf(m.error());
    auto to = wired();
    if (!to)
      return to_caf(to.error());
    return self->delegate(to->scheduler, *std::move(m));
  }
  caf::result<job> cancel(const job_id& id) {
    auto to = scheduler_of(id);
    if (!to)
      return to_caf(to.error());
    return self->delegate(*to, cancel_job{of, id});
  }

  // ---- deals that somebody made

  using push_promise = caf::typed_response_promise<push_answer>;

  /// What contradicts itself is refused before the chain is asked.
  caf::result<push_answer> push(const push_config& m) {
    auto made = order_of(m);
    if (!made)
      return to_caf(made.error());
    if (m.imports.empty())
      return self->delegate(made->to.scheduler, std::move(made->wish));
    auto* wish = &made->wish;
    auto answer = self->make_response_promise<push_answer>();
    auto e = d.look()->find<cid_entry>({of, m.cid});
    auto allowed =
        !e ? status{e.error()}
           : check_override(*e ? std::optional{(*e)->value.config} : std::nullopt, wish->config, m.override_config);
    if (allowed && !parts.chain)
      allowed = fail(errc::no_network, "Neither devnet nor chain is configured: there are no deals.");
    if (allowed && m.imports.size() > most_imports)
      allowed = fail(errc::too_large, "So many deals cannot be imported at once.", std::to_string(m.imports.size()),
                     std::to_string(most_imports));
    if (!allowed) {
      answer.deliver(to_caf(allowed.error()));
      return answer;
    }
    import_order order{of, m.cid, wish->config, content_id{d.world.uuid()}, {}};
    look_up(std::make_shared<import_order>(std::move(order)), m.imports, *std::move(wish), answer);
    return answer;
  }

  /// One after the other: each has to be there.
  void look_up(std::shared_ptr<import_order> order, std::vector<deal_id> left, enqueue wish, push_promise answer) {
    if (left.empty())
      return adopt_deals(order, std::move(wish), answer);
    auto next = left.back();
    left.pop_back();
    self->request(parts.chain, chain_time, chain::get_deal{next})
        .then(
            [this, order, left, wish, answer, next](chain_deal found) {
              found.id = next;
              order->deals.push_back({std::move(found), deal_uuid{d.world.uuid()}});
              look_up(order, left, wish, answer);
            },
            [answer, next](const caf::error& e) mutable {
              auto why = from_caf(e);
              answer.deliver(why.code != errc::not_found ? e
                                                         : to_caf(fail(errc::not_found, "The chain has no such deal.",
                                                                       std::to_string(next.value))));
            });
  }

  void adopt_deals(std::shared_ptr<import_order> order, enqueue wish, push_promise answer) {
    auto build = [this, order](const records::reader& newest) {
      return import_deals(newest, *order, {d.clock->now(), d.world.wall()}, d.clock->finalized());
    };
    d.commits.commit(self, build, [this, wish, answer](const status& s) mutable {
      auto to = s ? wired() : result<wiring>{s.error()};
      if (!to) {
        answer.deliver(to_caf(to.error()));
        return;
      }
      self->request(to->scheduler, push_time, wish)
          .then([answer](const push_answer& made) mutable { answer.deliver(made); },
                [answer](const caf::error& e) mutable { answer.deliver(e); });
    });
  }

  // ---- blocks that a hot layer outside has, or finds

  using content_promise = caf::typed_response_promise<content>;
  using done_promise = caf::typed_response_promise<nothing>;

  /// A content of the instance whose blocks are here; one that is staged is staged anew, so that its time counts again.
  result<std::optional<content>> here(const cid& id) const {
    WEIR_TRY(auto contents, contents_of(*d.look(), of, id));
    std::optional<content> found;
    for (auto& c : contents)
      if (c.value.local && (!found || c.value.use == content_use::stage))
        found = c.value;
    return found;
  }

  content_promise stage(const stage_cid& m) {
    auto answer = self->make_response_promise<content>();
    auto known = here(m.cid);
    auto to = wired();
    if (!known || !to)
      answer.deliver(to_caf(known ? to.error() : known.error()));
    else if (*known)
      refresh(**known, answer);
    else if (!to->layers.outside())
      answer.deliver(to_caf(fail(errc::unsupported,
                                 "The instance's hot layer is the node's own store, which finds no blocks elsewhere: "
                                 "upload them.",
                                 m.cid.text())));
    else
      fetch(to->layers.own(), hot_get{m.cid, m.timeout}, answer);
    return answer;
  }

  void refresh(const content& known, content_promise answer) {
    auto out = std::make_shared<content>(known);
    auto build = [this, out](const records::reader& newest) -> result<transaction_builder> {
      transaction_builder t;
      WEIR_TRY(auto before, newest.get<content>(out->id));
      *out = before.value;
      if (out->use != content_use::stage)
        return t;
      out->created = d.world.wall();
      out->created_at = d.clock->now();
      t.update(before, *out);
      return t;
    };
    d.commits.commit(self, build, [out, answer](const status& s) mutable {
      if (s)
        answer.deliver(std::move(*out));
      else
        answer.deliver(to_caf(s.error()));
    });
  }

  void fetch(const hot_layer_actor& from, const hot_get& what, content_promise answer) {
    self->request(spawn_homecoming(self->system(), from, parts.contents, of, what), walk_time, atom::start_v)
        .then([answer](const content& made) mutable { answer.deliver(made); },
              [answer](const caf::error& e) mutable { answer.deliver(e); });
  }

  /// Many readers of a CID wait for one fetch.
  done_promise bring(const cid& id) {
    auto answer = self->make_response_promise<nothing>();
    auto known = here(id);
    auto e = d.look()->find<cid_entry>({of, id});
    auto to = wired();
    auto layer = to && e && *e && (*e)->value.hot.enabled ? to->layers.holding((*e)->value.hot) : hot_layer_actor{};
    bool own = layer && layer == to->layers.all.at(own_layer);
    if (!known || !to)
      answer.deliver(to_caf(known ? to.error() : known.error()));
    else if (*known || own)
      answer.deliver(nothing{});
    else if (!layer)
      answer.deliver(to_caf(fail(errc::not_found, "It is not in hot storage.", id.text())));
    else if (auto& line = bringing[id]; (line.push_back(answer), line.size() == 1))
      bring_from(layer, hot_get{id, (*e)->value.config.hot.add_timeout});
    return answer;
  }

  void bring_from(const hot_layer_actor& layer, const hot_get& what) {
    self->request(spawn_homecoming(self->system(), layer, parts.contents, of, what), walk_time, atom::start_v)
        .then(
            [this, id = what.cid](const content&) {
              for (auto& who : std::exchange(bringing[id], {}))
                who.deliver(nothing{});
              bringing.erase(id);
            },
            [this, id = what.cid](const caf::error& why) {
              for (auto& who : std::exchange(bringing[id], {}))
                who.deliver(why);
              bringing.erase(id);
            });
  }

  static constexpr const char* name = "powergate";
  powergate_actor::pointer self;
  domain d;
  instance_id of;
  gate_parts parts;
  std::map<cid, std::vector<done_promise>> bringing;

private:
  std::shared_ptr<const instance> read_;
  revision read_at_; ///< nothing was committed since
};

powergate_actor::behavior_type powergate(self_of<powergate_actor, powergate_state> self, domain d, instance_id of,
                                         gate_parts parts) {
  prepare(self);
  auto& state = self->state;
  state.d = std::move(d);
  state.of = std::move(of);
  state.parts = std::move(parts);
  return {
      [self](const push_config& m) { return self->state.push(m); },
      [self](const replace_cid& m) { return self->state.pass_on<push_answer>(self->state.wish_of(m)); },
      [self](const remove_cid& m) {
        return self->state.pass_on<nothing>(result<remove_cid>{remove_cid{self->state.of, m.cid}});
      },
      [self](const cancel_job& m) { return self->state.cancel(m.job); },
      [self](const stage_cid& m) { return self->state.stage(m); },
      [self](const bring_hot& m) { return self->state.bring(m.cid); },
  };
}

} // namespace

powergate_actor spawn_powergate(caf::actor_system& system, domain d, instance_id of, gate_parts parts) {
  return system.spawn(powergate, std::move(d), std::move(of), std::move(parts));
}

} // namespace weir::ffs
