// wallet ls, new, import, export, balance, add-escrow, seed, restore; token ls, new, rm.
#include "messages/types/token_amount.hpp"
#include "node/cli/commands/shared.hpp"
#include "node/cli/units.hpp"
#include "node/json/writer.hpp"

#include <fstream>
#include <iostream>

namespace weir::cli {

namespace {

std::string fil(const json::value& atto) {
  auto amount = token_amount::parse(atto.string());
  return amount ? amount->fil() : atto.string();
}

std::string named(const std::string& name, const std::string& value) {
  json::writer w;
  w.begin_object().member(name, value).end_object();
  return w.take();
}

int ls(context& c) {
  return list_items(
      c, "/wallets", {}, {"ADDRESS", "NAME", "BALANCE", "ESCROW", "LOCKED", "DEFAULT"}, [](const json::value& w) {
        return std::vector<std::string>{w["addr"].text,   w["name"].text,   fil(w["balance"]),
                                        fil(w["escrow"]), fil(w["locked"]), w["isDefault"].boolean() ? "yes" : ""};
      });
}

int make(context& c) {
  return show_answer(c, c.node().send("POST", "/wallets", named("name", c.given().get("name"))), "addr");
}

/// A key never stands in the arguments, where other users could read it.
result<std::string> read_secret(const std::string& from) {
  std::string secret;
  if (from == "-") {
    std::getline(std::cin, secret);
  } else {
    std::ifstream file{from};
    if (!file)
      return fail(errc::io, "The key file cannot be read.", from);
    std::getline(file, secret);
  }
  while (!secret.empty() && (secret.back() == '\r' || secret.back() == ' '))
    secret.pop_back();
  if (secret.empty())
    return fail(errc::invalid_argument, "There is no key in the first line.", from);
  return secret;
}

int import(context& c) {
  auto secret = read_secret(c.argument(0));
  if (!secret)
    return c.fail(secret.error());
  json::writer w;
  w.begin_object().member("name", c.given().get("name")).member("secret", *secret).end_object();
  return show_answer(c, c.node().send("POST", "/wallets/import", w.take()), "addr");
}

int balance(context& c) {
  auto all = c.node().get("/wallets");
  if (!all)
    return c.fail(all.error());
  for (const auto& w : (*all)["items"].items) {
    bool wanted = c.given().arguments.empty() ? w["isDefault"].boolean() : w["addr"].text == c.argument(0);
    if (!wanted)
      continue;
    c.json() ? c.object(w)
             : c.line(fil(w["balance"]) + ", in escrow " + fil(w["escrow"]) + " of which " + fil(w["locked"])
                      + " are locked");
    return 0;
  }
  return c.fail(fail(errc::not_found, "The node has no such address."));
}

int add_escrow(context& c) {
  auto all = c.node().get("/wallets");
  if (!all)
    return c.fail(all.error());
  auto wallet = c.given().get("wallet");
  for (const auto& w : (*all)["items"].items)
    if (wallet.empty() && w["isDefault"].boolean())
      wallet = w["addr"].text;
  if (wallet.empty())
    return c.fail(fail(errc::not_found, "The node has no address yet; make one with `weir wallet new`."));
  return show_answer(c, c.node().send("POST", "/wallets/" + coded(wallet) + "/escrow", named("amount", c.argument(0))),
                     "message");
}

// ---- secrets

/// Whoever looks over a shoulder sees them, too: they are shown on request only.
result<json::value> shown_secret(context& c, const std::string& path) {
  if (!c.given().has("yes"))
    return fail(errc::usage, "Whoever sees this can spend what is there; say --yes to see it.");
  return c.node().send("POST", path, R"({"yes":true})");
}

int seed(context& c) {
  auto info = c.node().get("/wallets/seed");
  if (!info)
    return c.fail(info.error());
  if (c.json()) {
    c.object(*info);
    return 0;
  }
  c.line("seed " + (*info)["id"].text + ", path " + (*info)["path"].text + ", the next index is "
         + (*info)["next"].string());
  for (const auto& a : (*info)["notFromSeed"].items)
    c.line("not from this seed, keep a copy of its key: " + a.text);
  return 0;
}

int seed_show(context& c) {
  return show_answer(c, shown_secret(c, "/wallets/seed/show"), "words");
}

int export_one(context& c) {
  return show_answer(c, shown_secret(c, "/wallets/" + coded(c.argument(0)) + "/export"), "secret");
}

/// Words never stand in the arguments, where other users could read them.
result<std::string> read_words() {
  std::string words, line;
  while (words.size() < 1024 && std::getline(std::cin, line))
    words += (words.empty() ? "" : " ") + line;
  if (words.find_first_not_of(" \t\r") == words.npos)
    return fail(errc::invalid_argument, "There are no words in the standard input.");
  return words;
}

int restore(context& c) {
  const auto& g = c.given();
  auto words = read_words();
  if (!words)
    return c.fail(words.error());
  json::writer w;
  w.begin_object().member("words", *words).member("replace", g.has("replace"));
  for (const char* name : {"addresses", "gap"})
    if (g.has(name)) {
      auto number = parse_number(g.get(name));
      if (!number)
        return c.fail(number.error());
      w.member(name, *number);
    }
  w.end_object();
  auto done = c.node().send("POST", "/wallets/restore", w.take());
  if (!done || c.json())
    return show_answer(c, done, "id");
  for (const auto& a : (*done)["addresses"].items)
    c.line(a.text);
  return 0;
}

int token_ls(context& c) {
  return list_items(c, "/tokens", {}, {"NAME", "OWNER", "ADMIN"}, [](const json::value& t) {
    return std::vector<std::string>{t["name"].text, t["owner"].text, t["admin"].boolean() ? "yes" : ""};
  });
}

int token_new(context& c) {
  const auto& g = c.given();
  json::writer w;
  w.begin_object().member("name", c.argument(0)).member("admin", g.has("admin"));
  if (g.has("owner"))
    w.member("owner", g.get("owner"));
  if (g.has("expires"))
    w.member("expires", g.get("expires"));
  w.end_object();
  return show_answer(c, c.node().send("POST", "/tokens", w.take()), "token");
}

int token_rm(context& c) {
  return c.done(c.node().send("DELETE", "/tokens/" + coded(c.argument(0))));
}

} // namespace

std::vector<command> wallet_commands() {
  return {
      {"wallet ls", "", "List the node's addresses with their balances.", "weir wallet ls", {}, 0, 0, ls},
      {"wallet new",
       "",
       "Make a new key.",
       "weir wallet new --name savings",
       {{"name", "NAME", "what to call it"}},
       0,
       0,
       make},
      {"wallet import",
       "FILE",
       "Take a key over: hex or Lotus' export, in a file or '-'.",
       "weir wallet import key.txt",
       {{"name", "NAME", "what to call it"}},
       1,
       1,
       import},
      {"wallet export",
       "ADDRESS",
       "Show the key of an address as Lotus exports it.",
       "weir wallet export f1… --yes",
       {{"yes", "", "show the secret"}},
       1,
       1,
       export_one},
      {"wallet seed",
       "",
       "Say which seed new keys come from, and which keys do not.",
       "weir wallet seed",
       {},
       0,
       0,
       seed},
      {"wallet seed show",
       "",
       "Show the 24 words of the seed, to be written down.",
       "weir wallet seed show --yes",
       {{"yes", "", "show the secret"}},
       0,
       0,
       seed_show},
      {"wallet restore",
       "",
       "Bring the addresses of a seed back; its words come from the standard input.",
       "weir wallet restore --addresses 3 < words",
       {{"addresses", "NUMBER", "so many; otherwise those that the chain knows"},
        {"gap", "NUMBER", "how many unused ones in a row end the search; 20 otherwise"},
        {"replace", "", "new keys come from this seed, though there is another"}},
       0,
       0,
       restore},
      {"wallet balance",
       "[ADDRESS]",
       "Show a balance (of the default address).",
       "weir wallet balance",
       {},
       0,
       1,
       balance},
      {"wallet add-escrow",
       "AMOUNT",
       "Move FIL into the market escrow.",
       "weir wallet add-escrow 2FIL",
       {{"wallet", "ADDRESS", "of this address; the default one otherwise"}},
       1,
       1,
       add_escrow},
  };
}

std::vector<command> token_commands() {
  return {
      {"token ls", "", "List access tokens, without their text.", "weir token ls", {}, 0, 0, token_ls},
      {"token new",
       "NAME",
       "Make an access token; it is shown once.",
       "weir token new laptop",
       {{"owner", "USER", "whose contents it sees; the name otherwise"},
        {"admin", "", "may do everything"},
        {"expires", "DURATION", "for so long"}},
       1,
       1,
       token_new},
      {"token rm", "NAME", "Revoke an access token at once.", "weir token rm laptop", {}, 1, 1, token_rm},
  };
}

} // namespace weir::cli
