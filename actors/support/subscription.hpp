#pragma once
// How an actor follows the records: at its start it looks at a snapshot, and
// from that revision on it hears every event of the kinds that it named, in
// order, without gap or duplicate. Credit is one batch: the next one comes
// when the handler has returned.
#include "actors/support/domain.hpp"

#include <caf/actor_cast.hpp>
#include <spdlog/spdlog.h>

namespace weir {

/// The interface that an actor's own is extended by.
using follows_log = caf::reacts_to<log_batch>;

/// Begins behind `seen` (the snapshot's revision). Tried again until it is granted.
template <class Self>
void follow_log(Self* self, const domain& d, revision seen, std::vector<event_kind> kinds) {
  auto request = open_log_watch{seen, {kinds, {}, {}}};
  auto listener = caf::actor_cast<log_listener>(self);
  self->request(d.hub, std::chrono::seconds{30}, atom::watch_v, std::move(request), std::move(listener))
      .then([](nothing) {},
            [self, d, seen, kinds = std::move(kinds)](const caf::error& e) {
              auto why = from_caf(e);
              spdlog::warn("{}: the log watch was refused, tried again: {}", self->name(), to_string(why));
              if (why.code == errc::shutting_down)
                return;
              run_after(self, d.commits.timer, std::chrono::seconds{1},
                        [self, d, seen, kinds] { follow_log(self, d, seen, kinds); });
            });
}

/// The handler of batches: every event of the kinds goes to `hear`, then credit is given
/// back. A watch that ended by itself (a damaged journal) ends the actor: it
/// is started anew from a snapshot.
template <class Self, class Hear>
auto log_handler(Self* self, const domain& d, std::vector<event_kind> kinds, Hear hear) {
  return [self, hub = d.hub, filter = log_filter{std::move(kinds), {}, {}}, hear](const log_batch& batch) {
    for (auto& entry : batch.entries)
      for (auto& e : entry->events)
        if (wants(filter, e))
          hear(e);
    if (batch.ended.code != errc::none)
      self->quit(to_caf(batch.ended));
    else
      self->send(hub, atom::ack_v, caf::actor_cast<log_listener>(self));
  };
}

/// A fact of an event by its name; empty when it has none.
inline std::string_view fact_of(const event& e, std::string_view name) {
  for (auto& [key, value] : e.fields)
    if (key == name)
      return value;
  return {};
}

/// The CID that a fact or a subject says; empty when it is none.
inline cid cid_of(std::string_view text) {
  auto parsed = cid::parse(text);
  return parsed ? *parsed : cid{};
}

} // namespace weir
