#include "adapters/http/curl_pipe.hpp"

#include "adapters/http/curl_call.hpp"

#include <sys/socket.h>
#include <uv.h>

namespace weir::http {

namespace {

constexpr std::size_t read_size = 64 * 1024;
constexpr int reads_a_turn = 16;

} // namespace

curl_pipe::curl_pipe(std::shared_ptr<client::core> core) : core_{std::move(core)}, easy_{curl_easy_init()} {}

curl_pipe::~curl_pipe() {
  release();
}

void curl_pipe::connect(client& by, client_request what, std::shared_ptr<upgraded> protocol,
                        std::function<void(error)> failed) {
  auto core = by.shared_core();
  if (core->multi == nullptr)
    return failed(fail(errc::shutting_down, "The client was stopped."));
  auto pipe = std::make_shared<curl_pipe>(core);
  pipe->protocol_ = std::move(protocol);
  core->outside([pipe, what = std::move(what), failed = std::move(failed)] { pipe->start(what, failed); });
}

void curl_pipe::start(client_request what, std::function<void(error)> failed) {
  apply_common(easy_, what, core_->options, message_);
  curl_easy_setopt(easy_, CURLOPT_URL, what.url.c_str());
  curl_easy_setopt(easy_, CURLOPT_CONNECT_ONLY, 1L);
  auto told = [self = shared_from_this(), url = what.url, failed](CURLcode code) {
    auto how = curl_outcome(code, self->message_, url);
    if (how)
      return self->connected();
    self->protocol_.reset();
    self->close();
    failed(how.error());
  };
  core_->tunnels.emplace(easy_, std::move(told));
  core_->tunnel_ends.emplace(easy_, [self = shared_from_this(), failed] {
    bool open = self->socket_ != CURL_SOCKET_BAD;
    open ? self->broken() : self->close();
    if (!open)
      failed(fail(errc::cancelled, "The client was stopped."));
  });
  curl_multi_add_handle(core_->multi, easy_);
}

void curl_pipe::connected() {
  curl_easy_getinfo(easy_, CURLINFO_ACTIVESOCKET, &socket_);
  poll_ = new uv_poll_t;
  uv_poll_init_socket(core_->loop.raw(), poll_, socket_);
  poll_->data = this;
  auto self = shared_from_this();
  watch();
  protocol_->on_open(self);
}

/// Readable unless paused; writable while something waits to leave.
void curl_pipe::watch() {
  if (poll_ == nullptr)
    return;
  int events = (paused_ ? 0 : UV_READABLE) | (queue_.empty() ? 0 : UV_WRITABLE);
  if (events == 0) {
    uv_poll_stop(poll_);
    return;
  }
  uv_poll_start(poll_, events, [](uv_poll_t* poll, int status, int ready) {
    auto self = static_cast<curl_pipe*>(poll->data)->shared_from_this();
    self->ready(status < 0 || (ready & UV_READABLE) != 0, status < 0 || (ready & UV_WRITABLE) != 0);
  });
}

void curl_pipe::ready(bool readable, bool writable) {
  if (writable && !queue_.empty()) {
    flush();
    if (core_ && queue_.empty() && protocol_)
      std::shared_ptr {
        protocol_
        } -> on_drained();
  }
  if (readable && core_ && !paused_)
    read_some();
}

/// Until the socket and the TLS layer have nothing more: what TLS holds does
/// not make the socket readable.
void curl_pipe::read_some() {
  static thread_local std::unique_ptr<char[]> buffer{new char[read_size]};
  for (int turn = 0; turn < reads_a_turn; ++turn) {
    std::size_t got = 0;
    auto code = curl_easy_recv(easy_, buffer.get(), read_size, &got);
    if (code == CURLE_AGAIN)
      return;
    if (code != CURLE_OK || got == 0)
      return broken();
    auto protocol = protocol_;
    protocol->on_data(as_bytes({buffer.get(), got}));
    if (!core_ || paused_)
      return;
  }
  core_->loop.wake([self = shared_from_this()] {
    if (self->core_ && !self->paused_)
      self->read_some();
  });
}

void curl_pipe::write(owned_bytes data) {
  if (!core_ || data.view.empty())
    return;
  queued_ += data.view.size();
  queue_.push_back(std::move(data));
  if (queue_.size() == 1)
    flush();
}

void curl_pipe::flush() {
  while (!queue_.empty()) {
    auto& front = queue_.front();
    std::size_t sent = 0;
    auto code = curl_easy_send(easy_, front.view.data(), front.view.size(), &sent);
    if (code != CURLE_OK && code != CURLE_AGAIN) {
      // The reader hears of it too, and tells the protocol.
      queue_.clear();
      queued_ = 0;
      break;
    }
    if (sent == 0)
      break;
    queued_ -= sent;
    front.view = front.view.subspan(sent);
    if (front.view.empty())
      queue_.pop_front();
  }
  if (queue_.empty() && ending_)
    ::shutdown(socket_, SHUT_WR);
  watch();
}

void curl_pipe::pause_reading(bool on) {
  if (paused_ == on || !core_)
    return;
  paused_ = on;
  watch();
  if (!on)
    core_->loop.wake([self = shared_from_this()] {
      if (self->core_ && !self->paused_ && self->poll_ != nullptr)
        self->read_some();
    });
}

void curl_pipe::shutdown_write() {
  ending_ = true;
  if (queue_.empty() && socket_ != CURL_SOCKET_BAD)
    ::shutdown(socket_, SHUT_WR);
}

void curl_pipe::broken() {
  auto self = shared_from_this();
  auto protocol = std::exchange(protocol_, nullptr);
  close();
  if (protocol)
    protocol->on_closed();
}

void curl_pipe::close() {
  auto self = shared_from_this();
  release();
}

void curl_pipe::release() {
  auto core = std::exchange(core_, nullptr);
  if (!core)
    return;
  protocol_.reset();
  queue_.clear();
  queued_ = 0;
  if (auto* poll = std::exchange(poll_, nullptr)) {
    uv_poll_stop(poll);
    uv_close(reinterpret_cast<uv_handle_t*>(poll),
             [](uv_handle_t* handle) { delete reinterpret_cast<uv_poll_t*>(handle); });
  }
  auto waiting = core->tunnels.extract(easy_);
  auto end = core->tunnel_ends.extract(easy_);
  core->outside([core, easy = easy_] {
    if (core->multi != nullptr)
      curl_multi_remove_handle(core->multi, easy);
    curl_easy_cleanup(easy);
  });
}

} // namespace weir::http
