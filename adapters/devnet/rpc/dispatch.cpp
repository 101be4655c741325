#include "adapters/devnet/rpc/dispatch.hpp"

#include <memory>
#include <nlohmann/json.hpp>

namespace weir::devnet::rpc {

namespace {

constexpr int range_too_large = -32005;
constexpr std::string_view prefix = "Filecoin.";

json result_reply(const json& id, json result) {
  return {{"jsonrpc", "2.0"}, {"result", std::move(result)}, {"id", id}};
}
json error_reply(const json& id, const rpc_failure& f) {
  return {{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", f.code}, {"message", f.message}}}};
}
/// Protocol-level errors are HTTP errors too.
int http_status(int code) {
  return code == invalid_request ? 400 : code >= parse_error && code < -32000 && code != range_too_large ? 500 : 200;
}

rpc_failure wrong_count(const std::string& method, std::size_t got, std::size_t want) {
  return {invalid_params,
          "wrong param count (method '" + method + "'): " + std::to_string(got) + " != " + std::to_string(want)};
}

} // namespace

struct dispatcher::waiting {
  json id;
  cid message;
  epoch_delta confidence;
  answer done;
  std::function<bool()> alive;
};

dispatcher::dispatcher(context c) : context_{c} {
  add_chain_methods(table_);
  add_state_methods(table_);
  add_market_methods(table_);
  add_message_methods(table_);
  add_event_methods(table_);
  listener_ = context_.node.listen([this](const chain_changes&) { look_at_waiting(); });
}

dispatcher::~dispatcher() {
  context_.node.forget(listener_);
}

void dispatcher::handle(std::string_view text, session* ws, reply done, std::function<bool()> alive) {
  auto request = json::parse(text, nullptr, false);
  if (request.is_discarded()) {
    done(error_reply(nullptr, {parse_error, "Parse error"}).dump(), 500);
    return;
  }
  if (!request.is_array()) {
    one(
        request, ws,
        [done](json answer, int status) { done(answer.is_null() ? std::string{} : answer.dump(), status); }, alive);
    return;
  }
  if (request.empty() || request.size() > max_batch) {
    done(error_reply(nullptr, {invalid_request, "Invalid request"}).dump(), 400);
    return;
  }
  struct batch {
    json answers = json::array();
    std::size_t missing;
  };
  auto all = std::make_shared<batch>();
  all->missing = request.size();
  for (auto& r : request)
    one(
        r, ws,
        [all, done](json answer, int) {
          if (!answer.is_null())
            all->answers.push_back(std::move(answer));
          if (--all->missing == 0)
            done(all->answers.empty() ? std::string{} : all->answers.dump(), 200);
        },
        alive);
}

void dispatcher::one(const json& request, session* ws, answer done, const std::function<bool()>& alive) {
  ++calls_;
  json id;
  try {
    if (!request.is_object() || !request.contains("method") || !request["method"].is_string())
      throw rpc_failure{invalid_request, "Invalid request"};
    id = request.value("id", json{});
    auto name = request["method"].get<std::string>();
    run(request, name, request.value("params", json::array()), ws, done, alive);
  } catch (const rpc_failure& f) {
    done(error_reply(id, f), http_status(f.code));
  } catch (const json::exception& e) {
    done(error_reply(id, {parse_error, std::string{"unmarshaling params: "} + e.what()}), 500);
  }
}

void dispatcher::run(const json& request, const std::string& name, const json& given, session* ws, const answer& done,
                     const std::function<bool()>& alive) {
  auto params = given.is_null() ? json::array() : given;
  if (!params.is_array())
    throw rpc_failure{invalid_params, "params must be an array"};
  auto id = request.value("id", json{});
  if (subscribe(request, name, params, ws, done))
    return;
  if (name == "Filecoin.StateWaitMsg") {
    if (params.size() != 4)
      throw wrong_count(name, params.size(), 4);
    wait_message(id, params, done, alive);
    return;
  }
  auto found = name.starts_with(prefix) ? table_.find(name.substr(prefix.size())) : table_.end();
  if (found == table_.end())
    throw rpc_failure{method_not_found, "method '" + name + "' not found"};
  if (params.size() != found->second.params)
    throw wrong_count(name, params.size(), found->second.params);
  auto result = found->second.run(context_, params);
  done(id.is_null() ? json{} : result_reply(id, std::move(result)), 200);
}

bool dispatcher::subscribe(const json& request, const std::string& name, const json& params, session* ws,
                           const answer& done) {
  auto id = request.value("id", json{});
  bool heads = name == "Filecoin.ChainNotify", events = name == "Filecoin.SubscribeActorEventsRaw";
  if (name == "xrpc.cancel") {
    if (ws && params.size() == 1)
      ws->cancel(params[0]);
    done({}, 200);
    return true;
  }
  if (!heads && !events)
    return false;
  if (params.size() != (heads ? 0u : 1u))
    throw wrong_count(name, params.size(), heads ? 0 : 1);
  if (!ws)
    throw rpc_failure{invalid_params, "method '" + name + "' not supported in this mode (no out channel support)"};
  auto channel = heads ? ws->chain_notify(id) : ws->actor_events(id, params[0]);
  done(result_reply(id, channel.number), 200);
  channel.start();
  return true;
}

void dispatcher::wait_message(const json& id, const json& params, const answer& done, std::function<bool()> alive) {
  if (waiting_.size() >= max_waiting)
    throw rpc_failure{1, "too many calls are waiting for messages"};
  auto confidence = static_cast<epoch_delta>(read_number(params[1]));
  waiting_.push_back({id, read_cid(params[0]), confidence, done, std::move(alive)});
  look_at_waiting();
}

void dispatcher::look_at_waiting() {
  std::vector<waiting> still;
  auto list = std::move(waiting_);
  waiting_.clear();
  for (auto& w : list) {
    if (!w.alive())
      continue;
    auto found = message_lookup(context_, w.message);
    bool deep =
        !found.is_null() && context_.node.head()->height().value >= found["Height"].get<std::int64_t>() + w.confidence;
    if (deep)
      w.done(result_reply(w.id, std::move(found)), 200);
    else
      still.push_back(std::move(w));
  }
  waiting_.insert(waiting_.end(), std::make_move_iterator(still.begin()), std::make_move_iterator(still.end()));
}

} // namespace weir::devnet::rpc
