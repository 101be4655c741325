#include "adapters/chain/rpc_client.hpp"

#include "adapters/http/tracked_body.hpp"
#include "storage/support/file.hpp"

#include <unordered_set>

namespace weir::lotus {

namespace {

constexpr std::uint64_t max_read = 8ull << 20;
constexpr std::uint64_t max_slow = 64ull << 20;

int tries_of(call_kind kind) {
  return kind == call_kind::read ? 3 : kind == call_kind::slow_read ? 2 : 1;
}

bool worth_repeating(const error& e) {
  return e.code == errc::unreachable || e.code == errc::timeout || e.code == errc::overloaded;
}

/// Statuses that say something about the way, not about the call.
error http_problem(int status) {
  auto number = std::to_string(status);
  if (status == 401 || status == 403)
    return fail(errc::chain_error, "the chain node does not take our token; check its file", number);
  if (status == 429)
    return fail(errc::overloaded, "the chain node wants fewer calls", number);
  if (status >= 502 && status <= 504)
    return fail(errc::unreachable, "the chain node is not ready", number);
  return fail(errc::protocol, "the chain node answered with an HTTP error; is this the URL of its RPC?", number);
}

/// Errors of the node come with 200, those of the protocol with 400 or 500.
result<json_ptr> read_response(result<http::client_response> got, std::uint64_t id) {
  if (!got) {
    if (got.error().code == errc::too_large)
      return fail(errc::protocol, "the chain node's answer is too large", got.error().value, got.error().limit);
    return got.error();
  }
  bool may_be_json = got->status == 200 || got->status == 400 || got->status == 500;
  if (!may_be_json)
    return http_problem(got->status);
  auto answer = parse_answer(got->body, id);
  if (!answer && answer.error().code == errc::protocol && got->status != 200)
    return http_problem(got->status);
  return answer;
}

} // namespace

/// One call until it is answered or given up.
struct rpc_client::pending {
  pending(rpc_call c, std::uint64_t number, answer d) : what{std::move(c)}, id{number}, done{std::move(d)} {}
  rpc_call what;
  std::uint64_t id;
  answer done;
  int tried = 0;
  http::call_ptr running;
  std::unique_ptr<loop::timer> pause;
};

struct rpc_client::core : std::enable_shared_from_this<core> {
  core(loop::uv_loop& l, http::client& c, rpc_options o) : loop{l}, client{c}, options{std::move(o)} {}

  using call_ref = std::shared_ptr<pending>;

  http::client_request request_of(const pending& p) const {
    http::client_request r;
    r.verb = "POST";
    r.url = options.url;
    r.fields = bearer_fields(options.token);
    r.fields.add("Content-Type", "application/json");
    r.max_body = p.what.kind == call_kind::slow_read ? max_slow : max_read;
    r.timeout = p.what.kind == call_kind::read   ? options.read_timeout
                : p.what.kind == call_kind::push ? options.push_timeout
                                                 : options.slow_timeout;
    return r;
  }

  void send(const call_ref& p) {
    ++p->tried;
    auto request = request_of(*p);
    http::tracked_body body{to_bytes(as_bytes(request_text(p->id, p->what)))};
    request.source = body.upload();
    auto self = weak_from_this();
    p->running = client.fetch(std::move(request), [self, weak = std::weak_ptr{p}, body](auto got) {
      auto core = self.lock();
      auto still = weak.lock();
      if (core && still && core->calls.contains(still))
        core->came(still, read_response(std::move(got), still->id), body.started());
    });
  }

  void came(const call_ref& p, result<json_ptr> got, bool sent) {
    if (!got && p->what.kind == call_kind::push && sent && got.error().code != errc::chain_error
        && got.error().code != errc::not_found)
      return finish(p, fail(errc::outcome_unknown,
                            "the message may or may not have reached the chain node: " + got.error().message));
    if (got || !worth_repeating(got.error()) || p->tried >= tries_of(p->what.kind))
      return finish(p, std::move(got));
    p->pause = std::make_unique<loop::timer>(loop);
    auto wait = options.first_pause * (p->tried == 1 ? 1 : 4);
    p->pause->start(wait, [this, p] { send(p); }); // the timer goes with the core
  }

  void finish(const call_ref& p, result<json_ptr> how) {
    calls.erase(p);
    p->pause.reset();
    p->done(std::move(how));
  }

  void end() {
    auto leaving = std::move(calls);
    calls.clear();
    for (auto& p : leaving) {
      p->pause.reset();
      if (p->running)
        p->running->cancel();
      p->done(fail(errc::shutting_down, "the node is stopping"));
    }
  }

  loop::uv_loop& loop;
  http::client& client;
  rpc_options options;
  std::unordered_set<call_ref> calls;
  std::uint64_t next_id = 1;
};

rpc_client::rpc_client(loop::uv_loop& owner, http::client& client, rpc_options options)
    : core_{std::make_shared<core>(owner, client, std::move(options))} {}

rpc_client::~rpc_client() {
  core_->end();
}

void rpc_client::call(rpc_call what, answer done) {
  if (core_->calls.size() >= core_->options.max_waiting)
    return done(fail(errc::overloaded, "too many calls wait for the chain node", {},
                     std::to_string(core_->options.max_waiting)));
  auto p = std::make_shared<pending>(std::move(what), core_->next_id++, std::move(done));
  core_->calls.insert(p);
  core_->send(p);
}

http::headers bearer_fields(const std::string& token) {
  http::headers out;
  if (!token.empty())
    out.add("Authorization", "Bearer " + token);
  return out;
}

result<std::string> read_token_file(const std::string& path) {
  WEIR_TRY(auto text, read_small_file(path, 64 << 10));
  auto token = text.substr(0, text.find_first_of("\r\n"));
  if (token.empty()
      || token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=")
             != std::string::npos)
    return fail(errc::malformed, "the file does not hold a bearer token", path);
  return token;
}

} // namespace weir::lotus
