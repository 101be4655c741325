#include "adapters/deals/mk12_http.hpp"

#include "adapters/deals/errand.hpp"
#include "adapters/deals/mk12_messages.hpp"

namespace weir::deals {

namespace {

struct carrier_state {
  static constexpr const char* name = "mk12_http";
  using pointer = deal_carrier_actor::stateful_pointer<carrier_state>;

  explicit carrier_state(pointer owner) : self{owner} {}

  void open(http::client& client, mk12_options how) {
    options = how;
    under_way = std::make_unique<errands>(client);
  }

  /// Sends `body` and answers with what `read` makes of the provider's answer.
  template <class T, class Read>
  caf::typed_response_promise<T> ask(const provider_endpoint& at, errand what, result<bytes> body, Read read) {
    auto promise = self->make_response_promise<T>();
    auto bases = base_urls(at);
    if (!body || !bases || under_way->waiting() >= options.max_waiting) {
      promise.deliver(to_caf(!body    ? body.error()
                             : !bases ? bases.error()
                                      : fail(errc::overloaded, "too many requests to providers are under way")));
      return promise;
    }
    what.body = *std::move(body);
    what.bases = *std::move(bases);
    what.connect_timeout = options.connect_timeout;
    what.max_answer = options.max_answer;
    what.done = [promise, read](result<std::string> got) mutable {
      auto answer = got ? read(as_bytes(*got)) : result<T>{got.error()};
      if (answer)
        promise.deliver(*std::move(answer));
      else
        promise.deliver(to_caf(answer.error()));
    };
    under_way->send(std::move(what));
    return promise;
  }

  auto propose(const proposal_parcel& parcel) {
    errand what{.verb = "POST", .path = "/market/mk12/store", .timeout = options.propose_timeout, .once = true};
    return ask<proposal_answer>(parcel.to, std::move(what), encode_parcel(parcel), [](bytes_view body) {
      auto answer = read_proposal_answer(body);
      // It arrived, and who knows what became of it.
      return answer ? answer : fail(errc::outcome_unknown, answer.error().message);
    });
  }

  auto status(const get_deal_status& request) {
    errand what{.verb = "GET", .path = "/market/mk12/status", .timeout = options.status_timeout};
    return ask<provider_deal_status>(request.at, std::move(what), encode_status_request(request),
                                     [request](bytes_view body) { return read_status_answer(body, request); });
  }

  auto price(const get_ask& request) {
    errand what{.verb = "GET", .path = "/market/mk12/ask", .timeout = options.ask_timeout};
    auto provider = request.of.provider;
    return ask<storage_ask>(request.of, std::move(what), encode_ask_request(provider),
                            [provider](bytes_view body) { return read_ask_answer(body, provider); });
  }

  pointer self;
  mk12_options options;
  std::unique_ptr<errands> under_way;
};

deal_carrier_actor::behavior_type carrier(carrier_state::pointer self, http::client* client, mk12_options options) {
  self->state.open(*client, options);
  return {
      [self](const get_ask& request) { return self->state.price(request); },
      [self](const proposal_parcel& parcel) { return self->state.propose(parcel); },
      [self](const get_deal_status& request) { return self->state.status(request); },
  };
}

} // namespace

deal_carrier_actor spawn_mk12_http(loop::host& host, http::client& client, mk12_options options) {
  return host.spawn(carrier, &client, options);
}

} // namespace weir::deals
