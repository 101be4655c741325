// The devnet's control endpoints: what `weir devnet …` calls.
#include "adapters/devnet/core.hpp"
#include "storage/filecoin/address_text.hpp"
#include "storage/filecoin/multiaddr.hpp"

#include <nlohmann/json.hpp>

namespace weir::devnet {

namespace {

using json = nlohmann::json;

constexpr std::uint64_t max_body = 64 << 10;
constexpr std::int64_t max_advance = 10 * 365 * epochs_per_day;

void reply(http::exchange& x, const json& j) {
  x.respond(http::response::json(200, j.dump() + "\n"));
}
void reply(http::exchange& x, const status& s) {
  s ? reply(x, json::object()) : x.respond(http::response::problem(s.error()));
}

error bad_field(const std::string& name, const json& value, const char* what) {
  return fail(errc::invalid_argument, "the field '" + name + "' is missing or not understood",
              value.is_null() ? "" : value.dump(), what);
}

result<std::int64_t> whole(const json& j, const std::string& name, std::int64_t most) {
  auto v = j.value(name, json{});
  if (!v.is_number_integer() || v.get<std::int64_t>() < 0 || v.get<std::int64_t>() > most)
    return bad_field(name, v, "a whole number that is not negative");
  return v.get<std::int64_t>();
}

result<std::string> text(const json& j, const std::string& name) {
  auto v = j.value(name, json{});
  if (!v.is_string())
    return bad_field(name, v, "a string");
  return v.get<std::string>();
}

result<address> address_field(const json& j, const std::string& name) {
  WEIR_TRY(auto value, text(j, name));
  return filecoin::parse_address(value);
}

json describe(const provider& p) {
  return {{"id", filecoin::to_text(p.options().id)}, {"name", p.options().name},
          {"country", p.options().country},          {"url", p.base_url()},
          {"behaviour", show_behaviour(p.now())},    {"deals", p.deal_counts()}};
}

/// A value of a provider's key as text, whatever JSON has for it.
std::string value_text(const json& v) {
  return v.is_string() ? v.get<std::string>() : v.is_boolean() ? (v.get<bool>() ? "on" : "off") : v.dump();
}

json show_status(core& c) {
  auto& chain = c.node->chain();
  return {{"network", chain.params().network},
          {"head", chain.head()->height().value},
          {"finalized", chain.finalized().value},
          {"clock", to_string(c.clock->mode())},
          {"pending", c.clock->pending()},
          {"pool", chain.pool().all().size()},
          {"deals", chain.state().deals.rows().size()},
          {"reorgs", chain.reorgs()},
          {"inSync", c.node->in_sync()},
          {"rpcOutage", c.rpc->outage()},
          {"subscribers", c.rpc->subscribers()},
          {"seed", chain.params().seed},
          {"master", filecoin::to_text(c.people.master.address())},
          {"rpc", c.url + "/rpc/v1"},
          {"timestamp", chain.head()->block.timestamp}};
}

status set_provider(core& c, std::string_view id, const json& j) {
  WEIR_TRY(auto who, filecoin::parse_address(id));
  auto* p = c.find_provider(who);
  if (!p)
    return fail(errc::not_found, "no provider of this devnet's own has that id", std::string{id});
  std::vector<std::pair<std::string, std::string>> changes;
  for (auto& [key, value] : j.items())
    changes.emplace_back(key, value_text(value));
  return p->set(changes);
}

result<foreign_provider> read_foreign(const json& j) {
  foreign_provider who;
  WEIR_TRY(auto named, address_field(j, "address"));
  bool by_id = named.kind() == address::protocol::id;
  if (by_id)
    who.wanted = named;
  if (!by_id && !j.contains("worker")) {
    who.worker = named;
  } else {
    WEIR_TRY(who.worker, address_field(j, "worker"));
  }
  if (who.worker.kind() == address::protocol::id)
    return bad_field("worker", j.value("worker", json{}), "a key address (f1…)");
  if (j.contains("multiaddr")) {
    WEIR_TRY(auto value, text(j, "multiaddr"));
    WEIR_TRY(auto parsed, filecoin::multiaddr::parse(value));
    who.multiaddr = parsed.data();
  }
  if (j.contains("peer")) {
    WEIR_TRY(auto value, text(j, "peer"));
    WEIR_TRY(who.peer_id, filecoin::parse_peer_id(value));
  }
  return who;
}

/// on or off, perhaps for a time.
status switch_for(const json& j, const std::function<void(bool, std::uint64_t)>& set) {
  if (j.contains("seconds")) {
    WEIR_TRY(auto seconds, whole(j, "seconds", 86400 * 365));
    set(seconds > 0, static_cast<std::uint64_t>(seconds));
    return {};
  }
  auto on = j.value("on", json{});
  if (!on.is_boolean())
    return bad_field("on", on, "true or false");
  set(on.get<bool>(), 0);
  return {};
}

using action = std::function<void(const http::exchange_ptr&, const json&)>;

/// Reads a JSON object and hands it on; JSON only, so that no form can post here.
http::handler with_json(action what) {
  return [what](const http::exchange_ptr& x) {
    x->read_all(max_body, [x, what](result<std::string> body) {
      if (!body)
        return x->respond(http::response::problem(body.error()));
      auto j = body->empty() ? json::object() : json::parse(*body, nullptr, false);
      if (!j.is_object())
        return x->respond(http::response::problem(fail(errc::malformed, "a JSON object was expected")));
      what(x, j);
    });
  };
}

template <class T>
core::done<T> answer_to(const http::exchange_ptr& x, std::function<json(const T&)> show) {
  return [x, show](result<T> r) { r ? reply(*x, show(*r)) : x->respond(http::response::problem(r.error())); };
}

void do_advance(core& c, const http::exchange_ptr& x, const json& j) {
  auto epochs = whole(j, "epochs", max_advance);
  if (!epochs)
    return reply(*x, status{epochs.error()});
  c.clock->advance(*epochs, answer_to<epoch>(x, [](const epoch& e) { return json{{"head", e.value}}; }));
}

void do_fund(core& c, const http::exchange_ptr& x, const json& j) {
  auto to = address_field(j, "address");
  auto words = text(j, "amount");
  auto amount = words ? token_amount::parse_fil(*words) : result<token_amount>{words.error()};
  if (!to || !amount)
    return reply(*x, status{to ? amount.error() : to.error()});
  c.fund(*to, *amount, answer_to<receipt>(x, [](const receipt&) { return json::object(); }));
}

void do_datacap(core& c, const http::exchange_ptr& x, const json& j) {
  auto to = address_field(j, "address");
  auto bytes = whole(j, "bytes", std::int64_t{1} << 60);
  if (!to || !bytes)
    return reply(*x, status{to ? bytes.error() : to.error()});
  c.grant_datacap(*to, static_cast<std::uint64_t>(*bytes),
                  answer_to<receipt>(x, [](const receipt&) { return json::object(); }));
}

void do_slash(core& c, const http::exchange_ptr& x, const json& j) {
  auto deal = whole(j, "deal", INT64_MAX);
  if (!deal)
    return reply(*x, status{deal.error()});
  c.slash(static_cast<std::uint64_t>(*deal), answer_to<receipt>(x, [](const receipt&) { return json::object(); }));
}

void do_join(core& c, const http::exchange_ptr& x, const json& j) {
  auto who = read_foreign(j);
  if (!who)
    return reply(*x, status{who.error()});
  c.join(*std::move(who), answer_to<address>(x, [](const address& id) { return json{{"id", filecoin::to_text(id)}}; }));
}

status do_reorg(core& c, const json& j) {
  WEIR_TRY(auto depth, whole(j, "depth", 1'000'000));
  auto drop = j.value("drop", json(false));
  if (!drop.is_boolean())
    return bad_field("drop", drop, "true or false");
  return c.reorg(static_cast<std::size_t>(depth),
                 drop.get<bool>() ? reverted_messages::drop : reverted_messages::return_to_pool);
}

status set_clock(core& c, const json& j) {
  WEIR_TRY(auto name, text(j, "mode"));
  auto mode = clock_mode_from(name);
  if (!mode)
    return bad_field("mode", name, "automatic, still or fast");
  c.clock->set_mode(*mode);
  return {};
}

} // namespace

void core::add_control(http::router& routes) {
  auto on_post = [&](const char* path, action what) { routes.add("POST", path, with_json(std::move(what))); };
  routes.add("GET", "/devnet/status", [this](http::exchange_ptr x) { reply(*x, show_status(*this)); });
  routes.add("GET", "/devnet/providers", [this](http::exchange_ptr x) {
    auto list = json::array();
    for (auto& p : providers)
      list.push_back(describe(*p));
    reply(*x, list);
  });
  on_post("/devnet/advance", [this](auto& x, auto& j) { do_advance(*this, x, j); });
  on_post("/devnet/clock", [this](auto& x, auto& j) { reply(*x, set_clock(*this, j)); });
  on_post("/devnet/providers", [this](auto& x, auto& j) { do_join(*this, x, j); });
  on_post("/devnet/providers/{id}",
          [this](auto& x, auto& j) { reply(*x, set_provider(*this, x->request().capture("id"), j)); });
  on_post("/devnet/fund", [this](auto& x, auto& j) { do_fund(*this, x, j); });
  on_post("/devnet/datacap", [this](auto& x, auto& j) { do_datacap(*this, x, j); });
  on_post("/devnet/slash", [this](auto& x, auto& j) { do_slash(*this, x, j); });
  on_post("/devnet/reorg", [this](auto& x, auto& j) { reply(*x, do_reorg(*this, j)); });
  on_post("/devnet/rpc-outage", [this](auto& x, auto& j) {
    reply(*x, switch_for(j, [this](bool on, std::uint64_t s) { set_outage(on, s); }));
  });
  on_post("/devnet/out-of-sync", [this](auto& x, auto& j) {
    reply(*x, switch_for(j, [this](bool on, std::uint64_t s) { set_in_sync(!on, s); }));
  });
}

} // namespace weir::devnet
