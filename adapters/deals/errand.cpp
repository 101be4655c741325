#include "adapters/deals/errand.hpp"

#include "adapters/http/tracked_body.hpp"

namespace weir::deals {

namespace {

/// What a failed try says: the error, and whether the request surely had no
/// effect at the provider.
struct verdict {
  error why;
  bool no_effect;
};

verdict judge_status(int status) {
  auto number = std::to_string(status);
  if (status == 429)
    return {fail(errc::overloaded, "the provider wants fewer requests", number), true};
  if (status == 503)
    return {fail(errc::timeout, "the provider was not done in time", number), false};
  if (status >= 500)
    return {fail(errc::unreachable, "the provider's server is in trouble", number), false};
  return {fail(errc::protocol, "the provider does not serve mk12 at its address", number), true};
}

verdict judge_try(const result<http::client_response>& got, bool sent) {
  if (got)
    return judge_status(got->status);
  if (got.error().code == errc::too_large)
    return {fail(errc::protocol, "the provider's answer is too large", {}, got.error().limit), false};
  return {got.error(), !sent};
}

} // namespace

struct errands::trip {
  errand what;
  std::size_t next = 0; ///< of the base URLs
  http::call_ptr running;
};

errands::~errands() {
  auto leaving = std::move(running_);
  running_.clear();
  for (auto& t : leaving) {
    if (t->running)
      t->running->cancel();
    t->what.done(fail(errc::shutting_down, "the node is stopping"));
  }
}

void errands::send(errand what) {
  auto t = std::make_shared<trip>(trip{std::move(what), 0, nullptr});
  running_.insert(t);
  go(t);
}

void errands::go(const trip_ptr& t) {
  auto& what = t->what;
  http::tracked_body body{what.body};
  http::client_request r;
  r.verb = what.verb;
  r.url = what.bases[t->next++] + what.path;
  r.fields.add("Content-Type", "application/cbor");
  r.source = body.upload();
  r.max_body = what.max_answer;
  r.connect_timeout = what.connect_timeout;
  r.timeout = what.timeout;
  auto weak = std::weak_ptr{t};
  t->running = client_.fetch(std::move(r), [this, weak, body](result<http::client_response> got) {
    // After the destructor the trip is gone, and `this` with it.
    if (auto trip = weak.lock(); trip && running_.contains(trip))
      came(trip, std::move(got), body.started());
  });
}

void errands::came(const trip_ptr& t, result<http::client_response> got, bool sent) {
  auto end = [&](result<std::string> how) {
    running_.erase(t);
    t->what.done(std::move(how));
  };
  if (got && got->status == 200)
    return end(std::move(got->body));
  auto verdict = judge_try(got, sent);
  bool may_repeat = !t->what.once || verdict.no_effect;
  if (may_repeat && t->next < t->what.bases.size() && verdict.why.code != errc::cancelled)
    return go(t);
  if (!may_repeat)
    verdict.why = fail(errc::outcome_unknown, "the proposal may or may not have arrived: " + verdict.why.message,
                       verdict.why.value);
  end(std::move(verdict.why));
}

} // namespace weir::deals
