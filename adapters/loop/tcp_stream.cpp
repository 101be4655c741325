#include "adapters/loop/tcp_stream.hpp"

#include "adapters/loop/uv_loop.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <optional>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

namespace weir::loop {

namespace {

constexpr std::uint64_t file_turn = 1 << 20;
constexpr std::size_t gather = 16;
constexpr std::size_t read_size = 64 * 1024;

/// One buffer a thread: data is handed on before the next read.
char* read_buffer() {
  static thread_local std::unique_ptr<char[]> buffer{new char[read_size]};
  return buffer.get();
}

error broken(const char* what, int code) {
  return fail(errc::unreachable, std::string{what} + ": " + uv_strerror(code));
}

} // namespace

owned_fd& owned_fd::operator=(owned_fd&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0)
      ::close(fd_);
    fd_ = other.release();
  }
  return *this;
}

owned_fd::~owned_fd() {
  if (fd_ >= 0)
    ::close(fd_);
}

struct tcp_stream::impl {
  struct item {
    std::shared_ptr<const void> keep;
    bytes_view view; ///< bytes, or
    owned_fd file;   ///< a file's range
    std::uint64_t offset = 0;
    std::uint64_t left = 0;
  };

  uv_tcp_t tcp;
  uv_connect_t connecting;
  stream_events* owner = nullptr; ///< null once closed
  int fd = -1;
  bool wants_read = false;
  bool ending = false; ///< shut down after the queue
  bool failed = false;
  std::deque<item> queue;
  std::uint64_t queued = 0;
  std::uint64_t written = 0;

  /// Waits for the socket to be writable, on a descriptor of its own: libuv
  /// does not let us watch its one.
  struct watcher {
    uv_poll_t poll;
    int fd;
  };
  watcher* writable = nullptr;
  bool watching = false;

  void opened() {
    uv_fileno(reinterpret_cast<uv_handle_t*>(&tcp), &fd);
    uv_tcp_nodelay(&tcp, 1);
    uv_tcp_keepalive(&tcp, 1, 60);
    if (wants_read)
      start_reading();
  }

  void start_reading() {
    uv_read_start(
        reinterpret_cast<uv_stream_t*>(&tcp),
        [](uv_handle_t*, std::size_t, uv_buf_t* buffer) { *buffer = uv_buf_init(read_buffer(), read_size); },
        [](uv_stream_t* stream, ssize_t count, const uv_buf_t* buffer) {
          static_cast<impl*>(stream->data)->was_read(count, buffer);
        });
  }

  void was_read(ssize_t count, const uv_buf_t* buffer) {
    if (owner == nullptr || count == 0)
      return;
    if (count == UV_EOF) {
      uv_read_stop(reinterpret_cast<uv_stream_t*>(&tcp));
      wants_read = false;
      owner->on_eof();
    } else if (count < 0) {
      fail_with(broken("The connection broke", static_cast<int>(count)));
    } else {
      owner->on_data({reinterpret_cast<const std::uint8_t*>(buffer->base), static_cast<std::size_t>(count)});
    }
  }

  void fail_with(const error& why) {
    if (failed || owner == nullptr)
      return;
    failed = true;
    queue.clear();
    queued = 0;
    watch(false);
    owner->on_broken(why);
  }

  void push(item what, std::uint64_t size) {
    if (owner == nullptr || failed || size == 0)
      return;
    queued += size;
    queue.push_back(std::move(what));
  }

  /// Writes as much as the socket takes now. From a caller of `write` the
  /// owner is not called back: it would be inside its own call.
  void flush(bool from_loop) {
    if (fd < 0 || watching)
      return;
    std::uint64_t turn = 0;
    while (!queue.empty()) {
      auto taken = queue.front().file.get() >= 0 ? send_file_part() : send_bytes();
      if (taken < 0) {
        if (errno == EAGAIN || errno == EWOULDBLOCK)
          break;
        return break_off(broken("The connection broke", uv_translate_sys_error(errno)), from_loop);
      }
      if (taken == 0)
        return break_off(fail(errc::changed, "A file became shorter while it was sent."), from_loop);
      advance(static_cast<std::uint64_t>(taken));
      turn += static_cast<std::uint64_t>(taken);
      if (turn >= file_turn && !queue.empty())
        break;
    }
    if (queue.empty())
      return;
    watch(true);
  }

