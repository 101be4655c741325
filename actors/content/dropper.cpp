#include "actors/content/dropper.hpp"

#include "actors/pieces/block_index.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"
#include "storage/support/crash_point.hpp"

namespace weir {

using records::fact;

result<bool> may_drop_file(const records::reader& state, const cid& piece_id) {
  WEIR_TRY(auto contents, state.keys<records::piece_contents>(piece_id));
  for (auto& key : contents) {
    WEIR_TRY(auto c, state.find<content>(std::get<1>(key)));
    if (c && c->value.local && c->value.state != content_state::removed)
      return false;
  }
  WEIR_TRY(auto deals, state.keys<records::piece_deals>(piece_id));
  for (auto& key : deals) {
    WEIR_TRY(auto d, state.get<deal>(std::get<1>(key)));
    if (is_good(d.value.state) && d.value.state < deal_state::activated)
      return false;
  }
  return true;
}

namespace {

struct dropper_state {
  explicit dropper_state(dropper_actor::pointer self) : self{self} {}

  static std::vector<event_kind> kinds() {
    using enum event_kind;
    return {content_offloaded, content_removed, content_failed, piece_retired, deal_activated, deal_active,
            deal_failed,       deal_rejected,   deal_slashed,   deal_expired,  piece_built,    piece_restored};
  }

  void start() {
    auto state = d.look();
    auto seen = state->each<content>([&](const stored<content>& c) {
      if (!c.value.local)
        self->send(dropper_actor{self}, atom::wake_v, c.value.id);
    });
    if (seen)
      seen = state->each<piece>(
          [&](const stored<piece>& p) { self->send(dropper_actor{self}, atom::wake_v, p.value.cid); });
    if (!seen)
      spdlog::error("dropper: records cannot be read: {}", to_string(seen.error()));
    for (auto& id : shelf->files()) // that no record speaks of
      if (auto p = state->find<piece>(id); p && !*p)
        self->send(dropper_actor{self}, atom::wake_v, id);
    shelf->remove_unfinished(*state);
    self->send(dropper_actor{self}, atom::flush_v); // behind all these
    follow_log(self, d, state->at(), kinds());
  }

  void hear(const event& e) {
    using enum event_kind;
    if (e.kind == content_offloaded || e.kind == content_removed || e.kind == content_failed)
      drop_content(content_id{e.subject});
    else if (e.kind == piece_built || e.kind == piece_restored)
      shelve_piece(cid_of(e.subject));
    else
      drop_piece(cid_of(e.kind == piece_retired ? std::string_view{e.subject} : fact_of(e, "piece")));
  }

  void drop_content(const content_id& id) {
    auto state = d.look();
    auto c = state->find<content>(id);
    if (!c || !*c || (*c)->value.local)
      return;
    bool removed = (*c)->value.state == content_state::removed;
    if (removed)
      crash_point("remove.before_drop");
    else
      crash_point("offload.before_drop");
    if (auto released = shelf->ledger().release(id); !released)
      spdlog::error("content {}: its blocks could not be dropped: {}", id.value, to_string(released.error()));
    crash_point("offload.after_drop");
    auto seen = state->each<placement>([&](const stored<placement>& p) { drop_piece(p.value.piece); },
                                       {records::encode_prefix(id), {}});
    if (!seen)
      spdlog::error("dropper: the placements of {} cannot be read: {}", id.value, to_string(seen.error()));
  }

  /// The record is there: the blocks are served out of the piece from now on.
  void shelve_piece(const cid& id) {
    auto state = d.look();
    auto p = state->find<piece>(id);
    if (!p || !*p || !(*p)->value.local || !shelf->has_file(id))
      return;
    auto done = shelf->put_up(id);
    crash_point("piece.shelved");
    auto contents = state->keys<records::piece_contents>(id);
    for (std::size_t i = 0; done && contents && i < contents->size(); ++i)
      done = shelf->release_packed(*state, std::get<1>((*contents)[i]));
    if (!done)
      spdlog::error("piece {}: its blocks stay loose: {}", id.text(), to_string(done.error()));
  }

  /// What large uploads were packed in goes when it is in pieces, or removed.
  void compact() {
    auto go_on = [this]() -> status {
      return d.stopping->load() ? status{fail(errc::cancelled, "The node is stopping.")} : status{};
    };
    if (auto done = shelf->ledger().compact(go_on); !done && done.error().code != errc::cancelled)
      spdlog::error("packs could not be made smaller: {}", to_string(done.error()));
  }

  /// The record first: a file without a claim is deleted at the next start, a
  /// claim without a file would be a lie.
  void drop_piece(const cid& id) {
    if (id.empty())
      return;
    auto build = [id](const records::reader& newest) -> result<transaction_builder> {
      transaction_builder t;
      WEIR_TRY(auto p, newest.find<piece>(id));
      if (!p || !p->value.local)
        return t;
      WEIR_TRY(bool may, may_drop_file(newest, id));
      if (!may)
        return t;
      auto after = p->value;
      after.local = false;
      t.update(*p, after);
      t.say(event_kind::piece_offloaded, id.text(), {}, {fact("paddedSize", after.padded_size)});
      return t;
    };
    d.commits.commit(self, build, [this, id](const status&) { delete_file(id); });
  }

  /// A piece that is here for nobody, or that no record speaks of: what was
  /// built of contents that were removed meanwhile, and what a bucket would
  /// have become that was packed otherwise after a crash. The builder has a
  /// claim on what it has built until its record is there.
  void delete_file(const cid& id) {
    bool retired = false;
    auto may = [&] {
      auto p = d.look()->find<piece>(id);
      retired = p && (!*p || (*p)->value.state == piece_state::retired);
      return p && (!*p || !(*p)->value.local);
    };
    auto forget = [&] { return retired ? block_index{d.commits.records}.remove(id) : status{}; };
    auto deleted = shelf->take_down(id, may, forget);
    if (!deleted)
      spdlog::error("piece {}: its file or its index stays: {}", id.text(), to_string(deleted.error()));
    else if (*deleted)
      spdlog::info("piece {}: its file was dropped", id.text());
  }

  static constexpr const char* name = "dropper";
  dropper_actor::pointer self;
  domain d;
  std::shared_ptr<piece_shelf> shelf;
};

dropper_actor::behavior_type dropper(self_of<dropper_actor, dropper_state> self, domain d,
                                     std::shared_ptr<piece_shelf> shelf) {
  prepare(self);
  auto& state = self->state;
  state.d = std::move(d);
  state.shelf = std::move(shelf);
  state.start();
  return {
      log_handler(self, state.d, dropper_state::kinds(), [self](const event& e) { self->state.hear(e); }),
      [self](atom::wake, const content_id& id) { self->state.drop_content(id); },
      [self](atom::flush) { self->state.compact(); },
      [self](atom::wake, const cid& id) {
        self->state.shelve_piece(id);
        self->state.drop_piece(id);
      },
  };
}

} // namespace

dropper_actor spawn_dropper(caf::actor_system& system, domain d, std::shared_ptr<piece_shelf> shelf) {
  if (d.detach)
    return system.spawn<caf::detached>(dropper, std::move(d), std::move(shelf));
  return system.spawn(dropper, std::move(d), std::move(shelf));
}

} // namespace weir
