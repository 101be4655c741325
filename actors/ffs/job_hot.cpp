// The hot side of a job: its layer keeps the DAG, checked against reality where
// that is what the job is for; what it lost comes from where it still is.
#include "actors/ffs/homecoming.hpp"
#include "actors/ffs/job_state.hpp"
#include "actors/support/quota.hpp"
#include "storage/support/crash_point.hpp"

namespace weir::ffs {

namespace {

/// A layer that does not answer is asked again for at least so long.
constexpr std::chrono::seconds least_patience{60};

/// With a quota of bytes, what the hot layer holds counts from now on: the staged
/// copy goes before the end of the job is written. errc::disk_full: over the quota.
result<transaction_builder> count_hot(const records::reader& state, const job& j, std::uint64_t size) {
  transaction_builder t;
  WEIR_TRY(auto of, state.find<instance>(j.instance));
  WEIR_TRY(auto before, state.find<cid_entry>({j.instance, j.cid}));
  if (!of || of->value.limits.bytes == 0 || !before || before->value.hot.size >= size)
    return t;
  WEIR_CHECK(quotas::take_bytes(state, j.instance, j.cid, size, t));
  auto after = before->value;
  after.hot.size = size;
  t.update(*before, after);
  return t;
}

} // namespace

/// A repair looks at the blocks, not at the books; after a move the new layer gets them first.
void job_state_of::hot() {
  bool repair = what.why == job_cause::repair && elsewhere.empty();
  repair ? check_hot() : keep_hot();
}

void job_state_of::check_hot() {
  ask_hot(
      hot_check{what.instance, what.cid},
      [this](const hot_info& info) {
        if (info.enabled)
          return hot_done(info);
        parts.layers.outside() ? mend_hot() : hot_refused(weir::fail(errc::not_found, "The hot copy lost blocks."));
      },
      [this](const caf::error& e) { hot_refused(from_caf(e)); });
}

/// Whether the node has its blocks for this instance.
bool job_state_of::here() const {
  auto contents = contents_of(*d.look(), what.instance, what.cid);
  return contents && std::any_of(contents->begin(), contents->end(), [](auto& c) { return c.value.local; });
}

void job_state_of::keep_hot() {
  auto done = [this](const hot_info& info) { hot_done(info); };
  auto time = what.config.hot.add_timeout;
  auto refused = [this, done, time](const caf::error& e) {
    auto why = from_caf(e);
    // A move that a crash interrupted: the layer before has let go of it, this one has it.
    if (why.code != errc::not_found || elsewhere.empty() || std::exchange(mending, true))
      return hot_refused(why);
    ask_hot(hot_pin{what.instance, what.cid, time}, done,
            [this](const caf::error& again) { hot_refused(from_caf(again)); });
  };
  if (here() || elsewhere == own_layer)
    ask_hot(hot_add{what.instance, what.cid, time}, done, refused);
  else if (elsewhere.empty())
    ask_hot(hot_pin{what.instance, what.cid, time}, done, refused);
  else
    bring_home(
        elsewhere, [this] { keep_hot(); }, [this](const error& e) { hot_refused(e); });
}

/// A layer outside may have it again by itself: from this node, or from where it finds blocks.
void job_state_of::mend_hot() {
  if (std::exchange(mending, true))
    return hot_refused(weir::fail(errc::not_found, "The hot copy lost blocks."));
  note({"The hot copy lost blocks: the layer is given them again."}, [this] {
    auto done = [this](const hot_info&) { check_hot(); };
    auto refused = [this](const caf::error& e) { hot_refused(from_caf(e)); };
    if (here())
      ask_hot(hot_add{what.instance, what.cid, what.config.hot.add_timeout}, done, refused);
    else
      ask_hot(hot_pin{what.instance, what.cid, what.config.hot.add_timeout}, done, refused);
  });
}

void job_state_of::bring_home(const std::string& from, next then, std::function<void(const error&)> otherwise) {
  note({"Reading it out of the hot layer " + from + "."}, [this, from, then, otherwise] {
    hot_get wish{what.cid, what.config.hot.add_timeout};
    auto helper = spawn_homecoming(self->system(), parts.layers.all.at(from), parts.contents, what.instance, wish);
    self->request(helper, layer_time, atom::start_v)
        .then(
            [then](const content&) {
              crash_point("ffs.brought");
              then();
            },
            [otherwise](const caf::error& e) { otherwise(from_caf(e)); });
  });
}

void job_state_of::hot_refused(const error& e) {
  if (e.code == errc::shutting_down && d.stopping->load())
    return;
  if (e.code == errc::unreachable || is_restarting(e)) {
    auto now = self->clock().now();
    auto most = std::max(least_patience, std::chrono::seconds{what.config.hot.add_timeout});
    if (!silent_since)
      silent_since = now;
    if (now - *silent_since < most)
      return run_after(self, d.commits.timer, wait.next(), [this] { hot(); });
    return fail(e);
  }
  bool lost = e.code == errc::not_found || e.code == errc::corrupt || e.code == errc::timeout;
  if (!lost)
    return fail(e);
  if (!what.config.hot.allow_unfreeze)
    return fail({e.code,
                 "The hot layer does not find its blocks, and hot.allowUnfreeze is off; stage them again or allow it. "
                     + e.message,
                 e.value, e.limit});
  note({"The hot layer does not have it: retrieving it from a provider.", job_step::unfreeze}, [this] { unfreeze(); });
}

/// The record says that it is under way, then what came of it.
void job_state_of::unfreeze() {
  put_retrieval(true, {}, {}, [this] {
    cold_fetch wish{what.instance, what.cid, what.id, what.config.hot.unfreeze_max_price};
    self->request(parts.cold, deals_time, wish)
        .then([this](const token_amount& paid) { pin_again(paid); },
              [this](const caf::error& e) {
                auto why = from_caf(e);
                if (is_restarting(why))
                  run_after(self, d.commits.timer, wait.next(), [this] { unfreeze(); });
                else if (why.code != errc::shutting_down)
                  put_retrieval(false, cause_of(why), {}, [this, why] { fail(why); });
              });
  });
}

void job_state_of::pin_again(const token_amount& paid) {
  put_retrieval(false, {}, paid, [this] {
    note({"It was retrieved from a provider and verified.", job_step::hot, true}, [this] {
      // What is left of a damaged pin goes first: the whole DAG is held anew.
      self->request(parts.layers.own(), layer_time, hot_remove{what.instance, what.cid})
          .then(
              [this](nothing) {
                ask_hot(
                    hot_add{what.instance, what.cid, what.config.hot.add_timeout},
                    [this](const hot_info& info) { hot_done(info); },
                    [this](const caf::error& e) { fail(from_caf(e)); });
              },
              [this](const caf::error& e) { fail(from_caf(e)); });
    });
  });
}

void job_state_of::put_retrieval(bool pending, const err_cause& why, const token_amount& paid, next then) {
  auto build = [this, pending, why, paid](const records::reader& newest) -> result<transaction_builder> {
    transaction_builder t;
    WEIR_TRY(auto before, newest.find<retrieval>({what.instance, what.id}));
    auto r = before ? before->value : retrieval{what.instance, what.id, what.cid};
    if (before && !r.pending)
      return t;
    r.pending = pending;
    r.paid = paid;
    r.err = why;
    r.updated = d.world.wall();
    if (r.started.value == 0)
      r.started = r.updated;
    if (!pending) {
      r.ended = r.updated;
      WEIR_TRY(auto c, cold_content(newest, what.instance, what.cid));
      r.bytes_received = c && !why.any() ? c->dag_size : 0;
    }
    t.put(r);
    t.say(event_kind::retrieval_changed, what.id.value, owner_of(what.instance),
          {records::fact("cid", what.cid), records::fact("pending", pending)});
    return t;
  };
  d.commits.commit(self, build, [then](const status&) { then(); });
}

/// Only now the size of what a layer outside found is known.
void job_state_of::hot_done(const hot_info& info) {
  auto build = [this, size = info.size](const records::reader& newest) { return count_hot(newest, what, size); };
  d.commits.commit(self, build, [this, info](const status& s) { s ? keep_it(info) : too_much(s.error()); });
}

void job_state_of::too_much(const error& e) {
  self->request(parts.layers.own(), layer_time, hot_remove{what.instance, what.cid})
      .then([this, e](nothing) { fail(e); }, [this, e](const caf::error&) { fail(e); });
}

void job_state_of::keep_it(const hot_info& info) {
  crash_point("ffs.hot_done");
  how.hot = info;
  how.hot->layer = parts.layers.mine;
  note({"It is stored hot (" + parts.layers.mine + ", " + std::to_string(info.size) + " bytes)."}, [this] { cold(); });
}

} // namespace weir::ffs
