#include "messages/types/error.hpp"

#include <array>

namespace weir {

namespace {

using enum errc;
constexpr auto failed = rpc_kind::failed;
constexpr auto disconnected = rpc_kind::disconnected;
constexpr auto unimplemented = rpc_kind::unimplemented;
constexpr auto busy = rpc_kind::overloaded;

constexpr std::array catalogue{
    error_info{none, "none", 200, 0, failed, false, "No error."},
    error_info{usage, "usage", 400, 2, failed, false, "The command was not understood; see --help."},
    error_info{invalid_argument, "invalid-argument", 400, 1, failed, false, "A field has a value that is not allowed."},
    error_info{malformed, "malformed", 400, 1, failed, false, "The input does not parse."},
    error_info{invalid_cid, "invalid-cid", 400, 1, failed, false, "This is not a valid CID."},
    error_info{invalid_path, "invalid-path", 404, 1, failed, false, "The path does not lead to anything."},
    error_info{invalid_range, "invalid-range", 416, 1, failed, false, "The byte range cannot be satisfied."},
    error_info{too_large, "too-large", 413, 1, failed, false, "The input is larger than the limit."},
    error_info{unauthenticated, "unauthenticated", 401, 1, failed, false, "A valid token is needed."},
    error_info{forbidden, "forbidden", 403, 1, failed, false, "This token may not do that."},
    error_info{not_found, "not-found", 404, 1, failed, false, "There is no such thing."},
    error_info{already_exists, "already-exists", 409, 1, failed, false, "The name is already taken."},
    error_info{unsupported, "unsupported", 501, 1, unimplemented, false, "Weir does not do this."},
    error_info{precondition, "precondition", 409, 1, failed, false, "The state of the thing does not allow this now."},
    error_info{conflict, "conflict", 409, 1, failed, true, "Somebody else changed it first; read it again and retry."},
    error_info{not_leader, "not-leader", 503, 1, disconnected, true, "Another node must take this write; retry."},
    error_info{outcome_unknown, "outcome-unknown", 503, 1, disconnected, true,
               "The write may have happened; read before you retry."},
    error_info{compacted, "compacted", 410, 1, failed, false,
               "That revision is no longer kept; start at the oldest one."},
    error_info{disk_full, "disk-full", 507, 1, busy, true, "There is no space left; free some and retry."},
    error_info{io, "io", 500, 1, failed, true, "The operating system refused a read or a write."},
    error_info{corrupt, "corrupt", 500, 1, failed, false, "The bytes do not match their checksum, CID or format."},
    error_info{changed, "changed", 409, 1, failed, true, "The file changed while it was read; add it again."},
    error_info{data_in_use, "data-in-use", 409, 1, failed, true, "The data folder is used by another process."},
    error_info{data_too_new, "data-too-new", 409, 1, failed, false,
               "The data folder was written by a newer Weir; use that version."},
    error_info{wrong_network, "wrong-network", 409, 1, failed, false,
               "The data folder belongs to another network for ever."},
    error_info{overloaded, "overloaded", 503, 1, busy, true, "The node is busy; retry later."},
    error_info{timeout, "timeout", 504, 1, busy, true, "No answer came in time."},
    error_info{cancelled, "cancelled", 409, 1, failed, false, "It was stopped on request."},
    error_info{shutting_down, "shutting-down", 503, 1, disconnected, true, "The node is stopping."},
    error_info{unreachable, "unreachable", 502, 1, disconnected, true, "The peer did not answer."},
    error_info{protocol, "protocol", 502, 1, failed, false, "The peer answered something that its protocol forbids."},
    error_info{no_network, "no-network", 409, 1, failed, false,
               "The node has neither a devnet nor a chain; start it with --devnet or --chain."},
    error_info{chain_error, "chain-error", 502, 1, failed, true, "The chain node answered with an error."},
    error_info{out_of_sync, "out-of-sync", 503, 1, disconnected, true, "The chain node lags behind; wait for it."},
    error_info{deal_rejected, "deal-rejected", 409, 1, failed, false, "The provider refused the proposal."},
    error_info{no_providers, "no-providers", 409, 1, failed, true, "Too few providers are eligible."},
    error_info{insufficient_funds, "insufficient-funds", 402, 1, failed, true, "The wallet or its escrow is too low."},
    error_info{price_too_high, "price-too-high", 409, 1, failed, false, "The ask is over the price limit."},
    error_info{signature, "signature", 400, 1, failed, false, "The signature does not verify."},
    error_info{internal, "internal", 500, 1, failed, false, "This is a bug in Weir; please report it."},
};
static_assert(catalogue.size() == static_cast<std::size_t>(errc_count), "a code without an entry");

constexpr bool in_order() {
  for (std::size_t i = 0; i < catalogue.size(); ++i)
    if (catalogue[i].code != static_cast<errc>(i))
      return false;
  return true;
}
static_assert(in_order(), "the catalogue follows the order of the enumeration");

} // namespace

std::span<const error_info> error_catalogue() {
  return catalogue;
}

const error_info& info(errc code) {
  auto index = static_cast<std::size_t>(code);
  return index < catalogue.size() ? catalogue[index] : catalogue[static_cast<std::size_t>(internal)];
}

std::string_view to_string(errc code) {
  return info(code).name;
}

errc errc_from_name(std::string_view name) {
  for (const auto& entry : catalogue)
    if (entry.name == name)
      return entry.code;
  return internal;
}

std::string to_string(const error& e) {
  std::string out{to_string(e.code)};
  out += ": ";
  out += e.message.empty() ? std::string{info(e.code).title} : e.message;
  if (!e.value.empty())
    out += " (value: " + e.value + (e.limit.empty() ? ")" : ", limit: " + e.limit + ")");
  else if (!e.limit.empty())
    out += " (limit: " + e.limit + ")";
  return out;
}

} // namespace weir
