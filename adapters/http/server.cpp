#include "adapters/http/server.hpp"

#include "adapters/http/connection.hpp"
#include "adapters/http/server_core.hpp"

#include <algorithm>
#include <spdlog/spdlog.h>
#include <uv.h>

namespace weir::http {

namespace {

constexpr std::size_t refusals = 64; ///< connections over the limit that still hear why

void close_and_delete(uv_stream_s* stream) {
  uv_close(reinterpret_cast<uv_handle_t*>(stream),
           [](uv_handle_t* handle) { delete reinterpret_cast<uv_tcp_t*>(handle); });
}

error cannot_listen(int code, const std::string& where) {
  if (code == UV_EADDRINUSE)
    return fail(errc::already_exists, "Another program already listens on this address; choose another port.", where);
  return fail(errc::io, std::string{"Cannot listen here: "} + uv_strerror(code) + ".", where);
}

result<sockaddr_storage> address_of(const server_options& options) {
  sockaddr_storage out{};
  auto host = options.host == "localhost" ? std::string{"127.0.0.1"} : options.host;
  if (uv_ip4_addr(host.c_str(), options.port, reinterpret_cast<sockaddr_in*>(&out)) != 0
      && uv_ip6_addr(host.c_str(), options.port, reinterpret_cast<sockaddr_in6*>(&out)) != 0)
    return fail(errc::invalid_argument, "A listener needs an IP address or \"localhost\".", options.host);
  return out;
}

} // namespace

std::string bound_address::text() const {
  auto name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return name + ":" + std::to_string(port);
}

result<bound_address> server::core::open() {
  WEIR_TRY(auto address, address_of(options));
  bound_address bound{options.host == "localhost" ? "127.0.0.1" : options.host, options.port};
  auto* handle = new uv_tcp_t;
  uv_tcp_init(loop.raw(), handle);
  handle->data = this;
  auto* stream = reinterpret_cast<uv_stream_t*>(handle);
  int code = uv_tcp_bind(handle, reinterpret_cast<const sockaddr*>(&address), 0);
  if (code == 0)
    code = uv_listen(stream, 511, [](uv_stream_t* self, int status) {
      if (status == 0)
        static_cast<core*>(self->data)->accepted();
    });
  if (code != 0) {
    close_and_delete(stream);
    return cannot_listen(code, bound.text());
  }
  listener = stream;
  int size = sizeof address;
  uv_tcp_getsockname(handle, reinterpret_cast<sockaddr*>(&address), &size);
  bound.port = ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port); // at the same place in IPv6
  stop_registration = loop.at_stop([self = shared_from_this()] { self->close_all(); });
  return bound;
}

void server::core::accepted() {
  auto fresh = std::make_shared<connection>(*this);
  auto how = fresh->accept(listener);
  if (!how) {
    spdlog::debug("{}: {}", options.name, to_string(how.error()));
    return;
  }
  bool full = connections.size() >= options.max_connections;
  if (connections.size() >= options.max_connections + refusals)
    return;
  connections.insert(fresh);
  start_sweep();
  if (full)
    fresh->refuse(503, fail(errc::overloaded, "Too many connections; try again later.", {},
                            std::to_string(options.max_connections)));
}

/// One timer looks at all deadlines: a timer per connection would cost two
/// heap operations a request. It runs only while there are connections.
void server::core::start_sweep() {
  if (!sweep)
    sweep = std::make_unique<loop::timer>(loop);
  if (sweep->active() && !draining)
    return;
  auto shortest = std::min({options.head_timeout, options.idle_timeout, options.body_timeout, options.write_timeout});
  auto interval = std::clamp(shortest / 8, loop::milliseconds{2}, loop::milliseconds{draining ? 50 : 1000});
  sweep->start(
      interval,
      [this] {
        auto all = connections; // a check may remove its connection
        for (const auto& each : all)
          each->check_deadlines(loop.now());
        if (sweep && connections.empty()) // the last one may have ended a drain, and with it the timer
          sweep->stop();
      },
      interval);
}

void server::core::remove(const std::shared_ptr<connection>& gone) {
  connections.erase(gone);
  if (draining && connections.empty())
    if (auto call = std::exchange(drained, nullptr))
      call();
}

void server::core::close_listener() {
  if (listener != nullptr)
    close_and_delete(std::exchange(listener, nullptr));
}

void server::core::drain(std::function<void()> done) {
  close_listener();
  draining = true;
  drained = std::move(done);
  if (!connections.empty())
    start_sweep(); // a finer one
  auto all = connections;
  for (const auto& each : all)
    each->drain();
  if (connections.empty())
    if (auto call = std::exchange(drained, nullptr))
      call();
}

void server::core::close_all() {
  close_listener();
  draining = true;
  auto all = connections;
  for (const auto& each : all)
    each->abort(fail(errc::shutting_down));
  sweep.reset();
}

const std::string& server::core::date_line() {
  if (options.date && loop.now() - date_at >= loop::milliseconds{1000}) {
    date_at = loop.now();
    date_text = "Date: " + options.date() + "\r\n";
  }
  return date_text;
}

server::server(loop::uv_loop& owner, server_options options, handler on_request)
    : core_{std::make_shared<core>(owner, std::move(options), std::move(on_request))} {}

server::~server() {
  stop();
}

result<bound_address> server::listen() {
  result<bound_address> out = fail(errc::shutting_down);
  core_->loop.run([&] { out = core_->open(); });
  return out;
}

void server::stop() {
  std::promise<void> drained;
  std::unique_ptr<loop::timer> limit;
  bool asked = core_->loop.run([&] {
    if (core_->draining)
      return drained.set_value();
    core_->loop.forget(core_->stop_registration);
    limit = std::make_unique<loop::timer>(core_->loop);
    limit->start(core_->options.drain_timeout, [this] { core_->close_all(); });
    core_->drain([&] {
      limit.reset();
      core_->sweep.reset();
      drained.set_value();
    });
  });
  if (!asked)
    return;
  drained.get_future().wait();
  // The turn that ended the last connection may still be running.
  core_->loop.run([] {});
}

server_figures server::figures() {
  server_figures out;
  core_->loop.run([&] {
    out.connections = core_->connections.size();
    out.requests = core_->requests;
    out.refused = core_->refused;
    for (const auto& each : core_->connections)
      out.bytes_queued += each->queued();
  });
  return out;
}

} // namespace weir::http
