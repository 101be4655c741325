#pragma once
// A connection that libcurl made (name, TCP, TLS) and that then speaks another
// protocol. Internal to adapters/http.
#include "adapters/http/client_core.hpp"
#include "adapters/http/exchange.hpp"

#include <deque>

struct uv_poll_s;

namespace weir::http {

class curl_pipe final : public byte_pipe, public std::enable_shared_from_this<curl_pipe> {
public:
  /// Connects to the http:// or https:// URL of the request. The protocol's
  /// `on_open` follows, or `failed`.
  static void connect(client& by, client_request what, std::shared_ptr<upgraded> protocol,
                      std::function<void(error)> failed);
  explicit curl_pipe(std::shared_ptr<client::core> core);
  ~curl_pipe() override;

  void hand_over(std::shared_ptr<upgraded> protocol) { protocol_ = std::move(protocol); }

  void write(owned_bytes data) override;
  std::uint64_t queued() const override { return queued_; }
  void pause_reading(bool on) override;
  void shutdown_write() override;
  void close() override;

private:
  void start(client_request what, std::function<void(error)> failed);
  void connected();
  void ready(bool readable, bool writable);
  void read_some();
  void flush();
  void watch();
  void broken();
  void release();

  std::shared_ptr<client::core> core_; // null once closed
  std::shared_ptr<upgraded> protocol_;
  CURL* easy_;
  char message_[CURL_ERROR_SIZE] = {};
  curl_socket_t socket_ = CURL_SOCKET_BAD;
  uv_poll_s* poll_ = nullptr;
  std::deque<owned_bytes> queue_;
  std::uint64_t queued_ = 0;
  bool paused_ = false;
  bool ending_ = false;
};

} // namespace weir::http
