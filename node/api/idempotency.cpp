#include "node/api/idempotency.hpp"

#include "storage/hash/digest.hpp"
#include "storage/records/codec.hpp"

#include <spdlog/spdlog.h>

namespace weir::api {

namespace {

constexpr std::size_t max_key = 255;
constexpr const char* kept_answers = "answers"; // a local table
constexpr std::size_t forgotten_at_once = 10'000;

std::string busy_key(const call& c, const std::string& key) {
  return c.who.owner.value + '\n' + key;
}

/// "201 application/json\n" and the body.
std::string packed(const http::response& answer) {
  auto type = answer.fields.get("content-type").value_or("application/json");
  return std::to_string(answer.status) + " " + std::string{type} + "\n" + std::string{as_text(answer.body.view)};
}

http::response unpacked(const std::string& kept) {
  auto line = kept.find('\n');
  auto space = kept.find(' ');
  http::response out;
  out.status = std::stoi(kept.substr(0, space));
  out.fields.set("Content-Type", kept.substr(space + 1, line - space - 1));
  out.fields.set("Idempotency-Replayed", "true");
  out.body = http::owned_bytes{kept.substr(line + 1)};
  return out;
}

std::string hash_of(const http::request& r, std::string_view body) {
  std::string text{http::to_string(r.verb)};
  text += '\n';
  text += r.raw_target;
  text += '\n';
  text += body;
  return to_hex(sha2_256(as_bytes(text)));
}

} // namespace

void answer_once(call c, std::string_view body, const std::function<void(call)>& run) {
  auto key = c.x->request().header("idempotency-key");
  if (!key)
    return run(c);
  if (key->empty() || key->size() > max_key)
    return c.fail(weir::fail(errc::invalid_argument, "An Idempotency-Key has 1 to 255 characters.", {}, "255"));
  auto hash = hash_of(c.x->request(), body);
  auto found = c.node->commits.records->local_find(kept_answers, busy_key(c, std::string{*key}));
  if (!good(c, found))
    return;
  if (*found) {
    auto read = records::decode<idempotent_answer>(**found);
    if (!good(c, read))
      return;
    const auto& kept = *read;
    if (kept.request_hash != hash)
      return c.fail(
          weir::fail(errc::invalid_argument, "This Idempotency-Key was used for another request.", std::string{*key}));
    return c.x->respond(unpacked(kept.answer));
  }
  if (!c.node->busy_keys.insert(busy_key(c, std::string{*key})).second)
    return c.fail(
        weir::fail(errc::conflict, "The first request with this Idempotency-Key is still running.", std::string{*key}));
  c.once = std::make_shared<idempotent_write>(idempotent_write{std::string{*key}, hash, false});
  run(c);
}

void remember_answer(call c, http::response answer) {
  auto write = std::exchange(c.once, nullptr);
  auto key = busy_key(c, write->key);
  if (answer.status >= 500 || write->secret) {
    c.node->busy_keys.erase(key);
    return c.x->respond(std::move(answer));
  }
  idempotent_answer kept{write->key, c.who.owner, write->request_hash, packed(answer), c.node->clock()};
  // An answer that cannot be kept is given all the same: the write has happened.
  std::vector<records::local_mutation> puts{{kept_answers, key, records::encode(kept)}};
  if (auto done = c.node->commits.records->local_write(puts, records::durability::lazy); !done)
    spdlog::warn("an answer is not kept for its idempotency key: {}", to_string(done.error()));
  c.node->busy_keys.erase(key);
  c.x->respond(std::move(answer));
}

void forget_old_answers(services& node) {
  auto oldest = node.clock().value - answers_kept_ms;
  auto& store = *node.commits.records;
  std::vector<records::local_mutation> old;
  auto read = store.local_scan(kept_answers, {}, [&](std::string_view key, std::string_view value) {
    auto kept = records::decode<idempotent_answer>(value);
    if (!kept || kept->created.value < oldest)
      old.push_back({kept_answers, std::string{key}, std::nullopt});
    return old.size() < forgotten_at_once;
  });
  if (read && !old.empty())
    read = store.local_write(old, records::durability::lazy);
  if (!read)
    spdlog::warn("old answers are not forgotten: {}", to_string(read.error()));
}

} // namespace weir::api
