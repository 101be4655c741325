#include "node/config/options.hpp"

#include "node/cli/options.hpp"
#include "node/cli/units.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

namespace weir {

namespace {

using text = const std::string&;

status into_switch(bool& flag, text t) {
  if (t != "true" && t != "false")
    return fail(errc::invalid_argument, "A switch is true or false.", t);
  flag = t == "true";
  return {};
}

status into_size(std::uint64_t& size, text t) {
  WEIR_TRY(size, cli::parse_size(t));
  return {};
}

status into_address(std::string& where, text t) {
  auto colon = t.rfind(':');
  if (colon == t.npos || colon == 0)
    return fail(errc::invalid_argument, "An address is HOST:PORT, as in 127.0.0.1:3004; port 0 takes a free one.", t);
  WEIR_TRY(auto port, cli::parse_number(std::string_view{t}.substr(colon + 1)));
  if (port > 65535)
    return fail(errc::invalid_argument, "There is no such port.", t, "65535");
  where = t;
  return {};
}

status into_choice(std::string& value, text t, std::initializer_list<std::string_view> choices) {
  if (std::find(choices.begin(), choices.end(), t) == choices.end())
    return fail(errc::invalid_argument, "This is not one of the choices.", t);
  value = t;
  return {};
}

status into_role(node_role& role, text t) {
  for (auto r : {node_role::both, node_role::api, node_role::core})
    if (to_string(r) == t) {
      role = r;
      return {};
    }
  return fail(errc::invalid_argument, "The role is api, core or both.", t);
}

status into_url(std::string& value, text t, bool websockets) {
  bool good = t.starts_with("http://") || t.starts_with("https://")
              || (websockets && (t.starts_with("ws://") || t.starts_with("wss://")));
  if (!good)
    return fail(errc::invalid_argument, "This has to be a URL with its scheme, as in http://127.0.0.1:1234/rpc/v1.", t);
  value = t;
  return {};
}

status into_small_block(std::uint64_t& size, text t) {
  WEIR_TRY(size, cli::parse_size(t));
  return size <= 1 << 20 ? status{} : fail(errc::invalid_argument, "a small block has 1 MiB at most", t);
}

/// Links are resolved now, so that what is below can be told by its name.
status into_folders(std::string& folders, text t) {
  folders.clear();
  for (std::size_t at = 0; at <= t.size();) {
    const auto end = std::min(t.find(':', at), t.size());
    const auto name = t.substr(at, end - at);
    std::error_code code;
    const auto folder = std::filesystem::canonical(name, code);
    if (code || !std::filesystem::is_directory(folder, code))
      return fail(errc::invalid_argument, "This is no folder.", name);
    folders += (folders.empty() ? "" : ":") + folder.string();
    at = end + 1;
  }
  return {};
}

status into_number(std::size_t& number, text t) {
  WEIR_TRY(number, cli::parse_number(t));
  return {};
}

status into_price(token_amount& price, text t) {
  WEIR_TRY(price, token_amount::parse_fil(t));
  return {};
}

constexpr std::array<setting, 28> all_settings{{
    {"data", "DIR", "folder of everything the node has", "",
     [](node_options& o, text t) { return o.data = t, status{}; }},
    {"api", "HOST:PORT", "dashboard and API; port 0 takes a free one", "127.0.0.1:3004",
     [](node_options& o, text t) { return into_address(o.api, t); }},
    {"gateway", "HOST:PORT", "untrusted bytes, read only, an origin of its own", "127.0.0.1:3005",
     [](node_options& o, text t) { return into_address(o.gateway, t); }},
    {"pieces", "HOST:PORT", "where providers download pieces", "127.0.0.1:3006",
     [](node_options& o, text t) { return into_address(o.pieces, t); }},
    {"rpc", "HOST:PORT", "Cap'n Proto for programs; besides the socket rpc.sock in the data folder",
     "127.0.0.1 and a free port, the same at each start",
     [](node_options& o, text t) { return into_address(o.rpc, t); }},
    {"rpc-cert", "FILE", "certificate (PEM) with which --rpc speaks TLS", "none",
     [](node_options& o, text t) { return o.rpc_cert = t, status{}; }},
    {"rpc-key", "FILE", "its private key (PEM)", "none",
     [](node_options& o, text t) { return o.rpc_key = t, status{}; }},
    {"public-url", "URL", "how providers reach --pieces from outside", "http:// and the address of --pieces",
     [](node_options& o, text t) { return into_url(o.public_url, t, false); }},
    {"devnet", "", "run a simulated chain and eight providers inside the node", "off",
     [](node_options& o, text t) { return into_switch(o.devnet, t); }},
    {"chain", "URL", "JSON-RPC of a Lotus node (http, https, ws, wss)", "none: nothing is placed",
     [](node_options& o, text t) { return into_url(o.chain, t, true); }},
    {"chain-token-file", "FILE", "file with the token of --chain", "none",
     [](node_options& o, text t) { return o.chain_token_file = t, status{}; }},
    {"wallet-key-file", "FILE",
     "key file, or file with a passphrase, that seals the keys at rest; WEIR_WALLET_PASSPHRASE in the environment does "
     "the same",
     "a key file that is made beside the keys",
     [](node_options& o, text t) { return o.wallet_key_file = t, status{}; }},
    {"role", "api|core|both", "which actors run here", "both",
     [](node_options& o, text t) { return into_role(o.role, t); }},
    {"tls-in-front", "", "TLS ends before an address that is not loopback (a reverse proxy)", "off",
     [](node_options& o, text t) { return into_switch(o.tls_in_front, t); }},
    {"log-level", "LEVEL", "trace, debug, info, warn, error or off", "info",
     [](node_options& o, text t) {
       return into_choice(o.log_level, t, {"trace", "debug", "info", "warn", "error", "off"});
     }},
    {"bucket-size", "BYTES", "threshold of buckets that name none", "that of the actors",
     [](node_options& o, text t) { return into_size(o.bucket_size, t); }},
    {"small-block", "BYTES", "blocks up to this share packs; 0: each is a file, as Kubo has them", "64KiB",
     [](node_options& o, text t) { return into_small_block(o.small_block, t); }},
    {"reference-root", "DIR[:DIR…]", "files below these may stay where they are: weir add --reference", "none",
     [](node_options& o, text t) { return into_folders(o.reference_root, t); }},
    {"max-piece", "BYTES", "largest padded piece to build", "32GiB",
     [](node_options& o, text t) { return into_size(o.max_piece, t); }},
    {"max-price", "AMOUNT", "price limit for each GiB and epoch, as in 0.0000000005FIL", "that of the actors",
     [](node_options& o, text t) { return into_price(o.max_price, t); }},
    {"devnet-seed", "NUMBER", "seed of the devnet's randomness, for a new data folder", "1",
     [](node_options& o, text t) -> status {
       WEIR_TRY(o.devnet_seed, cli::parse_number(t));
       return {};
     }},
    {"devnet-profile", "small|real", "limits of the devnet's providers: for small data, or the real ones", "small",
     [](node_options& o, text t) {
       return into_choice(o.devnet_profile, t, {"small", "real"});
     }},
    {"hot-layer", "NAME", "where FFS's default scheduler keeps things hot: a [hot-layers.NAME] of the configuration",
     "store, the node itself", [](node_options& o, text t) { return o.hot_layer = t, status{}; }},
    {"keep-jobs", "NUMBER", "FFS keeps the newest ended jobs of each CID of an instance; 0: all", "100",
     [](node_options& o, text t) { return into_number(o.history.jobs, t); }},
    {"keep-jobs-for", "DURATION", "and of them, but for the newest of a CID, those that are not older; 0d: all", "365d",
     [](node_options& o, text t) -> status {
       WEIR_TRY(o.history.age, cli::parse_duration(t));
       return {};
     }},
    {"keep-log", "NUMBER", "FFS keeps the newest lines of the log of each CID of an instance; 0: all", "1000",
     [](node_options& o, text t) { return into_number(o.history.lines, t); }},
    {"private-webhooks", "", "webhooks may also call this machine and addresses of private networks", "off",
     [](node_options& o, text t) { return into_switch(o.private_webhooks, t); }},
    {"journal", "DURATION", "how long every revision can be looked at", "that of the record store",
     [](node_options& o, text t) -> status {
       WEIR_TRY(o.journal_epochs, cli::parse_duration(t));
       return {};
     }},
}};

} // namespace

bool is_loopback(std::string_view address) {
  if (address.starts_with('['))
    return address.starts_with("[::1]");
  auto host = address.substr(0, address.find(':'));
  bool numbers = std::all_of(host.begin(), host.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
  return host == "localhost" || (numbers && host.starts_with("127."));
}

std::string_view to_string(node_role role) {
  constexpr std::array<std::string_view, 3> names{"both", "api", "core"};
  return names.at(static_cast<std::size_t>(role));
}

std::span<const setting> settings() {
  return all_settings;
}

status apply_setting(node_options& into, std::string_view name, const std::string& value) {
  std::vector<std::string_view> names;
  if (auto dot = name.find('.'); dot != name.npos && name.substr(0, dot) == hot_layers_section)
    return apply_hot_layer(into.hot_layers, name.substr(dot + 1), value);
  else if (dot != name.npos && name.substr(0, dot) == schedulers_section)
    return apply_scheduler(into.schedulers, name.substr(dot + 1), value);
  for (const auto& s : all_settings) {
    if (s.name == name) {
      auto done = s.apply(into, value);
      if (done)
        return {};
      auto e = done.error();
      e.message = std::string{name} + ": " + e.message;
      return e;
    }
    names.push_back(s.name);
  }
  std::string message = "There is no setting '" + std::string{name} + "'.";
  if (auto near = cli::nearest(name, names); !near.empty())
    message += " Did you mean '" + near + "'?";
  return fail(errc::usage, message, std::string{name});
}

std::map<std::string, std::string> settings_in_force(const node_options& o) {
  auto flag = [](bool b) { return std::string{b ? "true" : "false"}; };
  auto number = [](auto n) { return n == 0 ? std::string{} : std::to_string(n); };
  auto out = hot_layers_in_force(o.hot_layers);
  out.merge(schedulers_in_force(o.schedulers));
  out.merge(std::map<std::string, std::string>{
      {"data", o.data},
      {"api", o.api},
      {"gateway", o.gateway},
      {"pieces", o.pieces},
      {"rpc", o.rpc},
      {"rpc-cert", o.rpc_cert},
      {"rpc-key", o.rpc_key},
      {"public-url", o.public_url},
      {"devnet", flag(o.devnet)},
      {"chain", o.chain.substr(0, o.chain.find('?'))}, // a token may stand behind
      {"chain-token-file", o.chain_token_file},
      {"wallet-key-file", o.wallet_key_file},
      {"role", std::string{to_string(o.role)}},
      {"tls-in-front", flag(o.tls_in_front)},
      {"log-level", o.log_level},
      {"hot-layer", o.hot_layer},
      {"keep-jobs", std::to_string(o.history.jobs)},
      {"keep-jobs-for", std::to_string(o.history.age) + "epochs"},
      {"keep-log", std::to_string(o.history.lines)},
      {"private-webhooks", flag(o.private_webhooks)},
      {"bucket-size", number(o.bucket_size)},
      {"small-block", std::to_string(o.small_block)},
      {"reference-root", o.reference_root},
      {"max-piece", number(o.max_piece)},
      {"max-price", o.max_price.zero() ? "" : o.max_price.fil()},
      {"devnet-seed", std::to_string(o.devnet_seed)},
      {"devnet-profile", o.devnet_profile},
      {"journal", o.journal_epochs == 0 ? "" : number(o.journal_epochs) + "epochs"}});
  return out;
}

status check_options(const node_options& o) {
  if (o.data.empty())
    return fail(errc::usage, "Say where the node keeps its data: --data DIR.");
  if (o.devnet && !o.chain.empty())
    return fail(errc::usage, "--devnet and --chain exclude each other: a data folder belongs to one network.");
  for (const auto& where : {o.api, o.gateway})
    if (!is_loopback(where) && !o.tls_in_front)
      return fail(errc::usage,
                  "Outside of this machine tokens and data need TLS: let a proxy end it before this address, and say "
                  "--tls-in-front.",
                  where);
  if (o.rpc_cert.empty() != o.rpc_key.empty())
    return fail(errc::usage, "A certificate and its key belong together: --rpc-cert FILE --rpc-key FILE.");
  if (!is_loopback(o.rpc) && o.rpc_cert.empty())
    return fail(errc::usage,
                "Outside of this machine remote clients need TLS: give --rpc-cert FILE and --rpc-key FILE, or let "
                "--rpc be a loopback address.",
                o.rpc);
  if (!o.chain_token_file.empty() && o.chain.empty())
    return fail(errc::usage, "--chain-token-file needs --chain.");
  if (o.hot_layer != built_in_layer && !o.hot_layers.contains(o.hot_layer))
    return fail(errc::usage, "The configuration has no hot layer of this name.", o.hot_layer);
  std::set<std::string> layers;
  for (const auto& [name, layer] : o.hot_layers)
    layers.insert(name);
  WEIR_CHECK(check_schedulers(o.schedulers, layers));
  return check_hot_layers(o.hot_layers);
}

} // namespace weir
