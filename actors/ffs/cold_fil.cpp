#include "actors/ffs/cold_fil.hpp"

#include "actors/content/adopt.hpp"
#include "actors/content/content.hpp"
#include "actors/deals/rollup_rules.hpp"
#include "actors/ffs/jobs.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"
#include "actors/support/subscription.hpp"
#include "actors/support/types.hpp"
#include "storage/support/crash_point.hpp"

#include <caf/typed_response_promise.hpp>

namespace weir::ffs {

namespace {

/// Reading all of a CID, or downloading it: as long as the largest may take.
constexpr std::chrono::minutes walk_time{48 * 60};

using cold_fil_impl = cold_layer_actor::extend<follows_log, caf::reacts_to<tick>>;
using adopter_actor = caf::typed_actor<caf::replies_to<atom::start, content_id, cid>::with<content>>;

/// Holds and verifies a whole DAG: long, so on a thread of its own.
adopter_actor::behavior_type adopter(adopter_actor::pointer self, std::shared_ptr<block_ledger> ledger,
                                     std::shared_ptr<std::atomic<bool>> stopping) {
  return {[self, ledger, stopping](atom::start, const content_id& id, const cid& root) -> caf::result<content> {
    self->quit();
    return reply(adopt(*ledger, id, root, [stopping]() -> status {
      return stopping->load() ? status{fail(errc::shutting_down, "The node is stopping.")} : status{};
    }));
  }};
}

struct cold_fil_state {
  explicit cold_fil_state(cold_fil_impl::pointer self) : self{self} {}
  ~cold_fil_state();

  /// A job that waits for its deals.
  struct waiter {
    cold_store wish;
    content_id what; ///< empty until it is known
    caf::typed_response_promise<cold_answer> answer;
    std::map<deal_uuid, deal_state> told;
    bool over = false;
  };
  using waiter_ptr = std::shared_ptr<waiter>;
  using key = std::pair<instance_id, cid>;

  void start() {
    follow_log(self, d, d.look()->at(), kinds());
    self->request(d.ticker, std::chrono::seconds{30}, atom::subscribe_v, caf::actor_cast<tick_listener>(self))
        .then([this](const tick&) { look_at_all(); }, [](const caf::error&) {});
  }

  static std::vector<event_kind> kinds() {
    using enum event_kind;
    return {deal_intended,  deal_proposed,   deal_rejected,    deal_published,   deal_activated, deal_active,
            deal_failed,    deal_slashed,    deal_expired,     content_problem,  content_packed, content_requeued,
            content_active, content_removed, content_restored, provider_selected};
  }

  caf::typed_response_promise<cold_answer> store(const cold_store& wish);
  void with_content(waiter_ptr w, const content_id& id);
  void adopt_blocks(waiter_ptr w);
  void stop(const key& which);
  void finish(waiter_ptr w, result<cold_answer> how);
  void hear(const event& e);
  void look(waiter_ptr w);
  void look_at_all();
  void tell(waiter_ptr w, const cold_view& seen);
  caf::typed_response_promise<token_amount> fetch(const cold_fetch& wish);

