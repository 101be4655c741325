#pragma once
// What messages do to the ledger. Deterministic: no clock, no randomness, no
// I/O. Effects of a failed message are undone, its gas is paid all the same.
//
// The methods are those of the network's own actors with their parameters
// (builtin-actors v15), so that any provider program can use them. Where the
// network wants proofs, the devnet takes the bytes as they are. One method is
// its own: ReportConsensusFault (15) of a miner, sent by the master, ends the
// deals whose ids are its parameter (a CBOR array). The master is also the one
// verifier; a verified deal spends DataCap when it is published, without an
// allocation of its own, and gives it back when it misses its start.
#include "adapters/devnet/chain/ledger.hpp"
#include "storage/filecoin/message.hpp"

namespace weir::devnet {

struct receipt {
  std::int64_t exit_code = exit_code::ok;
  bytes returned;
  std::int64_t gas_used = 0;
};

/// One epoch's work: the ledger it changes and the events that come of it.
struct execution {
  const chain_params& params;
  ledger& state;
  epoch now;
  std::vector<actor_event> events;
};

/// Executes a message whose signature was checked already.
receipt apply(execution& x, const filecoin::message& m, const cid& message_cid);

/// What happens by itself at the start of an epoch: proposals whose start was
/// missed are removed, their providers' collateral burnt.
void run_cron(execution& x);

/// The next epoch at which cron or a deal's end changes something, if any.
epoch next_due(const ledger& state);

/// Gas that a message is sure to stay within; for estimates.
std::int64_t gas_limit(const filecoin::message& m);

// --- for execute.cpp: one function an actor

/// A call that arrived at an actor, its value already moved.
struct call {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  const filecoin::message& message;
  const cid& message_cid;
};
/// The return value, or the exit code of the failure.
struct outcome {
  std::int64_t code = exit_code::ok;
  bytes returned;
};
outcome call_market(execution& x, const call& c);
outcome call_power(execution& x, const call& c);
outcome call_miner(execution& x, const call& c);
outcome call_registry(execution& x, const call& c);

/// Ends a deal before its time: the elapsed part is paid, the provider's collateral burnt.
void terminate_deal(execution& x, std::uint64_t id, const cid& message_cid);
/// Marks a deal as active in a sector; what is wrong with that otherwise.
std::int64_t activate_deal(execution& x, std::uint64_t id, std::uint64_t provider, std::uint64_t sector,
                           const cid& piece, std::uint64_t padded_size, const cid& message_cid);
void emit_deal_event(execution& x, std::string_view type, std::uint64_t id, const market_deal& d,
                     const cid& message_cid);

} // namespace weir::devnet
