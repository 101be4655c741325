#include "adapters/retrieval/fetcher.hpp"

#include "adapters/retrieval/download.hpp"
#include "adapters/retrieval/refusal.hpp"
#include "storage/filecoin/multiaddr.hpp"

#include <algorithm>
#include <set>

namespace weir::retrieval {

namespace {

/// One request on its way along the provider's base URLs.
struct trip {
  std::vector<std::string> bases;
  std::size_t next = 0;
  http::call_ptr call;
  std::shared_ptr<download> whole;
  std::function<void(const error&)> give_up;
};
using trip_ptr = std::shared_ptr<trip>;

struct fetcher_state {
  static constexpr const char* name = "fetcher";
  using pointer = fetcher_actor::stateful_pointer<fetcher_state>;

  explicit fetcher_state(pointer owner) : self{owner} {}
  ~fetcher_state() {
    auto leaving = std::move(running);
    running.clear();
    for (auto& t : leaving) {
      if (t->call)
        t->call->cancel();
      if (t->whole)
        t->whole->cancel();
      t->give_up(fail(errc::shutting_down, "the node is stopping"));
    }
  }

  /// Another address may do better than one that could not be reached.
  static bool elsewhere(errc code) {
    return code == errc::unreachable || code == errc::timeout || code == errc::protocol || code == errc::not_found
           || code == errc::too_large;
  }

  result<trip_ptr> set_out(const provider_endpoint& at) {
    if (running.size() >= options.max_waiting)
      return fail(errc::overloaded, "too many fetches are under way", {}, std::to_string(options.max_waiting));
    WEIR_TRY(auto bases, base_urls(at));
    auto t = std::make_shared<trip>();
    t->bases = std::move(bases);
    running.insert(t);
    return t;
  }

  /// True: the trip goes on at its next address.
  bool goes_on(const trip_ptr& t, const error& why) {
    if (elsewhere(why.code) && t->next < t->bases.size())
      return true;
    running.erase(t);
    t->give_up(why);
    return false;
  }

  void ask_range(const trip_ptr& t, const fetch_range& what, caf::typed_response_promise<chunk> promise) {
    http::client_request r;
    r.url = t->bases[t->next++] + "/piece/" + what.piece.text();
    r.range = http::byte_range{what.offset, what.length};
    r.max_body = error_text_limit;
    r.connect_timeout = options.connect_timeout;
    r.timeout = options.range_timeout;
    auto url = r.url;
    std::weak_ptr<trip> weak = t;
    t->call = client->fetch(std::move(r), [this, weak, what, promise, url](result<http::client_response> got) mutable {
      auto t = weak.lock();
      if (!t || !running.contains(t))
        return; // the actor has ended, and with it `this`
      if (got && got->status == 206 && got->body.size() == what.length) {
        running.erase(t);
        promise.deliver(chunk{std::make_shared<const bytes>(to_bytes(as_bytes(got->body)))});
      } else if (goes_on(t, got ? refused_range(got->status, url) : got.error())) {
        ask_range(t, what, promise);
      }
    });
  }

  caf::typed_response_promise<chunk> range(const fetch_range& what) {
    auto promise = self->make_response_promise<chunk>();
    if (what.length == 0 || what.length > options.max_range) {
      promise.deliver(to_caf(fail(errc::too_large, "a range is 1 byte to 4 MiB long", std::to_string(what.length),
                                  std::to_string(options.max_range))));
      return promise;
    }
    auto t = set_out(what.from);
    if (!t) {
      promise.deliver(to_caf(t.error()));
      return promise;
    }
    (*t)->give_up = [promise](const error& why) mutable { promise.deliver(to_caf(why)); };
    ask_range(*t, what, promise);
    return promise;
  }

  void ask_piece(const trip_ptr& t, const fetch_piece& what, caf::typed_response_promise<nothing> promise) {
    download_request r;
    r.url = t->bases[t->next++] + "/piece/" + what.piece.text();
    r.size = what.size;
    r.into = what.into;
    r.parallel = options.parallel;
    std::weak_ptr<trip> weak = t;
    // `done` may come before `start` is back: it is looked at on the loop's next round.
    auto started = download::start(*loop, *client, std::move(r), [this, weak, what, promise](status s) mutable {
      loop->wake([this, weak, what, promise, s]() mutable {
        auto t = weak.lock();
        if (!t || !running.contains(t))
          return;
        if (s) {
          running.erase(t);
          promise.deliver(nothing{});
        } else if (goes_on(t, s.error())) {
          ask_piece(t, what, promise);
        }
      });
    });
    t->whole = std::move(started);
  }

  caf::typed_response_promise<nothing> piece(const fetch_piece& what) {
    auto promise = self->make_response_promise<nothing>();
    auto t = set_out(what.from);
    if (!t) {
      promise.deliver(to_caf(t.error()));
      return promise;
    }
    (*t)->give_up = [promise](const error& why) mutable { promise.deliver(to_caf(why)); };
    ask_piece(*t, what, promise);
    return promise;
  }

  pointer self;
  loop::uv_loop* loop = nullptr;
  http::client* client = nullptr;
  fetcher_options options;
  std::set<trip_ptr> running;
};

fetcher_actor::behavior_type fetcher(fetcher_state::pointer self, loop::uv_loop* loop, http::client* client,
                                     fetcher_options options) {
  self->state.loop = loop;
  self->state.client = client;
  self->state.options = options;
  return {
      [self](const fetch_range& what) { return self->state.range(what); },
      [self](const fetch_piece& what) { return self->state.piece(what); },
  };
}

} // namespace

fetcher_actor spawn_fetcher(loop::host& host, loop::uv_loop& loop, http::client& client, fetcher_options options) {
  return host.spawn(fetcher, &loop, &client, options);
}

result<std::vector<std::string>> base_urls(const provider_endpoint& of) {
  std::vector<std::string> urls;
  for (auto& text : of.multiaddrs) {
    auto parsed = filecoin::multiaddr::parse(text);
    auto url = parsed ? parsed->base_url() : result<std::string>{parsed.error()};
    if (url && std::find(urls.begin(), urls.end(), *url) == urls.end())
      urls.push_back(*std::move(url));
  }
  if (urls.empty())
    return fail(errc::unsupported, "the provider has no address that speaks HTTP",
                of.multiaddrs.empty() ? std::string{} : of.multiaddrs.front());
  return urls;
}

} // namespace weir::retrieval
