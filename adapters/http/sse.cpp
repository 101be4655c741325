#include "adapters/http/sse.hpp"

namespace weir::http {

namespace {

/// One field a line of the value: a line break inside would end the field.
void append_lines(std::string& out, std::string_view name, std::string_view value) {
  while (true) {
    auto end = std::min(value.find_first_of("\r\n"), value.size());
    out.append(name).append(": ").append(value.substr(0, end)).append("\n");
    if (end == value.size())
      return;
    bool pair = value.substr(end).starts_with("\r\n");
    value.remove_prefix(end + (pair ? 2 : 1));
  }
}

std::string_view first_line(std::string_view value) {
  return value.substr(0, std::min(value.find_first_of("\r\n"), value.size()));
}

} // namespace

std::string sse_text(const sse_event& what) {
  std::string out;
  out.reserve(what.data.size() + 64);
  if (!what.id.empty())
    append_lines(out, "id", first_line(what.id));
  if (!what.event.empty())
    append_lines(out, "event", first_line(what.event));
  append_lines(out, "data", what.data);
  out += '\n';
  return out;
}

sse_stream::sse_stream(exchange_ptr x, loop::uv_loop& owner) : exchange_{std::move(x)}, timer_{owner} {}

sse_stream::~sse_stream() {
  exchange_->end();
}

std::shared_ptr<sse_stream> sse_stream::open(exchange_ptr x, loop::uv_loop& owner, headers more,
                                             loop::milliseconds heartbeat) {
  auto out = std::make_shared<sse_stream>(std::move(x), owner);
  more.set("Content-Type", "text/event-stream");
  more.set("Cache-Control", "no-store");
  more.set("X-Accel-Buffering", "no"); // nginx before us must not hold events back
  out->exchange_->close_on_eof();
  out->exchange_->begin({.status = 200, .fields = std::move(more)});
  out->exchange_->write(": open\n\n");
  // The timer is part of the stream and ends with it.
  out->timer_.start(
      heartbeat,
      [self = out.get()] {
        if (self->exchange_->queued() == 0)
          self->exchange_->write(": alive\n\n");
      },
      heartbeat);
  return out;
}

bool sse_stream::send(const sse_event& what) {
  return exchange_->write(sse_text(what));
}

status sse_reader::feed(bytes_view data) {
  for (char c : as_text(data)) {
    bool second_of_pair = std::exchange(after_cr_, c == '\r') && c == '\n';
    if (second_of_pair)
      continue;
    if (c == '\r' || c == '\n') {
      line(line_);
      line_.clear();
    } else {
      line_ += c;
    }
    if (line_.size() + event_.data.size() > max_event_)
      return fail(errc::too_large, "An event of the stream is too large.", {}, std::to_string(max_event_) + " bytes");
  }
  return {};
}

void sse_reader::line(std::string_view text) {
  if (text.empty()) {
    auto event = std::exchange(event_, {});
    event.id = last_id_;
    if (std::exchange(has_data_, false))
      each_(std::move(event));
    return;
  }
  auto colon = std::min(text.find(':'), text.size());
  auto name = text.substr(0, colon);
  auto value = text.substr(std::min(colon + 1, text.size()));
  if (value.starts_with(' '))
    value.remove_prefix(1);
  if (name == "data") {
    if (has_data_)
      event_.data += '\n';
    event_.data += value;
    has_data_ = true;
  } else if (name == "event") {
    event_.event = value;
  } else if (name == "id" && value.find('\0') == std::string_view::npos) {
    last_id_ = value;
  }
}

} // namespace weir::http
