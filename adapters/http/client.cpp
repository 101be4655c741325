#include "adapters/http/client.hpp"

#include "adapters/http/client_core.hpp"
#include "adapters/http/curl_call.hpp"

#include <uv.h>

namespace weir::http {

/// A socket of libcurl's, watched by the loop.
struct watched_socket {
  uv_poll_t poll;
  client::core* core;
  curl_socket_t fd;
};

class running_call final : public call, public std::enable_shared_from_this<running_call> {
public:
  running_call(std::weak_ptr<client::core> core, client_request what, call_events events, const client_options& options)
      : transfer{std::move(what), std::move(events), options}, core_{std::move(core)} {}

  void cancel() override {
    auto core = core_.lock();
    if (!core)
      return;
    core->outside(
        [self = shared_from_this(), core] { core->end(self, fail(errc::cancelled, "The call was cancelled.")); });
  }
  void pause() override { transfer.receive_paused = true; }
  void resume() override {
    if (std::exchange(transfer.receive_paused, false))
      unpause();
  }
  void resume_upload() override {
    if (std::exchange(transfer.upload_waits, false))
      unpause();
  }

  curl_call transfer;
  bool added = false;

private:
  /// In the next turn: unpausing hands over data at once, and who resumes does
  /// not expect to be called back from inside its own call.
  void unpause() {
    auto core = core_.lock();
    if (!core)
      return;
    core->loop.wake([self = shared_from_this(), core] {
      if (self->added && !self->transfer.receive_paused)
        core->enter([&] {
          curl_easy_pause(self->transfer.easy(), self->transfer.upload_waits ? CURLPAUSE_SEND : CURLPAUSE_CONT);
        });
    });
  }

