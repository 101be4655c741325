#include "actors/ffs/homecoming.hpp"

#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"

#include <caf/send.hpp>
#include <caf/typed_response_promise.hpp>

namespace weir::ffs {

namespace {

constexpr std::chrono::minutes longest_open{60}; ///< until the first bytes, where nobody said how long
constexpr std::chrono::seconds grace{10};        ///< the layer says itself that its time is over
constexpr std::chrono::minutes part_time{10};

struct homecoming_state {
  explicit homecoming_state(homecoming_actor::pointer self) : self{self} {}

  using promise = caf::typed_response_promise<content>;

  promise start() {
    answer = self->make_response_promise<content>();
    if (auto who = self->current_sender())
      self->monitor(caf::actor_cast<caf::actor>(who));
    auto time =
        what.timeout == 0 ? caf::duration{longest_open} : caf::duration{std::chrono::seconds{what.timeout} + grace};
    self->request(from, time, what)
        .then(
            [this](const hot_reading& r) {
              read = r.read;
              open();
            },
            refused());
    return answer;
  }

  void open() {
    open_upload wish;
    wish.owner = owner_of(of);
    wish.name = what.cid.text();
    wish.use = content_use::stage;
    self->request(contents, part_time, wish)
        .then(
            [this](const upload_id& id) {
              upload = id;
              self->request(contents, part_time, open_file{upload, {}, true})
                  .then(
                      [this](const file_ticket& t) {
                        file = t.file;
                        next();
                      },
                      refused());
            },
            refused());
  }

  void next() {
    self->request(from, part_time, hot_next{read}).then([this](const hot_part& part) { write(part); }, refused());
  }

  void write(const hot_part& part) {
    if (part.done)
      read = 0;
    if (part.car->empty())
      return part.done ? close() : next();
    self->request(contents, part_time, write_file{upload, file, part.car})
        .then([this, done = part.done](nothing) { done ? close() : next(); }, refused());
  }

  void close() {
    self->request(contents, part_time, close_file{upload, file, false})
        .then([this](const imported_file& got) { got.cid == what.cid ? commit() : fail(another_dag(got.cid)); },
              refused());
  }

  void commit() {
    self->request(contents, part_time, atom::commit_v, upload)
        .then(
            [this](const content& made) {
              answer.deliver(made);
              self->quit();
            },
            refused());
  }

  error another_dag(const cid& got) const {
    return weir::fail(errc::corrupt, "The hot layer gave another DAG than the one that it was asked for.", got.text(),
                      what.cid.text());
  }
  std::function<void(const caf::error&)> refused() {
    return [this](const caf::error& e) { fail(from_caf(e)); };
  }
  void fail(const error& why) {
    let_go();
    answer.deliver(to_caf(why));
    self->quit();
  }
  void let_go() {
    if (read != 0)
      caf::anon_send(from, hot_close{std::exchange(read, 0)});
    if (!upload.value.empty())
      caf::anon_send(contents, atom::abort_v, std::exchange(upload, {}));
  }

  static constexpr const char* name = "homecoming";
  homecoming_actor::pointer self;
  hot_layer_actor from;
  content_actor contents;
  instance_id of;
  hot_get what;
  promise answer;
  std::uint64_t read = 0;
  upload_id upload;
  std::uint32_t file = 0;
};

homecoming_actor::behavior_type homecoming(self_of<homecoming_actor, homecoming_state> self, hot_layer_actor from,
                                           content_actor contents, instance_id of, hot_get what) {
  prepare(self);
  auto& state = self->state;
  state.from = std::move(from);
  state.contents = std::move(contents);
  state.of = std::move(of);
  state.what = std::move(what);
  self->set_down_handler([self](const caf::down_msg&) { // who asked went away
    self->state.let_go();
    self->quit();
  });
  return {[self](atom::start) { return self->state.start(); }};
}

} // namespace

homecoming_actor spawn_homecoming(caf::actor_system& system, hot_layer_actor from, content_actor contents,
                                  instance_id of, hot_get what) {
  return system.spawn(homecoming, std::move(from), std::move(contents), std::move(of), std::move(what));
}

} // namespace weir::ffs
