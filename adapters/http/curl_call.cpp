#include "adapters/http/curl_call.hpp"

#include "adapters/http/public_address.hpp"
#include "adapters/http/ranges.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <mutex>

#include <sys/socket.h>

namespace weir::http {

namespace {

constexpr std::size_t max_head = 256 * 1024;
constexpr std::uint64_t small_body = 1 << 20;

long in_ms(loop::milliseconds time) {
  return static_cast<long>(time.count());
}

error said(errc code, const char* message, const char* fallback) {
  std::string text = message[0] != '\0' ? message : fallback;
  if (!text.ends_with('.'))
    text += '.';
  return fail(code, std::move(text));
}

} // namespace

void curl_ready() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

curl_call::curl_call(client_request what, call_events events, const client_options& options)
    : easy_{curl_easy_init()}, request_{std::move(what)}, events_{std::move(events)} {
  allowed_ = request_.range ? request_.range->length : request_.max_body;
  apply_options(options);
  apply_fields();
  apply_body();
}

curl_call::~curl_call() {
  curl_easy_cleanup(easy_);
  curl_slist_free_all(fields_);
}

void apply_common(CURL* easy, const client_request& request, const client_options& options, char* message) {
  auto set = [easy](CURLoption option, auto value) { curl_easy_setopt(easy, option, value); };
  set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_HTTP09_ALLOWED, 0L);
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_ERRORBUFFER, message);
  if (!options.ca_file.empty())
    set(CURLOPT_CAINFO, options.ca_file.c_str());
  set(CURLOPT_CONNECTTIMEOUT_MS, in_ms(request.connect_timeout));
}

void curl_call::apply_options(const client_options& options) {
  auto set = [this](CURLoption option, auto value) { curl_easy_setopt(easy_, option, value); };
  apply_common(easy_, request_, options, message_);
  set(CURLOPT_URL, request_.url.c_str());
  set(CURLOPT_BUFFERSIZE, static_cast<long>(options.buffer_size));
  set(CURLOPT_USERAGENT, options.user_agent.c_str());
  set(CURLOPT_TIMEOUT_MS, in_ms(request_.timeout));
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, std::max(1L, in_ms(request_.stall_timeout) / 1000));
  set(CURLOPT_HEADERFUNCTION, &curl_call::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &curl_call::on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_PRIVATE, this);
  if (options.public_only) {
    set(CURLOPT_OPENSOCKETFUNCTION, &curl_call::on_socket);
    set(CURLOPT_OPENSOCKETDATA, this);
  }
  if (request_.range) {
    auto last = request_.range->offset + request_.range->length - 1;
    auto text = std::to_string(request_.range->offset) + "-" + std::to_string(last);
    set(CURLOPT_RANGE, text.c_str());
  }
}

void curl_call::apply_fields() {
  for (const auto& field : request_.fields) {
    auto line = field.name + ": " + field.value;
    if (field.value.empty())
      line = field.name + ";"; // libcurl's way to send an empty field
    if (line.find_first_of("\r\n") == std::string::npos)
      fields_ = curl_slist_append(fields_, line.c_str());
  }
  // libcurl asks before every body; a small one is sooner sent than asked for.
  auto length = request_.source ? request_.source->length.value_or(UINT64_MAX) : request_.body.view.size();
  if (length < small_body)
    fields_ = curl_slist_append(fields_, "Expect:");
  if (request_.fields.has("Content-Type") || request_.verb != "POST")
    curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, fields_);
  else
    // libcurl would call every POST a form.
    curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, fields_ = curl_slist_append(fields_, "Content-Type:"));
}

void curl_call::apply_body() {
  auto set = [this](CURLoption option, auto value) { curl_easy_setopt(easy_, option, value); };
  set(CURLOPT_READFUNCTION, &curl_call::on_read);
  set(CURLOPT_READDATA, this);
  bool has_body = request_.source || !request_.body.view.empty();
  if (request_.verb == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (has_body) {
    std::optional<std::uint64_t> length = request_.body.view.size();
    if (request_.source)
      length = request_.source->length;
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_INFILESIZE_LARGE, length ? static_cast<curl_off_t>(*length) : curl_off_t{-1});
  } else if (request_.verb == "POST") {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE, 0L);
  }
  set(CURLOPT_CUSTOMREQUEST, request_.verb.c_str());
}

/// Here, not when the URL is read: the name may lead elsewhere by then.
curl_socket_t curl_call::on_socket(void* self, curlsocktype, curl_sockaddr* where) {
  if (is_public(where->addr))
    return ::socket(where->family, where->socktype | SOCK_CLOEXEC, where->protocol);
  static_cast<curl_call*>(self)->barred_ = true;
  return CURL_SOCKET_BAD;
}

std::size_t curl_call::on_header(char* data, std::size_t one, std::size_t size, void* self) {
  return static_cast<curl_call*>(self)->header_line({data, one * size}) ? one * size : 0;
}

