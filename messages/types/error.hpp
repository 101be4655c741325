#pragma once
// The error catalogue: every error that Weir reports to anyone is one of
// these codes, with a sentence that says what to do, the offending value and
// the limit it broke. One table maps a code to HTTP, exit status and RPC.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace weir {

/// At most 255 codes: CAF carries them in one byte. Append only; the number
/// never leaves the process, the name (`to_string`) is the public code.
enum class errc : std::uint8_t {
  none = 0,
  // --- what the caller sent
  usage,            ///< command line or option that is not understood
  invalid_argument, ///< a field is out of its domain
  malformed,        ///< text or bytes that do not parse
  invalid_cid,      ///< not a CID
  invalid_path,     ///< a path that cannot be resolved inside a DAG or a folder
  invalid_range,    ///< a byte range that cannot be satisfied
  too_large,        ///< over a size or depth limit
  unauthenticated,  ///< no token, or one that is not known, expired, revoked
  forbidden,        ///< known, but not allowed to do this
  not_found,        ///< no such thing, for this caller
  already_exists,   ///< the name or id is taken
  unsupported,      ///< valid, but not something Weir does
  precondition,     ///< the thing is not in a state that allows this
  // --- the record store
  conflict,        ///< a precondition of the transaction did not hold; read again
  not_leader,      ///< another node of the cluster must commit this
  outcome_unknown, ///< it may or may not have been committed; read before retrying
  compacted,       ///< the revision is older than what the journal keeps
  disk_full,       ///< no space, or a quota
  // --- data at rest
  io,            ///< the operating system refused a read or a write
  corrupt,       ///< bytes do not match their checksum, CID or format
  changed,       ///< a file changed while it was read
  data_in_use,   ///< the data folder is locked by another process
  data_too_new,  ///< the data folder was written by a newer Weir
  wrong_network, ///< the data folder belongs to another network
  // --- capacity and life
  overloaded,    ///< a queue is full; try again later
  timeout,       ///< no answer in time
  cancelled,     ///< stopped on request
  shutting_down, ///< the node is stopping
  // --- the outside world
  unreachable,        ///< a peer, provider or chain node did not answer
  protocol,           ///< a peer answered something that its protocol forbids
  no_network,         ///< neither devnet nor chain is configured
  chain_error,        ///< the chain node answered with an error
  out_of_sync,        ///< the chain node lags behind
  deal_rejected,      ///< a provider refused the proposal
  no_providers,       ///< too few eligible providers
  insufficient_funds, ///< wallet or market escrow too low
  price_too_high,     ///< the ask is over the price limit
  signature,          ///< a signature does not verify
  internal,           ///< a bug in Weir
  errc_count          ///< not a code
};

/// How the caller of a Cap'n Proto method sees a code.
enum class rpc_kind : std::uint8_t { failed, overloaded, disconnected, unimplemented };

struct error_info {
  errc code;
  std::string_view name; ///< the public code, e.g. "invalid-cid"
  std::uint16_t http;    ///< HTTP status
  std::uint8_t exit;     ///< exit status of the command line: 1 failed, 2 usage
  rpc_kind rpc;
  bool retry;             ///< the same request may succeed later
  std::string_view title; ///< one sentence for people
};

/// The whole catalogue, in the order of the enumeration, without `errc_count`.
std::span<const error_info> error_catalogue();
const error_info& info(errc code);
std::string_view to_string(errc code);
errc errc_from_name(std::string_view name);

/// An error as it travels: never empty-handed, never carries a secret.
struct error {
  errc code = errc::internal;
  std::string message; ///< what happened and what to do, one sentence
  std::string value;   ///< the offending value, if there is one
  std::string limit;   ///< the limit that it broke, if there is one
};

/// "invalid-cid: … (value: x, limit: y)" for logs and terminals.
std::string to_string(const error& e);

} // namespace weir
