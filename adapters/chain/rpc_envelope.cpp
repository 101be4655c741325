#include "adapters/chain/rpc_envelope.hpp"

#include <nlohmann/json.hpp>

namespace weir::lotus {

namespace {

constexpr std::int64_t actor_not_found = 11;

result<json> parse(std::string_view text) {
  auto parsed = json::parse(text, nullptr, false);
  if (parsed.is_discarded() || !parsed.is_object())
    return bad_answer("it is not a JSON object: " + printable(text, 80));
  return parsed;
}

error read_error(const json& e) {
  return node_error(read_int(member(e, "code")), read_text(member(e, "message")));
}

/// "result" may be missing: Go leaves out what is nil.
json_ptr take_result(json& whole) {
  auto found = whole.find("result");
  return std::make_shared<const json>(found == whole.end() ? json{} : std::move(*found));
}

/// ["channel number", value…]
incoming read_notification(json& whole, const std::string& method) {
  incoming out;
  auto& params = member(whole, "params");
  if (!params.is_array() || params.empty())
    throw bad_json{"a notification has no channel"};
  out.id = read_uint(params[0]);
  if (method == "xrpc.ch.close") {
    out.what = incoming::kind::closed;
  } else if (method == "xrpc.ch.val" && params.size() == 2) {
    out.what = incoming::kind::value;
    out.body = std::make_shared<const json>(std::move(whole["params"][1]));
  }
  return out;
}

incoming read_incoming(json& whole) {
  if (auto method = optional_member(whole, "method"))
    return read_notification(whole, read_text(*method));
  incoming out;
  out.what = incoming::kind::answer;
  out.id = read_uint(member(whole, "id"));
  if (auto e = optional_member(whole, "error"))
    out.problem = read_error(*e);
  else
    out.body = take_result(whole);
  return out;
}

} // namespace

std::string request_text(std::uint64_t id, const rpc_call& call) {
  return R"({"jsonrpc":"2.0","method":"Filecoin.)" + call.method + R"(","params":)" + call.params + R"(,"id":)"
         + std::to_string(id) + "}";
}

std::string cancel_text(std::uint64_t id) {
  return R"({"jsonrpc":"2.0","method":"xrpc.cancel","params":[)" + std::to_string(id) + "]}";
}

error node_error(std::int64_t code, const std::string& message) {
  bool missing_deal = message.find("deal ") != std::string::npos && message.find("not found") != std::string::npos;
  if (code == actor_not_found || message.find("actor not found") != std::string::npos || missing_deal)
    return fail(errc::not_found, "the chain does not have it: " + printable(message));
  return fail(errc::chain_error, "the chain node says: " + printable(message), std::to_string(code));
}

result<json_ptr> parse_answer(std::string_view text, std::uint64_t id) {
  WEIR_TRY(auto whole, parse(text));
  auto read = decoding([&]() -> result<json_ptr> {
    if (auto e = optional_member(whole, "error"))
      return read_error(*e);
    if (read_uint(member(whole, "id")) != id)
      throw bad_json{"it answers another request"};
    return take_result(whole);
  });
  if (!read)
    return read.error();
  return *std::move(read);
}

result<incoming> parse_incoming(std::string_view text) {
  WEIR_TRY(auto whole, parse(text));
  return decoding([&] { return read_incoming(whole); });
}

} // namespace weir::lotus
