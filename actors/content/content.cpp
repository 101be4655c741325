#include "actors/content/content.hpp"

#include "actors/content/upload_actor.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"
#include "messages/types/ffs.hpp"

#include <spdlog/spdlog.h>

namespace weir {

namespace {

using changed_content = caf::typed_response_promise<content>;

struct content_actor_state {
  explicit content_actor_state(content_actor::pointer self) : self{self} {}

  void start() {
    if (auto dropped = ledger->drop_leftovers(*d.look()); !dropped)
      spdlog::error("leftovers of uploads could not be dropped: {}", to_string(dropped.error()));
  }

  result<upload_id> open(const open_upload& wanted) {
    if (uploads.size() >= options.uploads)
      return fail(errc::overloaded, "Too many uploads at once; try again.", {}, std::to_string(options.uploads));
    WEIR_CHECK(check_name(wanted.name, options.max_name));
    if (wanted.copies == 0 || wanted.copies > options.max_copies)
      return fail(errc::invalid_argument, "So many copies cannot be promised.", std::to_string(wanted.copies),
                  std::to_string(options.max_copies));
    WEIR_CHECK(check_bucket(wanted));
    content_id id{d.world.uuid()};
    WEIR_CHECK(ledger->start_upload(id));
    auto order = upload_order{id, wanted, options};
    if (!ffs::instance_of(wanted.owner).value.empty())
      order.what.use = content_use::stage; // a config says later what becomes of it
    auto worker = spawn_upload(self->system(), d, ledger, std::move(order));
    self->monitor(worker);
    uploads.emplace(id.value, worker);
    return upload_id{id.value};
  }

  status check_bucket(const open_upload& wanted) const {
    if (wanted.bucket_name.empty())
      return {};
    bool open = false;
    WEIR_CHECK(d.look()->each<bucket>([&](const stored<bucket>& b) {
      open = b.value.name == wanted.bucket_name && b.value.owner == wanted.owner && b.value.ready == bucket_ready::open;
      return !open;
    }));
    if (!open)
      return fail(errc::not_found, "There is no open bucket of this name; `weir bucket create` makes one.",
                  wanted.bucket_name);
    return {};
  }

  template <class T, class Message>
  caf::result<T> pass_on(const upload_id& id, const Message& m) {
    auto found = uploads.find(id.value);
    if (found == uploads.end())
      return to_caf(fail(errc::not_found, "There is no such upload.", id.value));
    return self->delegate(found->second, m);
  }
  template <class T, class Atom>
  caf::result<T> pass_on(const upload_id& id, Atom verb, const upload_id& same) {
    auto found = uploads.find(id.value);
    if (found == uploads.end())
      return to_caf(fail(errc::not_found, "There is no such upload.", id.value));
    return self->delegate(found->second, verb, same);
  }

  /// An upload actor that died without its commit leaves blocks that nobody needs.
  void ended(const caf::down_msg& down) {
    for (auto i = uploads.begin(); i != uploads.end(); ++i)
      if (i->second.address() == down.source) {
        content_id id{i->first};
        uploads.erase(i);
        auto record = d.look()->find<content>(id);
        if (down.reason && record && !*record && !ledger->release(id))
          spdlog::warn("upload {}: its blocks stay until the next start", id.value);
        return;
      }
  }

  template <class Build>
  changed_content commit(Build build) {
    auto promise = self->make_response_promise<content>();
    auto out = std::make_shared<content>();
    d.commits.commit(
        self, [build, out](const records::reader& newest) { return build(newest, *out); },
        [promise, out](const status& s) mutable { s ? promise.deliver(*out) : promise.deliver(to_caf(s.error())); },
        {.patient = false});
    return promise;
  }

  caf::result<content> restore(const restore_content& wanted) {
    if (!restorer)
      return to_caf(fail(errc::no_network, "Neither devnet nor chain is configured."));
    return self->delegate(restorer, wanted);
  }

  static constexpr const char* name = "content";
  content_actor::pointer self;
  domain d;
  std::shared_ptr<block_ledger> ledger;
  restorer_actor restorer;
  content_options options;
  std::map<std::string, upload_actor> uploads;
};

content_actor::behavior_type content_behavior(self_of<content_actor, content_actor_state> self, domain d,
                                              std::shared_ptr<block_ledger> ledger, restorer_actor restorer,
                                              content_options options) {
  prepare(self);
  auto& state = self->state;
  state.d = std::move(d);
  state.ledger = std::move(ledger);
  state.restorer = std::move(restorer);
  state.options = options;
  state.start();
  self->set_down_handler([self](const caf::down_msg& down) { self->state.ended(down); });
  // Uploads end with their parent.
  self->set_exit_handler([self](const caf::exit_msg& e) {
    for (auto& [id, worker] : self->state.uploads)
      self->send_exit(worker, e.reason);
    self->quit(e.reason);
  });
  return {
      [self](const open_upload& m) { return reply(self->state.open(m)); },
      [self](const open_file& m) { return self->state.pass_on<file_ticket>(m.upload, m); },
      [self](const write_file& m) { return self->state.pass_on<nothing>(m.upload, m); },
      [self](const close_file& m) { return self->state.pass_on<imported_file>(m.upload, m); },
      [self](const refer_file& m) { return self->state.pass_on<referred_file>(m.upload, m); },
      [self](const add_symlink& m) { return self->state.pass_on<nothing>(m.upload, m); },
      [self](const add_folder& m) { return self->state.pass_on<nothing>(m.upload, m); },
      [self](atom::commit verb, const upload_id& id) { return self->state.pass_on<content>(id, verb, id); },
      [self](atom::abort verb, const upload_id& id) { return self->state.pass_on<nothing>(id, verb, id); },
      [self](const change_content& m) {
        return self->state.commit(
            [m, limits = self->state.options](auto& s, auto& out) { return change(s, m, limits, out); });
      },
      [self](const offload_content& m) {
        return self->state.commit([m](auto& s, auto& out) { return offload(s, m, out); });
      },
      [self](const restore_content& m) { return self->state.restore(m); },
      [self](const remove_content& m) {
        auto now = self->state.d.clock->now();
        auto time = self->state.d.world.wall();
        return self->state.commit([m, now, time](auto& s, auto& out) { return remove(s, m, now, time, out); });
      },
  };
}

} // namespace

content_actor spawn_content(caf::actor_system& system, domain d, std::shared_ptr<block_ledger> ledger,
                            restorer_actor restorer, content_options options) {
  return system.spawn(content_behavior, std::move(d), std::move(ledger), std::move(restorer), options);
}

} // namespace weir