  void break_off(const error& why, bool from_loop) {
    if (from_loop)
      return fail_with(why);
    // Told in the next turn, by way of the watcher, or by the reader.
    queue.clear();
    queued = 0;
    deferred = why;
    watch(true);
  }
  std::optional<error> deferred;

  ssize_t send_bytes() {
    std::array<iovec, gather> parts;
    std::size_t count = 0;
    bool more = false;
    for (const auto& next : queue) {
      if (next.file.get() >= 0 || count == gather) {
        more = true;
        break;
      }
      parts[count++] = {const_cast<std::uint8_t*>(next.view.data()), next.view.size()};
    }
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    return ::sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT | (more ? MSG_MORE : 0));
  }

  ssize_t send_file_part() {
    auto& front = queue.front();
    auto offset = static_cast<off_t>(front.offset);
    return ::sendfile(fd, front.file.get(), &offset, std::min(front.left, file_turn));
  }

  void advance(std::uint64_t taken) {
    written += taken;
    queued -= taken;
    while (taken > 0) {
      auto& front = queue.front();
      if (front.file.get() >= 0) {
        front.offset += taken;
        front.left -= taken;
        if (front.left == 0)
          queue.pop_front();
        return;
      }
      auto step = std::min<std::uint64_t>(taken, front.view.size());
      front.view = front.view.subspan(step);
      taken -= step;
      if (front.view.empty())
        queue.pop_front();
    }
  }

  void watch(bool on) {
    if (on == watching)
      return;
    if (writable == nullptr) {
      int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
      if (copy < 0)
        return fail_with(broken("The connection was dropped", uv_translate_sys_error(errno)));
      writable = new watcher{{}, copy};
      uv_poll_init(tcp.loop, &writable->poll, copy);
      writable->poll.data = this;
    }
    watching = on;
    if (!on) {
      uv_poll_stop(&writable->poll);
      return;
    }
    uv_poll_start(&writable->poll, UV_WRITABLE,
                  [](uv_poll_t* poll, int, int) { static_cast<impl*>(poll->data)->became_writable(); });
  }

  void became_writable() {
    if (owner == nullptr)
      return;
    watch(false);
    if (deferred)
      return fail_with(*deferred);
    flush(true);
    if (owner == nullptr || !queue.empty() || failed)
      return;
    if (ending)
      ::shutdown(fd, SHUT_WR);
    owner->on_drained();
  }

  void close(bool reset) {
    if (owner == nullptr)
      return;
    owner = nullptr;
    queue.clear();
    if (writable != nullptr) {
      writable->poll.data = writable;
      uv_close(reinterpret_cast<uv_handle_t*>(&writable->poll), [](uv_handle_t* handle) {
        auto* gone = static_cast<watcher*>(handle->data);
        ::close(gone->fd);
        delete gone;
      });
      writable = nullptr;
    }
    auto end = [](uv_handle_t* handle) { delete static_cast<impl*>(handle->data); };
    if (!reset || uv_tcp_close_reset(&tcp, end) != 0)
      uv_close(reinterpret_cast<uv_handle_t*>(&tcp), end);
  }
};

tcp_stream::tcp_stream(uv_loop& owner, stream_events& events) : impl_{new impl} {
  uv_tcp_init(owner.raw(), &impl_->tcp);
  impl_->tcp.data = impl_;
  impl_->owner = &events;
}

tcp_stream::~tcp_stream() {
  close();
}

status tcp_stream::accept(uv_stream_s* listener) {
  int code = uv_accept(listener, reinterpret_cast<uv_stream_t*>(&impl_->tcp));
  if (code != 0)
    return broken("A connection could not be accepted", code);
  impl_->opened();
  return {};
}

