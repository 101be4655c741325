#pragma once
// One transfer of libcurl, whoever drives it: options, callbacks, checks of
// the answer. Internal to adapters/http.
#include "adapters/http/client.hpp"

#include <curl/curl.h>

namespace weir::http {

class curl_call {
public:
  curl_call(client_request what, call_events events, const client_options& options);
  curl_call(const curl_call&) = delete;
  curl_call& operator=(const curl_call&) = delete;
  ~curl_call();

  CURL* easy() const { return easy_; }
  /// The result of the transfer in our words.
  status outcome(CURLcode code);
  /// Calls `done` once; a head that had no body is told first.
  void finish(const status& how);
  bool finished() const { return finished_; }

  bool receive_paused = false; ///< data is held back
  bool upload_waits = false;   ///< the source had nothing yet

private:
  void apply_options(const client_options& options);
  void apply_fields();
  void apply_body();
  bool header_line(std::string_view line);
  bool head_arrived();
  std::size_t body_arrived(bytes_view data);
  std::size_t body_wanted(std::span<std::uint8_t> into);
  bool refuse(error why);

  static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* where);
  static std::size_t on_header(char* data, std::size_t one, std::size_t size, void* self);
  static std::size_t on_body(char* data, std::size_t one, std::size_t size, void* self);
  static std::size_t on_read(char* data, std::size_t one, std::size_t size, void* self);

  CURL* easy_;
  curl_slist* fields_ = nullptr;
  char message_[CURL_ERROR_SIZE] = {};
  client_request request_;
  call_events events_;
  client_head head_;
  bool head_told_ = false;
  bool finished_ = false;
  std::uint64_t received_ = 0; ///< of the body
  std::size_t heads_ = 0;      ///< bytes of heads and trailers
  std::uint64_t allowed_ = 0;
  std::size_t sent_ = 0; ///< of a whole body
  std::optional<error> refusal_;
  bool barred_ = false; ///< an address of the peer is none that may be called
};

/// What every connection of ours has: HTTP/1.1, no proxy, no signals, quick end.
void apply_common(CURL* easy, const client_request& request, const client_options& options, char* message);
/// A result of libcurl in our words; `message` is its error buffer.
status curl_outcome(CURLcode code, const char* message, const std::string& url);
/// libcurl's global state, once.
void curl_ready();

} // namespace weir::http
