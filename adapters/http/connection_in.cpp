// The reading half of a connection: bytes to requests.
#include "adapters/http/connection.hpp"
#include "adapters/http/server_core.hpp"

#include <algorithm>

namespace weir::http {

namespace {

constexpr std::size_t max_waiting = 64 * 1024;
constexpr std::uint64_t max_lingering = 4 << 20;
constexpr std::uint64_t max_discarded = 1 << 20;

std::string_view text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

} // namespace

struct connection::callbacks {
  static connection& of(llhttp_t* parser) { return *static_cast<connection*>(parser->data); }

  static int target(llhttp_t* parser, const char* at, std::size_t size) {
    of(parser).building_->raw_target.append(at, size);
    return HPE_OK;
  }
  static int field(llhttp_t* parser, const char* at, std::size_t size) {
    auto& self = of(parser);
    if (self.head_done_)
      return HPE_OK; // a trailer: nothing of ours reads them
    auto& fields = self.building_->fields;
    if (self.value_last_ || fields.empty())
      fields.add({}, {});
    self.value_last_ = false;
    fields.back().name.append(at, size);
    return HPE_OK;
  }
  static int value(llhttp_t* parser, const char* at, std::size_t size) {
    auto& self = of(parser);
    if (self.head_done_)
      return HPE_OK;
    self.value_last_ = true;
    self.building_->fields.back().value.append(at, size);
    return HPE_OK;
  }
  static int value_complete(llhttp_t* parser) {
    auto& self = of(parser);
    self.value_last_ = true; // an empty value makes no call of `value`
    if (self.head_done_)
      return HPE_OK;
    auto& value = self.building_->fields.back().value;
    value.erase(value.find_last_not_of(" \t") + 1); // llhttp keeps what is behind the value
    return HPE_OK;
  }
  static int headers_complete(llhttp_t* parser) {
    of(parser).head_done_ = true;
    return HPE_OK;
  }
  static int body(llhttp_t* parser, const char* at, std::size_t size) {
    auto& self = of(parser);
    if (size == 0)
      return HPE_OK;
    self.body_bytes(as_bytes({at, size}));
    if (self.stage_ != stage::body)
      return HPE_USER;
    self.held_ = self.paused_ && !self.discarding_;
    return self.held_ ? HPE_PAUSED : HPE_OK;
  }
  static int message_complete(llhttp_t* parser) {
    of(parser).message_done_ = true;
    return HPE_PAUSED;
  }
  static const llhttp_settings_t* settings() {
    static const llhttp_settings_t shared = [] {
      llhttp_settings_t out;
      llhttp_settings_init(&out);
      out.on_url = target;
      out.on_header_field = field;
      out.on_header_value = value;
      out.on_header_value_complete = value_complete;
      out.on_headers_complete = headers_complete;
      out.on_body = body;
      out.on_message_complete = message_complete;
      return out;
    }();
    return &shared;
  }
};

connection::connection(server::core& core)
    : core_{core}, stream_{core.loop, *this}, scanner_{core.options.max_target, core.options.max_head} {
  llhttp_init(&parser_, HTTP_REQUEST, callbacks::settings());
  parser_.data = this;
  set_deadline(core_.options.head_timeout);
}

connection::~connection() = default;

status connection::accept(uv_stream_s* listener) {
  WEIR_CHECK(stream_.accept(listener));
  peer_ = stream_.peer();
  stream_.read_start();
  return {};
}

void connection::on_data(bytes_view data) {
  auto self = shared_from_this();
  if (stage_ == stage::upgraded)
    return upgraded_->on_data(data);
  if (stage_ == stage::lingering) {
    body_seen_ += data.size();
    return body_seen_ > max_lingering ? close_now(false) : void();
  }
  auto arrived = text(data.data(), data.size());
  if (input_.empty())
    arrived.remove_prefix(feed(arrived));
  if (stage_ == stage::upgraded)
    return arrived.empty() ? void() : upgraded_->on_data(as_bytes(arrived));
  if (stage_ == stage::closed || stage_ == stage::lingering)
    return;
  input_.append(arrived);
  update_reading();
}

bool connection::wants_input() const {
  switch (stage_) {
  case stage::idle:
  case stage::head:
    return stream_.queued() <= core_.options.write_watermark;
  case stage::body:
    return discarding_ || (reading_body_ && !paused_);
  default:
    return false;
  }
}

std::size_t connection::feed(std::string_view data) {
  if (feeding_)
    return 0;
  feeding_ = true;
  std::size_t used = 0;
  while (used < data.size() && wants_input())
    used += stage_ == stage::body ? feed_body(data.substr(used)) : feed_head(data.substr(used));
  feeding_ = false;
  return used;
}

/// Goes on with what waited, after an answer, a pause or a full write queue.
void connection::resume_input() {
  if (feeding_ || stage_ == stage::closed)
    return;
  auto self = shared_from_this();
  if (held_ && wants_input()) {
    held_ = false;
    feeding_ = true;
    feed_body({"", 0}); // llhttp takes the address for where the body goes on: not null
    feeding_ = false;
  }
  if (!input_.empty() && wants_input()) {
    auto waiting = std::exchange(input_, {});
    auto used = feed(waiting);
    if (stage_ == stage::upgraded) {
      if (used < waiting.size())
        upgraded_->on_data(as_bytes(std::string_view{waiting}.substr(used)));
      return;
    }
    waiting.erase(0, used);
    if (!waiting.empty())
      input_ = std::move(waiting);
  }
  update_reading();
  settle_eof();
}

void connection::update_reading() {
  if (eof_ || stage_ == stage::closed)
    return;
  bool want = stage_ == stage::lingering || (stage_ == stage::upgraded ? !pipe_paused_ : input_.size() < max_waiting);
  want ? stream_.read_start() : stream_.read_stop();
}

std::size_t connection::feed_head(std::string_view data) {
  bool had_started = scanner_.started();
  auto [what, used] = scanner_.scan(data);
  if (scanner_.started() && !had_started) {
    stage_ = stage::head;
    set_deadline(core_.options.head_timeout);
  }
  if (!building_)
    building_ = std::make_unique<http::request>();
  if (what != head_scanner::verdict::more && what != head_scanner::verdict::done) {
    refuse_head(what);
    return data.size();
  }
  auto parsed = llhttp_execute(&parser_, data.data(), used);
  bool fine = parsed == HPE_OK || parsed == HPE_PAUSED || parsed == HPE_PAUSED_UPGRADE;
  bool done = what == head_scanner::verdict::done;
  // Both parsers have to see the end at the same byte.
  if (!fine || head_done_ != done || (message_done_ && !done)) {
    bool verb = parsed == HPE_INVALID_METHOD;
    refuse(verb ? 501 : 400, verb ? fail(errc::unsupported, "This method is not known.")
                                  : fail(errc::malformed, "The request is not well-formed HTTP/1.1."));
    return data.size();
  }
  if (done)
    head_complete();
  return used;
}

void connection::refuse_head(head_scanner::verdict why) {
  const auto& limits = core_.options;
  if (why == head_scanner::verdict::target_too_long)
    refuse(414, fail(errc::too_large, "The URL is too long.", {}, std::to_string(limits.max_target) + " bytes"));
  else if (why == head_scanner::verdict::head_too_large)
    refuse(431, fail(errc::too_large, "The header is too large.", {}, std::to_string(limits.max_head) + " bytes"));
  else
    refuse(400, fail(errc::malformed, "The request's header is not well-formed HTTP/1.1."));
}

std::size_t connection::feed_body(std::string_view data) {
  set_deadline(core_.options.body_timeout);
  auto parsed = llhttp_execute(&parser_, data.data(), data.size());
  if (parsed == HPE_OK)
    return data.size();
  auto used = static_cast<std::size_t>(llhttp_get_error_pos(&parser_) - data.data());
  if (message_done_) {
    if (stage_ != stage::body)
      return used;
    stage_ = stage::complete;
    deadline_ = loop::milliseconds{0};
    body_ended({});
    if (exchange_ == nullptr && stage_ == stage::complete)
      next_request();
    return used;
  }
  if (parsed == HPE_PAUSED) {
    llhttp_resume(&parser_);
    return used;
  }
  if (stage_ == stage::body) {
    auto why = fail(errc::malformed, "The body is not well-formed.");
    refuse(400, why);
  }
  return data.size();
}

void connection::body_bytes(bytes_view data) {
  body_seen_ += data.size();
  if (discarding_) {
    if (body_seen_ > max_discarded)
      linger();
    return;
  }
  if (body_seen_ > body_limit_) {
    discarding_ = true;
    body_seen_ = 0;
    keep_alive_ = false;
    return body_ended(fail(errc::too_large, "The body is too large.", {}, std::to_string(body_limit_) + " bytes"));
  }
  if (reader_.data) {
    auto keep = reader_.data; // the call may end the exchange
    keep(data);
  }
}

void connection::body_ended(status how) {
  auto reader = std::exchange(reader_, {});
  reading_body_ = false;
  if (reader.end)
    reader.end(std::move(how));
}

void connection::start_body(body_reader reader, std::uint64_t limit) {
  reader_ = std::move(reader);
  body_limit_ = std::min(limit, core_.options.max_body);
  if (body_length_ && *body_length_ > body_limit_)
    return body_ended(fail(errc::too_large, "The body is too large.", std::to_string(*body_length_),
                           std::to_string(body_limit_) + " bytes"));
  if (stage_ == stage::complete)
    return body_ended({});
  reading_body_ = true;
  if (std::exchange(expects_continue_, false) && input_.empty())
    stream_.write_copy("HTTP/1.1 100 Continue\r\n\r\n");
  set_deadline(core_.options.body_timeout);
  resume_input();
}

void connection::pause_body(bool on) {
  if (paused_ == on)
    return;
  paused_ = on;
  if (stage_ != stage::body)
    return;
  if (on) {
    deadline_ = loop::milliseconds{0};
  } else {
    set_deadline(core_.options.body_timeout);
    resume_input();
  }
}

void connection::next_request() {
  if (core_.draining)
    return linger();
  stage_ = stage::idle;
  llhttp_init(&parser_, HTTP_REQUEST, callbacks::settings());
  parser_.data = this;
  scanner_.reset();
  value_last_ = head_done_ = message_done_ = false;
  is_head_ = expects_continue_ = close_on_eof_ = false;
  reading_body_ = paused_ = held_ = discarding_ = false;
  body_seen_ = 0;
  coding_ = coding::none;
  set_deadline(core_.options.idle_timeout);
  resume_input();
}

void connection::on_eof() {
  auto self = shared_from_this();
  eof_ = true;
  if (stage_ == stage::upgraded)
    return on_broken(fail(errc::unreachable, "The peer ended the connection."));
  if (stage_ == stage::lingering)
    return stream_.queued() == 0 ? close_now(false) : void();
  bool streaming = exchange_ != nullptr && exchange_->begun_ && coding_ == coding::chunked;
  if (close_on_eof_ || streaming)
    return abort(fail(errc::unreachable, "The client left."));
  settle_eof();
}

/// A client may end its direction and still wait for whole answers; it is gone
/// for us when what it sent is used up. (In the middle of a chunked answer it
/// counts as gone at once: else nobody would notice before the next write.)
void connection::settle_eof() {
  if (!eof_ || !input_.empty())
    return;
  if (stage_ == stage::idle || stage_ == stage::head)
    linger();
  else if (stage_ == stage::body && discarding_)
    linger();
  else if (stage_ == stage::body)
    abort(fail(errc::unreachable, "The client left in the middle of its body."));
}

void connection::on_broken(const error& why) {
  auto self = shared_from_this();
  if (stage_ == stage::upgraded) {
    auto protocol = std::exchange(upgraded_, nullptr);
    close_now(false);
    return protocol->on_closed();
  }
  abort(why);
}

} // namespace weir::http
