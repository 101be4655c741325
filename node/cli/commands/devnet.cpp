// devnet advance, providers, set, add-provider, fund, datacap: the control of a
// devnet, through the node that runs it.
#include "node/cli/commands/shared.hpp"
#include "node/cli/units.hpp"
#include "node/json/writer.hpp"

namespace weir::cli {

namespace {

int answer(context& c, const result<json::value>& r, const std::string& said) {
  if (!r)
    return c.fail(r.error());
  c.json() ? c.object(r->is_null() ? std::string{"{}"} : r->dump()) : c.line(said);
  return 0;
}

int advance(context& c) {
  auto epochs = parse_duration(c.argument(0));
  if (!epochs)
    return c.fail(epochs.error());
  json::writer w;
  w.begin_object().member("epochs", *epochs).end_object();
  return answer(c, c.node().send("POST", "/devnet/advance", w.take()),
                "the chain's clock went on by " + epochs_text(*epochs));
}

int clock(context& c) {
  json::writer w;
  w.begin_object().member("mode", c.argument(0)).end_object();
  return answer(c, c.node().send("POST", "/devnet/clock", w.take()), "the devnet's clock is " + c.argument(0));
}

int providers(context& c) {
  auto all = c.node().get("/devnet/providers");
  if (!all)
    return c.fail(all.error());
  const auto& items = all->is_array() ? all->items : (*all)["items"].items;
  for (const auto& p : items) {
    if (c.json()) {
      c.object(p);
      continue;
    }
    c.line(p["id"].text + "  " + p["name"].text + "  " + p["country"].text);
    for (const auto& [key, value] : p["behaviour"].members)
      c.line("    " + key + "=" + value.string());
  }
  return 0;
}

int set(context& c) {
  json::writer w;
  w.begin_object();
  for (std::size_t i = 1; i < c.given().arguments.size(); ++i) {
    const auto& pair = c.argument(i);
    auto equals = pair.find('=');
    if (equals == pair.npos)
      return c.fail(fail(errc::usage, "A change is key=value.", pair));
    w.member(pair.substr(0, equals), pair.substr(equals + 1));
  }
  w.end_object();
  return answer(c, c.node().send("POST", "/devnet/providers/" + coded(c.argument(0)), w.take()),
                c.argument(0) + " behaves so from now on");
}

int add_provider(context& c) {
  const auto& g = c.given();
  json::writer w;
  w.begin_object().member("address", c.argument(0)).member("multiaddr", g.get("multiaddr"));
  if (g.has("worker"))
    w.member("worker", g.get("worker"));
  if (g.has("peer"))
    w.member("peer", g.get("peer"));
  w.end_object();
  return answer(c, c.node().send("POST", "/devnet/providers", w.take()), c.argument(0) + " joined the devnet");
}

int fund(context& c) {
  json::writer w;
  w.begin_object().member("address", c.argument(0)).member("amount", c.argument(1)).end_object();
  return answer(c, c.node().send("POST", "/devnet/fund", w.take()), c.argument(0) + " has " + c.argument(1) + " more");
}

int datacap(context& c) {
  auto bytes = parse_size(c.argument(1));
  if (!bytes)
    return c.fail(bytes.error());
  json::writer w;
  w.begin_object().member("address", c.argument(0)).member("bytes", *bytes).end_object();
  return answer(c, c.node().send("POST", "/devnet/datacap", w.take()),
                c.argument(0) + " may store " + c.argument(1) + " more in verified deals");
}

} // namespace

std::vector<command> devnet_commands() {
  return {
      {"devnet advance", "DURATION", "Let the devnet's clock go on.", "weir devnet advance 2d", {}, 1, 1, advance},
      {"devnet clock",
       "MODE",
       "Let the devnet's clock run by itself, stand still, or run fast.",
       "weir devnet clock still",
       {},
       1,
       1,
       clock},
      {"devnet providers",
       "",
       "List the devnet's providers and how they behave.",
       "weir devnet providers",
       {},
       0,
       0,
       providers},
      {"devnet set",
       "PROVIDER key=value…",
       "Change how a provider of the devnet behaves.",
       "weir devnet set f01000 refuse='not today'",
       {},
       2,
       100,
       set},
      {"devnet add-provider",
       "ADDRESS",
       "Let a provider written elsewhere join the devnet.",
       "weir devnet add-provider t1… --multiaddr /ip4/127.0.0.1/tcp/8000/http",
       {{"multiaddr", "ADDR", "where it listens"},
        {"worker", "ADDRESS", "key that signs for it"},
        {"peer", "ID", "its peer id"}},
       1,
       1,
       add_provider},
      {"devnet fund",
       "ADDRESS AMOUNT",
       "Give an address of the devnet's coins.",
       "weir devnet fund t1… 10FIL",
       {},
       2,
       2,
       fund},
      {"devnet datacap",
       "ADDRESS SIZE",
       "Let an address make verified deals for so many bytes.",
       "weir devnet datacap t1… 1GiB",
       {},
       2,
       2,
       datacap},
  };
}

} // namespace weir::cli
