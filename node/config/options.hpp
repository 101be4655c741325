#pragma once
// What an operator can set, once for the command line, the configuration
// file and the documentation: `settings()` is the whole list. The command
// line wins over the file; the file over the defaults.
#include "messages/types/ids.hpp"
#include "messages/types/result.hpp"
#include "messages/types/token_amount.hpp"
#include "node/config/hot_layers.hpp"
#include "node/config/schedulers.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace weir {

enum class node_role : std::uint8_t { both, api, core };
std::string_view to_string(node_role role);

struct node_options {
  std::string data;                       ///< folder of everything the node has
  std::string api = "127.0.0.1:3004";     ///< dashboard, API
  std::string gateway = "127.0.0.1:3005"; ///< untrusted bytes only
  std::string pieces = "127.0.0.1:3006";  ///< for providers
  std::string rpc = "127.0.0.1:0";        ///< Cap'n Proto on TCP
  std::string rpc_cert;                   ///< PEM file; with it and the key, TLS
  std::string rpc_key;                    ///< PEM file
  std::string public_url;                 ///< of the pieces listener, as providers reach it
  std::string reference_root; ///< folders with ":" between them, without links: contents may refer to files below
  bool devnet = false;
  std::string chain;            ///< URL of a Lotus JSON-RPC
  std::string chain_token_file; ///< file with its token
  std::string wallet_key_file;  ///< file with what seals the keys; empty: a key file in the data folder
  node_role role = node_role::both;
  bool tls_in_front = false; ///< the operator says that TLS ends before an outside address
  std::string log_level = "info";
  std::uint64_t bucket_size = 0;        ///< threshold of buckets that name none, bytes; 0: the default
  std::uint64_t max_piece = 0;          ///< largest padded piece, bytes; 0: the default
  std::uint64_t small_block = 64 << 10; ///< blocks up to it share packs, bytes; 0: each is a file
  token_amount max_price;               ///< attoFIL per GiB and epoch; 0: the default
  std::uint64_t devnet_seed = 1;
  std::string devnet_profile = "small";  ///< small | real: the limits of its providers
  epoch_delta journal_epochs = 0;        ///< how long the journal is kept; 0: the default
  bool private_webhooks = false;         ///< they may call addresses inside
  std::string hot_layer{built_in_layer}; ///< that the default scheduler of FFS keeps things hot in
  hot_layer_map hot_layers;              ///< by name; in the configuration file only
  scheduler_map schedulers;              ///< by name; in the configuration file only
  ffs::history_options history;          ///< of FFS: what is kept of what is over
};

struct setting {
  std::string_view name;     ///< in the file, and with "--" on the command line
  std::string_view argument; ///< "HOST:PORT"; empty for a switch
  std::string_view help;
  std::string_view standard;                               ///< what holds when nothing is said, for people
  status (*apply)(node_options&, const std::string& text); ///< a switch gets "true" or "false"
};

std::span<const setting> settings();

/// errc::usage with the nearest name for one that is unknown, errc::invalid_argument for a value.
status apply_setting(node_options& into, std::string_view name, const std::string& text);

/// Reads a file of settings: JSON when it begins with "{", else TOML (key =
/// "text" | 'text' | number | true | false, [sections] of such, and comments).
/// What stands in a section is named with it: "hot-layers.fast.url". Names the
/// line or key that is wrong. A key that is no setting is an error.
result<std::map<std::string, std::string>> parse_config(std::string_view text);

/// The value of each setting as it is in force, in the form that a file has it; no secrets.
std::map<std::string, std::string> settings_in_force(const node_options& options);

/// Whether HOST:PORT is reachable from this machine alone.
bool is_loopback(std::string_view address);

/// Everything together: what makes no sense in combination.
status check_options(const node_options& options);

} // namespace weir
