// The client's half of the opening handshake (RFC 6455, section 4.1).
#include "adapters/http/curl_pipe.hpp"
#include "adapters/http/websocket.hpp"
#include "messages/types/base64.hpp"

namespace weir::http {

namespace {

constexpr std::size_t max_answer = 16 * 1024;

std::string handshake_text(const url& where, const headers& fields, const std::string& key) {
  std::string out = "GET " + where.target + " HTTP/1.1\r\nHost: " + where.authority
                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                      "Sec-WebSocket-Key: "
                    + key + "\r\n";
  for (const auto& field : fields)
    if ((field.name + field.value).find_first_of("\r\n") == std::string::npos)
      out += field.name + ": " + field.value + "\r\n";
  return out + "\r\n";
}

/// Nothing, or why the answer is no upgrade.
status check_answer(std::string_view text, const std::string& key) {
  auto line_end = text.find("\r\n");
  auto status_line = text.substr(0, line_end);
  if (!status_line.starts_with("HTTP/1.1 101"))
    return fail(errc::protocol, "The peer does not offer a WebSocket at this address.",
                std::string{status_line.substr(0, 64)});
  headers fields;
  for (text.remove_prefix(line_end + 2); !text.starts_with("\r\n"); text.remove_prefix(text.find("\r\n") + 2)) {
    auto line = text.substr(0, text.find("\r\n"));
    auto colon = std::min(line.find(':'), line.size());
    fields.add(std::string{line.substr(0, colon)}, std::string{trimmed(line.substr(std::min(colon + 1, line.size())))});
  }
  if (!has_token(fields.joined("Upgrade"), "websocket") || !has_token(fields.joined("Connection"), "upgrade")
      || fields.get("Sec-WebSocket-Accept") != ws_accept(key) || fields.has("Sec-WebSocket-Extensions"))
    return fail(errc::protocol, "The peer's WebSocket handshake is wrong.");
  return {};
}

/// Speaks on the connection until it is a WebSocket.
class handshake final : public upgraded, public std::enable_shared_from_this<handshake> {
public:
  using done_function = std::function<void(result<websocket_ptr>)>;
  handshake(std::string request, std::string key, websocket_ptr socket, loop::uv_loop& owner,
            loop::milliseconds patience, done_function done)
      : request_{std::move(request)}, key_{std::move(key)}, socket_{std::move(socket)}, done_{std::move(done)},
        timer_{owner}, patience_{patience} {}

  void on_open(std::shared_ptr<byte_pipe> pipe) override {
    pipe_ = std::static_pointer_cast<curl_pipe>(pipe);
    timer_.start(patience_,
                 [this] { give_up(fail(errc::timeout, "The peer did not answer the WebSocket handshake.")); });
    pipe_->write(std::move(request_));
  }
  void on_data(bytes_view data) override {
    auto self = shared_from_this();
    answer_.append(as_text(data));
    auto end = answer_.find("\r\n\r\n");
    if (end == std::string::npos && answer_.size() > max_answer)
      return give_up(fail(errc::protocol, "The peer's WebSocket handshake is too long."));
    if (end == std::string::npos)
      return;
    auto checked = check_answer(std::string_view{answer_}.substr(0, end + 4), key_);
    if (!checked)
      return give_up(checked.error());
    auto rest = answer_.substr(end + 4);
    auto pipe = std::exchange(pipe_, nullptr);
    timer_.stop();
    pipe->hand_over(socket_);
    socket_->on_open(pipe);
    std::exchange(done_, nullptr)(socket_);
    if (!rest.empty())
      socket_->on_data(as_bytes(rest));
  }
  void on_drained() override {}
  void on_closed() override {
    auto self = shared_from_this();
    pipe_.reset();
    give_up(fail(errc::unreachable, "The peer ended the WebSocket handshake."));
  }
  void on_stopping() override {}
  void give_up(error why) {
    auto self = shared_from_this();
    timer_.stop();
    if (auto pipe = std::exchange(pipe_, nullptr))
      pipe->close();
    if (auto done = std::exchange(done_, nullptr))
      done(std::move(why));
  }

private:
  std::string request_;
  std::string key_;
  std::string answer_;
  websocket_ptr socket_;
  std::shared_ptr<curl_pipe> pipe_;
  done_function done_;
  loop::timer timer_;
  loop::milliseconds patience_;
};

} // namespace

void websocket::connect(client& by, client_request what, websocket_options options, websocket_events events,
                        std::function<void(result<websocket_ptr>)> done) {
  auto where = parse_url(what.url);
  if (!where || !where->scheme.starts_with("ws"))
    return done(where ? fail(errc::invalid_argument, "A WebSocket's URL begins with ws:// or wss://.", what.url)
                      : where.error());
  auto& owner = by.loop();
  auto patience = what.connect_timeout;
  auto socket = std::make_shared<websocket>(ws_role::client, owner, std::move(options), std::move(events));
  std::uint8_t random[16];
  socket->options_.random(random);
  auto key = base64_encode(random);
  auto text = handshake_text(*where, what.fields, key);
  auto protocol =
      std::make_shared<handshake>(std::move(text), std::move(key), socket, owner, patience, std::move(done));
  what.url = (where->scheme == "wss" ? "https://" : "http://") + where->authority + where->target;
  curl_pipe::connect(by, std::move(what), protocol, [protocol](error why) { protocol->give_up(std::move(why)); });
}

} // namespace weir::http