  static constexpr const char* name = "cold_fil";
  cold_fil_impl::pointer self;
  domain d;
  cold_fil_parts parts;
  scheduler_options options;
  std::map<key, waiter_ptr> waiting;
  std::map<content_id, waiter_ptr> by_content;
  std::map<std::uint64_t, caf::typed_response_promise<token_amount>> fetching;
  std::uint64_t fetches = 0;
};

/// It dies: whoever waits for it asks the one that takes its place. Nobody would answer them otherwise.
cold_fil_state::~cold_fil_state() {
  if (!d.stopping || d.stopping->load())
    return;
  auto why = to_caf(fail(errc::overloaded, "The cold layer is being restarted; try again."));
  for (auto& [which, w] : waiting)
    if (!w->over)
      w->answer.deliver(why);
  for (auto& [number, answer] : fetching)
    answer.deliver(why);
}

caf::typed_response_promise<cold_answer> cold_fil_state::store(const cold_store& wish) {
  stop({wish.instance, wish.cid});
  auto w = std::make_shared<waiter>();
  w->wish = wish;
  w->answer = self->make_response_promise<cold_answer>();
  if (!parts.makes_deals) {
    w->answer.deliver(to_caf(fail(errc::no_network, "Neither devnet nor chain is configured: no deals can be made.")));
    return w->answer;
  }
  waiting[{wish.instance, wish.cid}] = w;
  auto found = cold_content(*d.look(), wish.instance, wish.cid);
  if (!found)
    finish(w, found.error());
  else if (*found)
    with_content(w, (*found)->id);
  else
    adopt_blocks(w);
  return w->answer;
}

void cold_fil_state::with_content(waiter_ptr w, const content_id& id) {
  auto c = d.look()->find<content>(id);
  if (c && *c && (*c)->value.dag_size < options.least_size)
    return finish(w, fail(errc::invalid_argument, "It is smaller than what this scheduler makes deals for.",
                          std::to_string((*c)->value.dag_size), std::to_string(options.least_size)));
  auto build = [this, w, id](const records::reader& newest) { return open_terms(newest, id, w->wish, options); };
  d.commits.commit(self, build, [this, w, id](const status& s) {
    crash_point("ffs.terms_open");
    if (w->over)
      return;
    if (!s) {
      finish(w, s.error());
      return;
    }
    w->what = id;
    by_content[id] = w;
    look(w);
  });
}

/// Hot but never stored by a content, or staged long ago: what is here becomes one.
void cold_fil_state::adopt_blocks(waiter_ptr w) {
  auto helper = d.detach ? self->spawn<caf::detached>(adopter, parts.ledger, d.stopping)
                         : self->spawn(adopter, parts.ledger, d.stopping);
  content_id id{d.world.uuid()};
  self->request(helper, walk_time, atom::start_v, id, w->wish.cid)
      .then(
          [this, w, id](content made) {
            made.owner = owner_of(w->wish.instance);
            made.name = w->wish.cid.text();
            made.use = content_use::stage;
            made.created_at = d.clock->now();
            made.created = d.world.wall();
            reach(made, content_state::stored, made.created_at, made.created);
            auto build = [made](const records::reader& newest) { return weir::create(newest, made); };
            d.commits.commit(self, build, [this, w, id](const status& s) {
              if (!s) {
                finish(w, s.error());
                return;
              }
              if (auto done = adopted(*parts.ledger, id); !done)
                spdlog::warn("content {}: {}", id.value, to_string(done.error()));
              if (!w->over)
                with_content(w, id);
            });
          },
          [this, w](const caf::error& e) { finish(w, from_caf(e)); });
}

void cold_fil_state::stop(const key& which) {
  if (auto known = waiting.find(which); known != waiting.end())
    finish(known->second, fail(errc::cancelled, "The job was ended, or another one took its place."));
}

void cold_fil_state::finish(waiter_ptr w, result<cold_answer> how) {
  if (std::exchange(w->over, true))
    return;
  waiting.erase({w->wish.instance, w->wish.cid});
  if (auto known = by_content.find(w->what); known != by_content.end() && known->second == w)
    by_content.erase(known);
  how ? w->answer.deliver(*std::move(how)) : w->answer.deliver(to_caf(how.error()));
}

/// Deals say for which piece they are; contents name themselves.
void cold_fil_state::hear(const event& e) {
  if (auto known = by_content.find(content_id{e.subject}); known != by_content.end()) {
    look(known->second);
    return;
  }
  auto named = e.kind == event_kind::provider_selected ? std::string_view{e.subject} : fact_of(e, "piece");
  auto piece_id = cid_of(named);
  if (piece_id.empty() || by_content.empty())
    return;
  auto keys = d.look()->keys<records::piece_contents>(piece_id);
  for (std::size_t i = 0; keys && i < keys->size(); ++i)
    if (auto known = by_content.find(std::get<1>((*keys)[i])); known != by_content.end())
      look(known->second);
}

void cold_fil_state::look(waiter_ptr w) {
  if (w->over || w->what.value.empty())
    return;
  auto now = d.clock->now();
  auto seen = look_at_cold(*d.look(), w->what, w->wish, now);
  if (!seen) {
    finish(w, seen.error());
    return;
  }
  tell(w, *seen);
  if (auto answer = judge_cold(*seen, w->wish, now))
    finish(w, *std::move(answer));
}

void cold_fil_state::look_at_all() {
  auto all = waiting; // a look may end it
  for (auto& [which, w] : all)
    look(w);
}

/// What changed since the last look goes to the job's log.
void cold_fil_state::tell(waiter_ptr w, const cold_view& seen) {
  std::vector<std::string> lines;
  for (auto& x : seen.deals) {
    auto [at, fresh] = w->told.try_emplace(x.uuid, x.state);
    bool news = fresh ? x.round == w->wish.job.value : at->second != x.state;
    at->second = x.state;
    if (news)
      lines.push_back(deal_words(x));
  }
  for (auto& words : lines) {
    auto build = [this, w, words](const records::reader& newest) {
      return note_job(newest, w->wish.instance, w->wish.job, {words}, {d.clock->now(), d.world.wall()});
    };
    d.commits.commit(self, build, [](const status&) {});
  }
}

/// Retrieval over HTTP is free of charge with the providers that Weir talks to: the price is 0 and below any limit.
caf::typed_response_promise<token_amount> cold_fil_state::fetch(const cold_fetch& wish) {
  auto answer = self->make_response_promise<token_amount>();
  auto found = cold_content(*d.look(), wish.instance, wish.cid);
  if (!found || !*found || (*found)->state < content_state::packed) {
    answer.deliver(
        to_caf(!found ? found.error()
                      : fail(errc::not_found, "No provider holds it: no deal was ever made for it.", wish.cid.text())));
    return answer;
  }
  restore_content order{owner_of(wish.instance), (*found)->id};
  auto number = ++fetches;
  fetching[number] = answer;
  self->request(parts.contents, walk_time, order)
      .then([this, number](const content&) { fetching.extract(number).mapped().deliver(token_amount{}); },
            [this, number](const caf::error& e) { fetching.extract(number).mapped().deliver(e); });
  return answer;
}

cold_fil_impl::behavior_type cold_fil(self_of<cold_fil_impl, cold_fil_state> self, domain d, cold_fil_parts parts,
                                      scheduler_options options) {
  prepare(self);
  auto& state = self->state;
  state.d = std::move(d);
  state.parts = std::move(parts);
  state.options = std::move(options);
  state.start();
  return {
      [self](const cold_store& wish) { return self->state.store(wish); },
      [self](const cold_stop& which) {
        self->state.stop({which.instance, which.cid});
        return nothing{};
      },
      [self](const cold_fetch& wish) { return self->state.fetch(wish); },
      log_handler(self, state.d, cold_fil_state::kinds(), [self](const event& e) { self->state.hear(e); }),
      [self](const tick&) { self->state.look_at_all(); },
  };
}

} // namespace

cold_layer_actor spawn_cold_fil(caf::actor_system& system, domain d, cold_fil_parts parts, scheduler_options options) {
  return system.spawn(cold_fil, std::move(d), std::move(parts), std::move(options));
}

} // namespace weir::ffs
