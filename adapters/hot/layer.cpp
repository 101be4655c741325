#include "adapters/hot/layer.hpp"

#include "adapters/hot/layer_state.hpp"

#include <algorithm>

namespace weir::hot {

using ffs::hot_info;

namespace {

/// The layer may do better in a moment.
bool passing(errc code) {
  return code == errc::unreachable || code == errc::timeout || code == errc::overloaded;
}

ffs::hot_layer_actor::behavior_type behaviour(layer_state::pointer self, layer_parts parts, layer_options options) {
  self->state.open(std::move(parts), std::move(options));
  return {
      [self](const ffs::hot_add& what) { return self->state.keep(what.instance, what.cid, what.timeout, true); },
      [self](const ffs::hot_pin& what) { return self->state.keep(what.instance, what.cid, what.timeout, false); },
      [self](const ffs::hot_check& what) { return self->state.check(what); },
      [self](const ffs::hot_remove& what) { return self->state.remove(what); },
      [self](const ffs::hot_get& what) { return self->state.get(what); },
      [self](const ffs::hot_next& what) { return self->state.next(what); },
      [self](const ffs::hot_close& what) { self->state.close(what); },
  };
}

} // namespace

ffs::hot_layer_actor spawn_hot_layer(loop::host& host, layer_parts parts, layer_options options) {
  return host.spawn(behaviour, std::move(parts), std::move(options));
}

void layer_state::open(layer_parts p, layer_options how) {
  parts.emplace(std::move(p));
  options = std::move(how);
  line = std::make_unique<turns>(parts->later, options.most_running, options.most_patient);
}

layer_state::~layer_state() {
  alive.reset();
  auto leaving = std::move(running);
  for (const auto& t : leaving) {
    t->hold->what.reset();
    t->give_up(fail(errc::shutting_down, "the node is stopping"));
  }
}

hot_info layer_state::info_of(const claim& c) const {
  return {c.kept, c.size, std::string{parts->there->kind()}, c.since};
}

loop::milliseconds layer_state::time_of(std::uint64_t seconds) const {
  auto most = static_cast<std::uint64_t>(options.longest.count()) / 1000;
  return seconds == 0 || seconds > most ? options.longest : loop::milliseconds{seconds * 1000};
}

// --- Add and Pin

caf::typed_response_promise<hot_info> layer_state::keep(const instance_id& who, const cid& id, std::uint64_t timeout,
                                                        bool add) {
  auto deadline = parts->later->now() + time_of(timeout);
  return enter<hot_info>(id, add || parts->there->copies() ? effort::heavy : effort::patient,
                         [this, who, deadline, add](const ticket_ptr<hot_info>& t) {
                           auto k = std::make_shared<keeping>();
                           k->to = t;
                           k->who = who;
                           k->add = add;
                           k->deadline = deadline;
                           look(k);
                         });
}

void layer_state::look(const keeping_ptr& k) {
  parts->there->pinned(k->to->id, guarded([this, k](const result<bool>& got) {
                         if (got)
                           decide(k, *got);
                         else
                           failed(k, got.error(), &layer_state::look);
                       }));
}

void layer_state::decide(const keeping_ptr& k, bool pinned) {
  auto own = parts->claims.find(k->to->id, k->who);
  auto any = parts->claims.any(k->to->id);
  if (!own || !any)
    return end<hot_info>(k->to, own ? any.error() : own.error());
  bool another_keeps = pinned && !*own && *any && (*any)->kept;
  k->fresh = !*own;
  k->claim.since = *own ? (*own)->since : options.wall();
  k->claim.found = *any ? (*any)->found : pinned;
  if (another_keeps) {
    k->claim.kept = true;
    k->claim.size = (*any)->size;
  }
  if (auto put = parts->claims.put(k->to->id, k->who, k->claim); !put)
    return end<hot_info>(k->to, put.error());
  if (another_keeps)
    return end<hot_info>(k->to, info_of(k->claim));
  attempt(k); // also when it is pinned: blocks may be missing or damaged
}

void layer_state::attempt(const keeping_ptr& k) {
  auto left = k->deadline - parts->later->now();
  if (left.count() <= 0)
    return drop(k, fail(errc::timeout, "The hot layer did not have it in time."));
  if (k->add && !parts->node->retriever)
    return drop(k, fail(errc::unsupported, "This node has no blocks to give: its role is without the API."));
  if (k->add) {
    auto source = [this, k]() -> car_feed_ptr {
      k->feed = std::make_shared<dag_feed>(self, alive, parts->node->retriever, options.part_time);
      k->feed->open(k->to->id);
      return k->feed;
    };
    return parts->there->add(k->to->id, source, left, k->to->hold, guarded([this, k](const status& how) {
                               how ? kept(k, k->feed->block_bytes()) : failed(k, how.error(), &layer_state::attempt);
                             }));
  }
  parts->there->pin(k->to->id, left, k->to->hold, guarded([this, k](const result<std::uint64_t>& size) {
                      size ? kept(k, *size) : failed(k, size.error(), &layer_state::attempt);
                    }));
}

void layer_state::kept(const keeping_ptr& k, std::uint64_t size) {
  k->feed.reset();
  k->claim.kept = true;
  k->claim.size = size;
  auto put = parts->claims.put(k->to->id, k->who, k->claim);
  end<hot_info>(k->to, put ? result<hot_info>{info_of(k->claim)} : result<hot_info>{put.error()});
}

void layer_state::failed(const keeping_ptr& k, const error& why, void (layer_state::*again)(const keeping_ptr&)) {
  k->feed.reset();
  k->to->hold->what.reset();
  auto pause = options.again.pause(++k->failures);
  bool in_time = parts->later->now() + pause < k->deadline;
  if (passing(why.code) && k->failures < options.again.attempts && in_time)
    return parts->later->after(pause, guarded([this, k, again] { (this->*again)(k); }));
  if (why.code == errc::timeout && in_time) // not the time of the request: the layer's silence
    return drop(k, fail(errc::unreachable, "The hot layer does not answer: " + why.message, why.value));
  drop(k, why);
}

/// A request that came to nothing leaves nothing behind that nobody asked for.
void layer_state::drop(const keeping_ptr& k, const error& why) {
  if (!k->fresh)
    return end<hot_info>(k->to, why);
  auto gone = parts->claims.remove(k->to->id, k->who);
  auto left = parts->claims.count(k->to->id);
  if (!gone || !left || *left > 0 || k->claim.found)
    return end<hot_info>(k->to, why);
  parts->there->unpin(k->to->id, guarded([this, k, why](const status&) { end<hot_info>(k->to, why); }));
}

// --- Has

caf::typed_response_promise<hot_info> layer_state::check(const ffs::hot_check& what) {
  return enter<hot_info>(what.cid, effort::heavy, [this, who = what.instance](const ticket_ptr<hot_info>& t) {
    auto own = parts->claims.find(t->id, who);
    if (!own)
      return end<hot_info>(t, own.error());
    auto had = own->value_or(claim{});
    auto lost = had;
    lost.kept = false;
    if (!had.kept)
      return end<hot_info>(t, info_of(lost));
    auto read = [this, t, had, lost](const result<std::uint64_t>& got) {
      bool gone = !got && (got.error().code == errc::not_found || got.error().code == errc::corrupt);
      if (got || gone)
        return end<hot_info>(t, info_of(got ? had : lost));
      end<hot_info>(t, got.error());
    };
    parts->there->pinned(t->id, guarded([this, t, had, read](const result<bool>& pinned) {
                           if (!pinned || !*pinned)
                             return read(pinned ? fail(errc::not_found) : pinned.error());
                           auto inner = parts->there->open(t->id, true, options.longest);
                           if (!inner)
                             return read(had.size); // its own word has to do
                           read_through(std::make_shared<checked_reader>(std::move(inner), t->id), guarded(read));
                         }));
  });
}

// --- Remove

caf::typed_response_promise<nothing> layer_state::remove(const ffs::hot_remove& what) {
  return enter<nothing>(what.cid, effort::light, [this, who = what.instance](const ticket_ptr<nothing>& t) {
    auto own = parts->claims.find(t->id, who);
    auto all = parts->claims.count(t->id);
    if (!own || !all)
      return end<nothing>(t, own ? all.error() : own.error());
    if (!*own)
      return end<nothing>(t, nothing{});
    if (*all > 1 || (*own)->found) {
      auto gone = parts->claims.remove(t->id, who);
      return end<nothing>(t, gone ? result<nothing>{nothing{}} : result<nothing>{gone.error()});
    }
    unpin(t, who, 0);
  });
}

void layer_state::unpin(const ticket_ptr<nothing>& t, const instance_id& who, int failures) {
  parts->there->unpin(t->id, guarded([this, t, who, failures](const status& how) {
                        if (!how && passing(how.error().code) && failures + 1 < options.again.attempts)
                          return parts->later->after(
                              options.again.pause(failures + 1),
                              guarded([this, t, who, failures] { unpin(t, who, failures + 1); }));
                        auto gone = how ? parts->claims.remove(t->id, who) : how;
                        end<nothing>(t, gone ? result<nothing>{nothing{}} : result<nothing>{gone.error()});
                      }));
}

} // namespace weir::hot
