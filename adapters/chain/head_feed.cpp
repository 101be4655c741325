#include "adapters/chain/head_feed.hpp"

#include "adapters/chain/head_reports.hpp"
#include "adapters/chain/lotus_calls.hpp"
#include "adapters/http/websocket.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace weir::lotus {

namespace {

constexpr std::uint64_t subscribe_id = 1;
constexpr int polls_per_attempt = 40; ///< then the WebSocket is tried again

const rpc_call subscribe_call{"ChainNotify", "[]", call_kind::read};

} // namespace

struct head_feed::core : std::enable_shared_from_this<core> {
  core(loop::uv_loop& l, http::client& c, rpc_client& r, feed_options o, feed_events e)
      : client{c}, rpc{r}, options{std::move(o)}, timer{l}, lag_timer{l}, pause{options.first_pause} {
    reports.heads = std::move(e.heads);
    reports.health = std::move(e.health);
  }

  /// Events of a socket that is no longer ours are ignored: each has a number.
  template <class F>
  auto mine(F what) {
    return [weak = weak_from_this(), number = attempt, what](auto&&... xs) {
      if (auto self = weak.lock(); self && self->attempt == number && !self->ended)
        what(*self, std::forward<decltype(xs)>(xs)...);
    };
  }

  void start() {
    if (options.wall_clock && options.longest_lag > 0) {
      loop::milliseconds often{epoch_seconds * 1000};
      lag_timer.start(
          often, [this] { reports.check_lag(options.wall_clock(), options.longest_lag); }, often);
    }
    connect();
  }

  void connect() {
    ++attempt;
    channel.reset();
    if (options.websocket_url.empty())
      return poll(0);
    http::client_request request{.url = options.websocket_url, .fields = bearer_fields(options.token)};
    http::websocket_events events;
    events.message = mine([](core& c, bool, std::string text) { c.heard(text); });
    events.closed = mine([](core& c, std::uint16_t code, const std::string&) {
      c.broke(fail(errc::unreachable, "the chain node ended its WebSocket", std::to_string(code)));
    });
    http::websocket::connect(client, std::move(request), {}, std::move(events),
                             mine([](core& c, result<http::websocket_ptr> opened) { c.opened(std::move(opened)); }));
  }

  void opened(result<http::websocket_ptr> got) {
    if (!got && got.error().code == errc::protocol)
      return poll(0); // it speaks HTTP, but offers no WebSocket
    if (!got)
      return broke(got.error());
    socket = *std::move(got);
    socket->send_text(request_text(subscribe_id, subscribe_call));
    timer.start(options.patience, [this] { broke(fail(errc::timeout, "the chain node does not tell its head")); });
  }

  void heard(const std::string& text) {
    auto message = parse_incoming(text);
    if (!message)
      return broke(message.error());
    if (message->what == incoming::kind::answer && message->id == subscribe_id)
      return subscribed(*message);
    if (!channel || message->id != *channel)
      return;
    if (message->what == incoming::kind::closed)
      return broke(fail(errc::unreachable, "the chain node ended the subscription"));
    if (message->what != incoming::kind::value)
      return;
    auto changes = decoding([&] { return read_head_changes(*message->body); });
    if (!changes)
      return broke(changes.error());
    timer.stop();
    pause = options.first_pause;
    gather(*std::move(changes));
  }

  void subscribed(const incoming& answer) {
    auto number =
        answer.problem ? result<std::uint64_t>{*answer.problem} : decoding([&] { return read_uint(*answer.body); });
    if (number) {
      channel = *number;
      return;
    }
    leave_socket();
    ++attempt;
    poll(0); // the node has no ChainNotify
  }

  void gather(std::vector<head_change> changes) {
    if (!reports.gather(std::move(changes)))
      return;
    rpc.call(call_of(chain::get_finalized{}), [weak = weak_from_this()](result<json_ptr> got) {
      auto self = weak.lock();
      if (!self || self->ended)
        return;
      auto tipset = got ? decoding([&] { return read_tipset(**got); }) : result<weir::tipset>{got.error()};
      auto& o = self->options;
      self->reports.deliver(tipset ? std::optional{tipset->height} : std::nullopt, o.wall_clock ? o.wall_clock() : 0,
                            o.wall_clock ? o.longest_lag : 0);
    });
  }

  /// The `number`-th question of this attempt.
  void poll(int number) {
    if (number >= polls_per_attempt && !options.websocket_url.empty())
      return connect();
    if (number == 0)
      poll_pause = options.shortest_poll;
    rpc.call(call_of(chain::get_head{}), mine([number](core& c, result<json_ptr> got) {
               auto head = got ? decoding([&] { return read_tipset(**got); }) : result<tipset>{got.error()};
               head ? c.polled(*std::move(head), number) : c.broke(head.error());
             }));
  }

  void polled(tipset head, int number) {
    pause = options.first_pause;
    bool same = head.cids == polled_cids && reports.problem().code == errc::none;
    poll_pause = same ? std::min(poll_pause * 2, options.longest_poll) : options.shortest_poll;
    polled_cids = head.cids;
    if (!same)
      gather({{head_change::kind::current, std::move(head)}});
    timer.start(poll_pause, [this, number] { poll(number + 1); });
  }

  void broke(error why) {
    leave_socket();
    ++attempt;
    polled_cids.clear();
    reports.lost(std::move(why));
    timer.start(pause, [this] { connect(); });
    pause = std::min(pause * 2, options.longest_pause);
  }

  void leave_socket() {
    if (auto leaving = std::exchange(socket, nullptr))
      leaving->close();
  }

  void end() {
    ended = true;
    leave_socket();
    timer.stop();
    lag_timer.stop();
  }

  http::client& client;
  rpc_client& rpc;
  feed_options options;
  loop::timer timer, lag_timer;
  loop::milliseconds pause, poll_pause{0};
  head_reports reports;
  http::websocket_ptr socket;
  std::optional<std::uint64_t> channel;
  std::vector<cid> polled_cids;
  std::uint64_t attempt = 0;
  bool ended = false;
};

head_feed::head_feed(loop::uv_loop& owner, http::client& client, rpc_client& rpc, feed_options options,
                     feed_events events)
    : core_{std::make_shared<core>(owner, client, rpc, std::move(options), std::move(events))} {}

head_feed::~head_feed() {
  core_->end();
}

void head_feed::start() {
  core_->start();
}

const std::optional<head_changes>& head_feed::newest() const {
  return core_->reports.newest();
}

const error& head_feed::problem() const {
  return core_->reports.problem();
}

} // namespace weir::lotus
