#include "actors/content/upload_actor.hpp"

#include "actors/content/content.hpp"
#include "actors/deals/rollup_rules.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"
#include "storage/support/crash_point.hpp"

#include <spdlog/spdlog.h>

namespace weir {

namespace {

struct upload_state {
  explicit upload_state(upload_actor::pointer self) : self{self} {}

  result<imported_file> close(const close_file& f) {
    if (!f.abandon)
      return session->close(f.file);
    WEIR_CHECK(session->abandon(f.file));
    return imported_file{};
  }

  result<referred_file> refer(const refer_file& f) {
    return f.more == 0 ? session->refer(f.path, f.file) : session->refer_more(f.more);
  }

  content make_record(const uploaded& dag) const {
    content c;
    c.id = order.id;
    c.owner = order.what.owner;
    c.name = order.what.name;
    c.cid = dag.cid;
    c.size = dag.size;
    c.dag_size = dag.dag_size;
    c.blocks = dag.blocks;
    c.files = dag.files;
    c.copies = order.what.copies;
    c.bucket_name = order.what.bucket_name;
    c.may_be_dropped = order.what.may_be_dropped;
    c.use = order.what.use;
    c.created_at = d.clock->now();
    c.created = d.world.wall();
    reach(c, content_state::stored, c.created_at, c.created);
    return c;
  }

  caf::typed_response_promise<content> commit() {
    auto promise = self->make_response_promise<content>();
    auto dag = session->finish();
    if (!dag) {
      fail_commit(promise, dag.error());
      return promise;
    }
    crash_point("content.before_commit");
    auto record = make_record(*dag);
    auto build = [record](const records::reader& newest) { return create(newest, record); };
    commit_options options;
    options.patient = false; // the sender is told at once, and may send again
    d.commits.commit(
        self, build,
        [this, promise, record](const status& s) mutable {
          if (!s) {
            fail_commit(promise, s.error());
            return;
          }
          crash_point("content.after_commit");
          if (auto finished = ledger->finish_upload(order.id); !finished)
            spdlog::warn("upload {}: {}", order.id.value, to_string(finished.error()));
          promise.deliver(record);
          self->quit();
        },
        options);
    return promise;
  }

  void fail_commit(caf::typed_response_promise<content>& promise, const error& e) {
    promise.deliver(to_caf(e));
    if (e.code == errc::precondition)
      return; // a file is still open: the sender can close it
    if (auto dropped = drop(); !dropped)
      spdlog::warn("upload {}: its blocks stay until the next start: {}", order.id.value, to_string(dropped.error()));
  }

  status drop() {
    auto s = session->drop();
    self->quit();
    return s;
  }

  static constexpr const char* name = "upload";
  upload_actor::pointer self;
  domain d;
  std::shared_ptr<block_ledger> ledger;
  upload_order order;
  std::unique_ptr<upload_session> session;
};

upload_actor::behavior_type upload(self_of<upload_actor, upload_state> self, domain d,
                                   std::shared_ptr<block_ledger> ledger, upload_order order) {
  prepare(self);
  auto& state = self->state;
  state.d = std::move(d);
  state.ledger = std::move(ledger);
  state.order = std::move(order);
  upload_limits limits{state.order.limits.open_files, state.order.limits.max_size, state.order.limits.max_name,
                       state.order.limits.pack_after, state.order.limits.referred_at_once};
  state.session = std::make_unique<upload_session>(*state.ledger, state.order.id, limits);
  return {
      [self](const open_file& f) { return reply(self->state.session->open(f.path, f.car)); },
      [self](const write_file& w) -> caf::result<nothing> {
        return reply(self->state.session->write(w.file, w.data ? bytes_view{*w.data} : bytes_view{}));
      },
      [self](const close_file& f) { return reply(self->state.close(f)); },
      [self](const refer_file& f) { return reply(self->state.refer(f)); },
      [self](const add_symlink& s) { return reply(self->state.session->add_symlink(s.path, s.target)); },
      [self](const add_folder& f) { return reply(self->state.session->add_folder(f.path)); },
      [self](atom::commit, const upload_id&) { return self->state.commit(); },
      [self](atom::abort, const upload_id&) { return reply(self->state.drop()); },
  };
}

} // namespace

upload_actor spawn_upload(caf::actor_system& system, const domain& d, std::shared_ptr<block_ledger> ledger,
                          upload_order order) {
  if (d.detach)
    return system.spawn<caf::detached>(upload, d, std::move(ledger), std::move(order));
  return system.spawn(upload, d, std::move(ledger), std::move(order));
}

} // namespace weir
