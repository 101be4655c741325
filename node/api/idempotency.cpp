#include "node/api/idempotency.hpp"

#include "storage/hash/digest.hpp"

namespace weir::api {

namespace {

constexpr std::size_t max_key = 255;

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
  auto found = c.node->newest()->find<idempotent_answer>({c.who.owner, std::string{*key}});
  if (!good(c, found))
    return;
  if (*found) {
    const auto& kept = (*found)->value;
    if (kept.request_hash != hash)
      return c.fail(weir::fail(errc::invalid_argument, "This Idempotency-Key was used for another request.",
                               std::string{*key}));
    return c.x->respond(unpacked(kept.answer));
  }
  if (!c.node->busy_keys.insert(busy_key(c, std::string{*key})).second)
    return c.fail(weir::fail(errc::conflict, "The first request with this Idempotency-Key is still running.",
                             std::string{*key}));
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
  auto sent = std::make_shared<http::response>(std::move(answer));
  auto build = [kept, tried = false](const records::reader&) mutable -> result<transaction_builder> {
    transaction_builder t;
    if (!std::exchange(tried, true))
      t.put(kept);
    return t;
  };
  // An answer that could not be kept is given all the same: the write has happened.
  c.node->commits.commit(c.node->self, build, [c, key, sent](const status&) {
    c.node->busy_keys.erase(key);
    c.x->respond(std::move(*sent));
  });
}

void forget_old_answers(services& node) {
  auto oldest = node.clock().value - answers_kept_ms;
  auto build = [oldest](const records::reader& newest) -> result<transaction_builder> {
    transaction_builder t;
    WEIR_CHECK(newest.each<idempotent_answer>([&](const stored<idempotent_answer>& kept) {
      if (kept.value.created.value < oldest)
        t.erase(kept.value);
      return t.look().mutations.size() < 10'000;
    }));
    return t;
  };
  node.commits.commit(node.self, build, [](const status&) {});
}

} // namespace weir::api
