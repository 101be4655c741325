// The writing half of a connection: answers, deadlines and the end.
#include "adapters/http/connection.hpp"
#include "adapters/http/server_core.hpp"

#include <spdlog/spdlog.h>

namespace weir::http {

namespace {

constexpr std::uint64_t light_body = 256 * 1024; ///< read and thrown away to keep a connection
constexpr std::size_t copied_chunk = 4096;       ///< smaller ones leave as one buffer with their frame
constexpr loop::milliseconds linger_time{2'000};
constexpr loop::milliseconds linger_when_stopping{200};

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  // A line break from a value must never become a field of its own.
  for (char c : value)
    out += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
  out += "\r\n";
}

bool framing_field(std::string_view name) {
  return same_name(name, "Content-Length") || same_name(name, "Transfer-Encoding") || same_name(name, "Connection")
         || same_name(name, "Date");
}

std::string chunk_size(std::size_t size) {
  char digits[20];
  auto count = std::snprintf(digits, sizeof digits, "%zx\r\n", size);
  return {digits, static_cast<std::size_t>(count)};
}

} // namespace

bool connection::bodiless(int status) const {
  return is_head_ || status == 204 || status == 304 || status < 200;
}

std::string connection::head_text(const head& what, coding body, bool close) const {
  std::string out;
  out.reserve(256);
  out += "HTTP/1.1 " + std::to_string(what.status) + " ";
  out += reason_of(what.status);
  out += "\r\n";
  for (const auto& field : what.fields)
    if (!framing_field(field.name))
      append_field(out, field.name, field.value);
  out += core_.date_line();
  if (body == coding::chunked)
    out += "Transfer-Encoding: chunked\r\n";
  else if (what.length && what.status != 204 && what.status >= 200)
    out += "Content-Length: " + std::to_string(*what.length) + "\r\n";
  if (what.status == 101)
    out += "Connection: Upgrade\r\n";
  else if (close)
    out += "Connection: close\r\n";
  else if (http_1_0_)
    out += "Connection: keep-alive\r\n";
  out += "\r\n";
  return out;
}

/// The client is still sending what nobody wants, and it is not known to be
/// little: cheaper to close than to read it.
bool connection::unread_body_is_heavy() const {
  if (stage_ != stage::body || reading_body_)
    return false;
  return expects_continue_ || !body_length_ || *body_length_ > light_body;
}

void connection::send_head(const head& what, coding body, owned_bytes first) {
  if (unread_body_is_heavy() || body == coding::until_close || core_.draining)
    keep_alive_ = false;
  if (bodiless(what.status))
    first = {};
  owned_bytes text{head_text(what, body, !keep_alive_)};
  exchange_->begun_ = true;
  coding_ = body;
  left_ = what.length.value_or(0);
  stream_.write({std::move(text.owner), text.view}, {std::move(first.owner), first.view});
}

void connection::respond(response answer) {
  head what{answer.status, std::move(answer.fields), answer.body.view.size()};
  // 304 has the length of what was not sent, or none: never a wrong zero.
  if (what.status == 304)
    what.length.reset();
  send_head(what, coding::length, std::move(answer.body));
  finish();
}

void connection::begin(head what) {
  auto body = what.length ? coding::length : http_1_0_ ? coding::until_close : coding::chunked;
  if (!what.length && bodiless(what.status) && !is_head_)
    body = coding::none;
  send_head(what, body);
  if (bodiless(what.status))
    coding_ = coding::none; // what is written from now on is for nobody
}

bool connection::write_body(owned_bytes data) {
  auto size = data.view.size();
  auto watermark = core_.options.write_watermark;
  if (coding_ == coding::none || size == 0)
    return true;
  bool past_end = coding_ == coding::length && size > left_;
  if (stream_.queued() > 8 * watermark || past_end) {
    spdlog::warn("{}: an answer to {} is written {}", core_.options.name, peer_,
                 past_end ? "past its length" : "without regard to the queue");
    abort(fail(errc::overloaded));
    return false;
  }
  static constexpr std::string_view line_end = "\r\n";
  if (coding_ != coding::chunked) {
    left_ -= coding_ == coding::length ? size : 0;
    stream_.write({std::move(data.owner), data.view});
  } else if (size < copied_chunk) {
    stream_.write_copy(chunk_size(size).append(as_text(data.view)).append(line_end));
  } else {
    owned_bytes frame{chunk_size(size)};
    stream_.write({std::move(frame.owner), frame.view}, {std::move(data.owner), data.view},
                  {nullptr, as_bytes(line_end)});
  }
  return stream_.queued() <= watermark;
}

void connection::end() {
  if (coding_ == coding::length && left_ > 0)
    return abort(fail(errc::internal, "The answer is shorter than it said."));
  if (coding_ == coding::chunked) {
    static constexpr std::string_view last_chunk = "0\r\n\r\n";
    stream_.write({nullptr, as_bytes(last_chunk)});
  }
  finish();
}

void connection::send_file(head what, loop::owned_fd file, std::uint64_t offset, std::uint64_t length) {
  what.length = length;
  send_head(what, coding::length);
  if (!bodiless(what.status))
    stream_.send_file(std::move(file), offset, length);
  finish();
}

void connection::upgrade(headers fields, std::shared_ptr<upgraded> protocol) {
  auto self = shared_from_this();
  head what{101, std::move(fields), std::nullopt};
  stream_.write_copy(head_text(what, coding::none, false));
  detach();
  stage_ = stage::upgraded;
  deadline_ = loop::milliseconds{0};
  upgraded_ = std::move(protocol);
  upgraded_->on_open(std::shared_ptr<byte_pipe>{self, this});
  if (!feeding_ && !input_.empty() && stage_ == stage::upgraded) {
    auto waiting = std::exchange(input_, {});
    upgraded_->on_data(as_bytes(waiting));
  }
  if (stage_ == stage::upgraded)
    update_reading();
}

void connection::on_drain(std::function<void()> what) {
  if (stream_.queued() == 0) {
    what();
    return;
  }
  drained_ = std::move(what);
}

void connection::on_drained() {
  auto self = shared_from_this();
  if (stage_ == stage::upgraded)
    return upgraded_->on_drained();
  if (stage_ == stage::lingering)
    return eof_ ? close_now(false) : set_deadline(core_.draining ? linger_when_stopping : linger_time);
  if (auto call = std::exchange(drained_, nullptr))
    call();
  resume_input();
}

/// The exchange and everything that its handler left with us go.
void connection::detach() {
  if (exchange_ != nullptr) {
    exchange_->connection_ = nullptr;
    exchange_->attached_ = false;
  }
  exchange_ = nullptr;
  auto reader = std::exchange(reader_, {});
  auto drained = std::exchange(drained_, nullptr);
  auto closed = std::exchange(closed_, nullptr);
  reading_body_ = false;
}

void connection::finish() {
  auto self = shared_from_this();
  detach();
  if (!keep_alive_)
    return linger();
  if (stage_ == stage::body) {
    discarding_ = true;
    body_seen_ = 0;
    set_deadline(core_.options.body_timeout);
    return resume_input();
  }
  // Inside feed_body, the end of the body goes on from there.
  if (stage_ == stage::complete)
    next_request();
}

/// Says goodbye in order: what is queued leaves, our direction ends, and what
/// the client still sends is read away for a while. Closing with unread input
/// would make the kernel reset the connection and lose the answer.
void connection::linger() {
  if (stage_ == stage::closed)
    return;
  stage_ = stage::lingering;
  input_.clear();
  body_seen_ = 0;
  stream_.shutdown_write();
  if (eof_ && stream_.queued() == 0)
    return close_now(false);
  set_deadline(core_.draining ? linger_when_stopping : linger_time);
  update_reading();
}

void connection::refuse(int status, const error& why) {
  auto self = shared_from_this();
  ++core_.refused;
  if (exchange_ != nullptr && exchange_->begun_)
    return abort(why);
  auto closed = std::exchange(closed_, nullptr);
  auto reader = std::exchange(reader_, {});
  detach();
  auto answer = response::problem(why, status);
  head what{status, std::move(answer.fields), answer.body.view.size()};
  owned_bytes text{head_text(what, coding::length, true)};
  if (is_head_)
    answer.body = {};
  stream_.write({std::move(text.owner), text.view}, {std::move(answer.body.owner), answer.body.view});
  linger();
  if (reader.end)
    reader.end(why);
  if (closed)
    closed();
}

void connection::abort(const error& why) {
  if (stage_ == stage::closed)
    return;
  auto self = shared_from_this();
  auto closed = std::exchange(closed_, nullptr);
  auto reader = std::exchange(reader_, {});
  detach();
  close_now(true);
  if (reader.end)
    reader.end(why);
  if (closed)
    closed();
}

void connection::dropped(bool begun) {
  exchange_ = nullptr;
  auto self = shared_from_this();
  if (begun)
    return abort(fail(errc::internal));
  spdlog::error("{}: a handler gave no answer", core_.options.name);
  refuse(500, fail(errc::internal, "The request was not answered."));
}

void connection::close_now(bool reset) {
  if (stage_ == stage::closed)
    return;
  auto self = shared_from_this();
  stage_ = stage::closed;
  detach();
  stream_.close(reset);
  core_.remove(self);
}

void connection::set_deadline(loop::milliseconds after) {
  deadline_ = core_.loop.now() + after;
}

void connection::check_deadlines(loop::milliseconds now) {
  auto self = shared_from_this();
  if (stream_.queued() > 0) {
    if (stream_.written() != progress_ || progress_at_ == loop::milliseconds{0}) {
      progress_ = stream_.written();
      progress_at_ = now;
    } else if (now - progress_at_ > core_.options.write_timeout) {
      return stage_ == stage::upgraded ? on_broken(fail(errc::timeout, "The peer takes no data."))
                                       : abort(fail(errc::timeout, "The client takes no data."));
    }
    if (stage_ != stage::body)
      return; // idle and linger times begin when the answer is out
  } else {
    progress_at_ = loop::milliseconds{0};
  }
  if (deadline_ == loop::milliseconds{0} || now < deadline_)
    return;
  switch (stage_) {
  case stage::head:
    return refuse(408, fail(errc::timeout, "The request's header did not come in time."));
  case stage::body:
    return refuse(408, fail(errc::timeout, "The request's body did not come in time."));
  case stage::idle:
  case stage::lingering:
    return close_now(false);
  default:
    return;
  }
}

void connection::drain() {
  keep_alive_ = false;
  if (stage_ == stage::idle)
    stream_.queued() == 0 ? close_now(false) : linger();
  else if (stage_ == stage::upgraded)
    std::shared_ptr {
      upgraded_
      } -> on_stopping();
  else if (close_on_eof_ && exchange_ != nullptr)
    end_endless();
}

/// An endless answer would hold the drain up: it ends properly, and its
/// handler hears that there is no more use for it.
void connection::end_endless() {
  auto self = shared_from_this();
  auto closed = std::exchange(closed_, nullptr);
  end();
  if (closed)
    closed();
}

// byte_pipe, after an upgrade

void connection::write(owned_bytes data) {
  stream_.write({std::move(data.owner), data.view});
}

void connection::pause_reading(bool on) {
  pipe_paused_ = on;
  update_reading();
}

void connection::shutdown_write() {
  stream_.shutdown_write();
}

void connection::close() {
  auto self = shared_from_this();
  auto protocol = std::exchange(upgraded_, nullptr);
  close_now(false);
}

} // namespace weir::http
