#pragma once
// One connection of the server: parses requests, hands each to the handler as
// an exchange, and writes the answers in order. Internal to adapters/http.
//
//   idle → head → body → complete → (answer written) → idle …
//                                   ↘ lingering → closed
// The next request is not parsed before the answer to the last one is
// finished and the write queue is under the watermark; what arrives meanwhile
// waits in `input_`, at most one read over `max_waiting` bytes.
#include "adapters/http/exchange.hpp"
#include "adapters/http/head_scanner.hpp"
#include "adapters/http/server.hpp"
#include "adapters/loop/tcp_stream.hpp"

#include <llhttp.h>

namespace weir::http {

class connection final : public loop::stream_events, public byte_pipe, public std::enable_shared_from_this<connection> {
public:
  explicit connection(server::core& core);
  ~connection() override;
  status accept(uv_stream_s* listener);

  // For the exchange.
  void start_body(body_reader reader, std::uint64_t limit);
  void pause_body(bool on);
  void respond(response answer);
  void begin(head what);
  bool write_body(owned_bytes data);
  void end();
  void send_file(head what, loop::owned_fd file, std::uint64_t offset, std::uint64_t length);
  void abort(const error& why);
  void on_drain(std::function<void()> what);
  void on_close(std::function<void()> what) { closed_ = std::move(what); }
  void close_on_eof() { close_on_eof_ = true; }
  void dropped(bool begun);
  void upgrade(headers fields, std::shared_ptr<upgraded> protocol);
  std::uint64_t queued() const override { return stream_.queued(); }

  // For the server.
  void refuse(int status, const error& why);
  void check_deadlines(loop::milliseconds now);
  void drain();

  // stream_events
  void on_data(bytes_view data) override;
  void on_eof() override;
  void on_broken(const error& why) override;
  void on_drained() override;

  // byte_pipe
  void write(owned_bytes data) override;
  void pause_reading(bool on) override;
  void shutdown_write() override;
  void close() override;

private:
  enum class stage { idle, head, body, complete, lingering, upgraded, closed };
  enum class coding { none, length, chunked, until_close };
  struct callbacks; // of llhttp

  // connection_in.cpp
  bool wants_input() const;
  std::size_t feed(std::string_view data);
  std::size_t feed_head(std::string_view data);
  std::size_t feed_body(std::string_view data);
  void resume_input();
  void settle_eof();
  void update_reading();
  void refuse_head(head_scanner::verdict why);
  void body_bytes(bytes_view data);
  void body_ended(status how);
  void next_request();

  // connection_request.cpp
  void head_complete();
  status check_framing(int& code);
  status fill_request(int& code);
  void dispatch();

  // connection_out.cpp
  std::string head_text(const head& what, coding body, bool close) const;
  void send_head(const head& what, coding body, owned_bytes first = {});
  bool bodiless(int status) const;
  bool unread_body_is_heavy() const;
  void finish();
  void linger();
  void end_endless();
  void detach();
  void close_now(bool reset);
  void set_deadline(loop::milliseconds after);

  server::core& core_;
  loop::tcp_stream stream_;
  llhttp_t parser_;
  head_scanner scanner_;
  stage stage_ = stage::idle;
  std::string peer_; ///< asked for once: it costs a system call
  std::string input_;
  bool feeding_ = false;
  bool eof_ = false;
  bool pipe_paused_ = false;

  // The request being parsed or answered.
  std::unique_ptr<http::request> building_;
  bool value_last_ = false;
  bool head_done_ = false;
  bool message_done_ = false;
  exchange* exchange_ = nullptr;
  bool is_head_ = false;
  bool http_1_0_ = false;
  bool keep_alive_ = true;
  bool expects_continue_ = false;
  bool close_on_eof_ = false;

  body_reader reader_;
  bool reading_body_ = false;
  bool paused_ = false;
  bool held_ = false; ///< the parser stopped for it, perhaps with nothing but the message's end left
  bool discarding_ = false;
  std::uint64_t body_seen_ = 0;
  std::uint64_t body_limit_ = 0;
  std::optional<std::uint64_t> body_length_;

  coding coding_ = coding::none;
  std::uint64_t left_ = 0; ///< of an answer with a length
  std::function<void()> drained_;
  std::function<void()> closed_;
  std::shared_ptr<upgraded> upgraded_;

  loop::milliseconds deadline_{0}; ///< zero: none
  loop::milliseconds progress_at_{0};
  std::uint64_t progress_ = 0;
};

} // namespace weir::http