  std::weak_ptr<client::core> core_;
};

namespace {

void release(watched_socket* what) {
  uv_poll_stop(&what->poll);
  uv_close(reinterpret_cast<uv_handle_t*>(&what->poll),
           [](uv_handle_t* handle) { delete static_cast<watched_socket*>(handle->data); });
}

} // namespace

void client::core::open() {
  multi = curl_multi_init();
  timer = std::make_unique<loop::timer>(loop);
  auto set = [this](CURLMoption option, auto value) { curl_multi_setopt(multi, option, value); };
  set(
      CURLMOPT_SOCKETFUNCTION, +[](CURL*, curl_socket_t socket, int what, void* self, void* known) {
        return static_cast<core*>(self)->watch(socket, what, static_cast<watched_socket*>(known));
      });
  set(CURLMOPT_SOCKETDATA, this);
  set(
      CURLMOPT_TIMERFUNCTION,
      +[](CURLM*, long after, void* self) { return static_cast<core*>(self)->set_timer(after); });
  set(CURLMOPT_TIMERDATA, this);
  set(CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(options.connections_per_host));
  set(CURLMOPT_MAX_TOTAL_CONNECTIONS, static_cast<long>(options.connections));
  set(CURLMOPT_MAXCONNECTS, static_cast<long>(options.connections));
  stop_registration = loop.at_stop([self = shared_from_this()] { self->close(); });
}

void client::core::close() {
  if (multi == nullptr)
    return;
  auto all = calls;
  for (const auto& each : all)
    end(each, fail(errc::cancelled, "The client was stopped."));
  while (!tunnel_ends.empty()) {
    auto last = std::move(tunnel_ends.begin()->second);
    tunnel_ends.erase(tunnel_ends.begin());
    last();
  }
  curl_multi_cleanup(std::exchange(multi, nullptr));
  timer.reset();
}

int client::core::watch(curl_socket_t socket, int what, watched_socket* known) {
  if (what == CURL_POLL_REMOVE) {
    if (known != nullptr) {
      curl_multi_assign(multi, socket, nullptr);
      release(known);
    }
    return 0;
  }
  if (known == nullptr) {
    known = new watched_socket{{}, this, socket};
    uv_poll_init_socket(loop.raw(), &known->poll, socket);
    known->poll.data = known;
    curl_multi_assign(multi, socket, known);
  }
  int events = (what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0);
  uv_poll_start(&known->poll, events, [](uv_poll_t* poll, int status, int ready) {
    auto* self = static_cast<watched_socket*>(poll->data);
    int flags = status < 0 ? CURL_CSELECT_ERR : 0;
    flags |= (ready & UV_READABLE ? CURL_CSELECT_IN : 0) | (ready & UV_WRITABLE ? CURL_CSELECT_OUT : 0);
    self->core->act(self->fd, flags);
  });
  return 0;
}

int client::core::set_timer(long after) {
  if (!timer)
    return 0;
  if (after < 0)
    timer->stop();
  else
    timer->start(loop::milliseconds{after}, [this] { act(CURL_SOCKET_TIMEOUT, 0); });
  return 0;
}

void client::core::act(curl_socket_t socket, int events) {
  enter([&] {
    int running = 0;
    curl_multi_socket_action(multi, socket, events, &running);
  });
}

void client::core::enter(const std::function<void()>& what) {
  if (multi == nullptr)
    return;
  auto self = shared_from_this();
  inside = true;
  what();
  inside = false;
  collect();
}

/// What has ended, and what was put off while libcurl was calling.
void client::core::collect() {
  while (multi != nullptr) {
    auto waiting = std::exchange(later, {});
    for (auto& task : waiting)
      task();
    int left = 0;
    auto* message = multi != nullptr ? curl_multi_info_read(multi, &left) : nullptr;
    if (message == nullptr && later.empty())
      return;
    if (message == nullptr || message->msg != CURLMSG_DONE)
      continue;
    completed(message->easy_handle, message->data.result);
  }
}

void client::core::completed(CURL* easy, CURLcode code) {
  if (auto tunnel = tunnels.extract(easy)) {
    tunnel.mapped()(code);
    return;
  }
  for (const auto& each : calls)
    if (each->transfer.easy() == easy) {
      auto ended = each;
      return end(ended, ended->transfer.outcome(code));
    }
}

void client::core::outside(std::function<void()> what) {
  if (inside)
    later.push_back(std::move(what));
  else
    what();
}

void client::core::add(const std::shared_ptr<running_call>& what) {
  calls.insert(what);
  outside([this, what] {
    if (multi == nullptr || what->transfer.finished())
      return;
    what->added = true;
    curl_multi_add_handle(multi, what->transfer.easy());
  });
}

void client::core::end(const std::shared_ptr<running_call>& what, const status& how) {
  auto keep = what;
  if (keep->transfer.finished())
    return;
  if (std::exchange(keep->added, false))
    curl_multi_remove_handle(multi, keep->transfer.easy());
  calls.erase(keep);
  keep->transfer.finish(how);
}

client::client(loop::uv_loop& owner, client_options options)
    : core_{std::make_shared<core>(owner, std::move(options))} {
  curl_ready();
  owner.run([this] { core_->open(); });
}

client::~client() {
  stop();
}

loop::uv_loop& client::loop() const {
  return core_->loop;
}

void client::stop() {
  core_->loop.run([this] {
    core_->loop.forget(core_->stop_registration);
    core_->close();
  });
}

call_ptr client::stream(client_request what, call_events events) {
  auto fresh = std::make_shared<running_call>(core_, std::move(what), std::move(events), core_->options);
  if (core_->multi == nullptr)
    fresh->transfer.finish(fail(errc::shutting_down, "The client was stopped."));
  else
    core_->add(fresh);
  return fresh;
}

call_ptr client::fetch(client_request what, std::function<void(result<client_response>)> done) {
  auto answer = std::make_shared<client_response>();
  return stream(std::move(what),
                {.head =
                     [answer](const client_head& head) {
                       answer->status = head.status;
                       answer->fields = head.fields;
                     },
                 .data = [answer](bytes_view data) { answer->body.append(as_text(data)); },
                 .done = [answer, done = std::move(done)](
                             const status& how) { how ? done(std::move(*answer)) : done(how.error()); }});
}

} // namespace weir::http