status tcp_stream::connect(const std::string& ip, std::uint16_t port) {
  sockaddr_storage address{};
  if (uv_ip4_addr(ip.c_str(), port, reinterpret_cast<sockaddr_in*>(&address)) != 0
      && uv_ip6_addr(ip.c_str(), port, reinterpret_cast<sockaddr_in6*>(&address)) != 0)
    return fail(errc::invalid_argument, "This is not an IP address.", ip);
  impl_->connecting.data = impl_;
  int code = uv_tcp_connect(&impl_->connecting, &impl_->tcp, reinterpret_cast<const sockaddr*>(&address),
                            [](uv_connect_t* request, int result) {
                              auto* self = static_cast<impl*>(request->data);
                              if (self->owner == nullptr)
                                return;
                              if (result != 0)
                                return self->fail_with(broken("No connection", result));
                              self->opened();
                              self->owner->on_connected();
                            });
  return code == 0 ? status{} : status{broken("No connection", code)};
}

void tcp_stream::read_start() {
  if (impl_ == nullptr || impl_->wants_read)
    return;
  impl_->wants_read = true;
  if (impl_->fd >= 0)
    impl_->start_reading();
}

void tcp_stream::read_stop() {
  if (impl_ == nullptr || !impl_->wants_read)
    return;
  impl_->wants_read = false;
  uv_read_stop(reinterpret_cast<uv_stream_t*>(&impl_->tcp));
}

bool tcp_stream::reading() const {
  return impl_ != nullptr && impl_->wants_read;
}

void tcp_stream::write(part first, part second, part third) {
  if (impl_ == nullptr)
    return;
  auto add = [&](part& what) {
    auto size = what.view.size();
    impl_->push({std::move(what.keep), what.view, owned_fd{}, 0, 0}, size);
  };
  add(first);
  add(second);
  add(third);
  impl_->flush(false);
}

void tcp_stream::write_copy(std::string text) {
  auto kept = std::make_shared<const std::string>(std::move(text));
  auto view = as_bytes(*kept);
  write({std::move(kept), view});
}

void tcp_stream::send_file(owned_fd file, std::uint64_t offset, std::uint64_t length) {
  if (impl_ == nullptr)
    return;
  impl_->push({nullptr, {}, std::move(file), offset, length}, length);
  impl_->flush(false);
}

std::uint64_t tcp_stream::queued() const {
  return impl_ == nullptr ? 0 : impl_->queued;
}

std::uint64_t tcp_stream::written() const {
  return impl_ == nullptr ? 0 : impl_->written;
}

void tcp_stream::shutdown_write() {
  if (impl_ == nullptr)
    return;
  impl_->ending = true;
  if (impl_->queue.empty() && impl_->fd >= 0)
    ::shutdown(impl_->fd, SHUT_WR);
}

void tcp_stream::close(bool reset) {
  if (impl_ == nullptr)
    return;
  std::exchange(impl_, nullptr)->close(reset);
}

bool tcp_stream::closed() const {
  return impl_ == nullptr;
}

std::string tcp_stream::peer() const {
  sockaddr_storage address{};
  int length = sizeof address;
  if (impl_ == nullptr || uv_tcp_getpeername(&impl_->tcp, reinterpret_cast<sockaddr*>(&address), &length) != 0)
    return {};
  char text[64] = {};
  if (address.ss_family == AF_INET6) {
    const auto& six = reinterpret_cast<const sockaddr_in6&>(address);
    uv_ip6_name(&six, text, sizeof text);
    return "[" + std::string{text} + "]:" + std::to_string(ntohs(six.sin6_port));
  }
  const auto& four = reinterpret_cast<const sockaddr_in&>(address);
  uv_ip4_name(&four, text, sizeof text);
  return std::string{text} + ":" + std::to_string(ntohs(four.sin_port));
}

} // namespace weir::loop