std::size_t curl_call::on_body(char* data, std::size_t one, std::size_t size, void* self) {
  return static_cast<curl_call*>(self)->body_arrived(as_bytes({data, one * size}));
}

std::size_t curl_call::on_read(char* data, std::size_t one, std::size_t size, void* self) {
  return static_cast<curl_call*>(self)->body_wanted({reinterpret_cast<std::uint8_t*>(data), one * size});
}

bool curl_call::refuse(error why) {
  refusal_ = std::move(why);
  return false;
}

bool curl_call::header_line(std::string_view line) {
  heads_ += line.size();
  if (heads_ > max_head)
    return refuse(fail(errc::protocol, "The answer's header is too large.", {}, std::to_string(max_head) + " bytes"));
  while (line.ends_with('\n') || line.ends_with('\r'))
    line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    head_ = {}; // of a 100 Continue before, if any
    return true;
  }
  if (line.empty())
    return head_arrived();
  auto colon = line.find(':');
  if (colon == std::string_view::npos)
    return true;
  auto name = line.substr(0, colon), value = trimmed(line.substr(colon + 1));
  if (!head_told_)
    head_.fields.add(std::string{name}, std::string{value});
  else if (events_.trailer)
    events_.trailer(name, value);
  return true;
}

bool curl_call::head_arrived() {
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  if (status < 200 || head_told_)
    return true;
  head_.status = static_cast<int>(status);
  if (request_.range && status < 300) {
    auto got = parse_content_range(head_.fields.get("Content-Range").value_or(""));
    auto wanted = *request_.range;
    if (status != 206 || !got || got->offset != wanted.offset || got->length > wanted.length)
      return refuse(fail(errc::protocol, "The peer did not answer with the range that was asked for.", request_.url));
  } else if (request_.range) {
    allowed_ = request_.max_body; // an error's text
  }
  auto length = head_.fields.get("Content-Length");
  std::uint64_t size = 0;
  if (length && request_.verb != "HEAD") {
    std::from_chars(length->data(), length->data() + length->size(), size);
    if (size > allowed_)
      return refuse(fail(errc::too_large, "The answer is too large.", std::to_string(size), std::to_string(allowed_)));
  }
  head_told_ = true;
  if (events_.head)
    events_.head(head_);
  return true;
}

std::size_t curl_call::body_arrived(bytes_view data) {
  if (receive_paused)
    return CURL_WRITEFUNC_PAUSE;
  received_ += data.size();
  if (received_ > allowed_) {
    refuse(fail(errc::too_large, "The answer is longer than allowed.", {}, std::to_string(allowed_) + " bytes"));
    return 0;
  }
  if (events_.data)
    events_.data(data);
  return data.size();
}

std::size_t curl_call::body_wanted(std::span<std::uint8_t> into) {
  if (!request_.source) {
    auto rest = request_.body.view.subspan(sent_);
    auto step = std::min(rest.size(), into.size());
    std::memcpy(into.data(), rest.data(), step);
    sent_ += step;
    return step;
  }
  auto step = request_.source->read(into);
  switch (step.what) {
  case upload_step::kind::bytes:
    return step.size;
  case upload_step::kind::end:
    return 0;
  case upload_step::kind::wait:
    upload_waits = true;
    return CURL_READFUNC_PAUSE;
  case upload_step::kind::failed:
    break;
  }
  refuse(fail(errc::cancelled, "The body to send could not be read to its end."));
  return CURL_READFUNC_ABORT;
}

status curl_call::outcome(CURLcode code) {
  if (barred_ && code != CURLE_OK)
    return fail(errc::unreachable, "The address is not of the public internet: it is not called.", request_.url);
  return refusal_ ? status{*refusal_} : curl_outcome(code, message_, request_.url);
}

status curl_outcome(CURLcode code, const char* message, const std::string& url) {
  switch (code) {
  case CURLE_OK:
    return {};
  case CURLE_OPERATION_TIMEDOUT:
    return said(errc::timeout, message, "No answer in time");
  case CURLE_URL_MALFORMAT:
  case CURLE_UNSUPPORTED_PROTOCOL:
    return fail(errc::invalid_argument, "This is not a URL to call.", url);
  case CURLE_WEIRD_SERVER_REPLY:
  case CURLE_BAD_CONTENT_ENCODING:
  case CURLE_HTTP2:
    return said(errc::protocol, message, "The peer does not speak HTTP");
  case CURLE_ABORTED_BY_CALLBACK:
    return fail(errc::cancelled, "The call was cancelled.");
  default:
    return said(errc::unreachable, message, curl_easy_strerror(code));
  }
}

void curl_call::finish(const status& how) {
  if (std::exchange(finished_, true))
    return;
  auto events = std::exchange(events_, {});
  if (events.done)
    events.done(how);
}

} // namespace weir::http
