#pragma once
// What fixes the devnet's chain besides its messages. Two chains with the
// same parameters and the same messages at the same epochs are equal to the
// last byte. Numbers are those of mainnet (nv28) where nothing is said.
#include "messages/types/address.hpp"
#include "messages/types/ids.hpp"
#include "messages/types/token_amount.hpp"

#include <string>
#include <vector>

namespace weir::devnet {

/// Actor ids that every Filecoin network has.
namespace actor {
inline constexpr std::uint64_t system = 0, init = 1, reward = 2, cron = 3, power = 4, market = 5, registry = 6,
                               datacap = 7, burnt_funds = 99, first_account = 100, first_miner = 1000;
} // namespace actor

/// Method numbers that the devnet's actors answer.
namespace method {
inline constexpr std::uint64_t send = 0;
inline constexpr std::uint64_t create_miner = 2;             // f04
inline constexpr std::uint64_t settle_payments = 1900091594; // f05, FRC-42
inline constexpr std::uint64_t add_verified_client = 4;      // f06
inline constexpr std::uint64_t change_peer_id = 4, terminate_sectors = 9, report_fault = 15, change_multiaddrs = 18,
                               prove_commit_sectors = 34; // miners
} // namespace method

namespace exit_code {
inline constexpr std::int64_t ok = 0, sender_invalid = 1, sender_state = 2, invalid_receiver = 5, no_funds_to_send = 6,
                              out_of_gas = 7, illegal_argument = 16, not_found = 17, forbidden = 18,
                              insufficient_funds = 19, illegal_state = 20, serialization = 21, unhandled = 22;
} // namespace exit_code

struct genesis_account {
  address key;
  token_amount balance;
};
struct genesis_miner {
  address worker; ///< one of the accounts
  bytes peer_id;  ///< binary
};

struct chain_params {
  std::string network = "weir-devnet";
  std::uint32_t network_version = 28;
  std::uint64_t seed = 1;
  std::int64_t genesis_time = 1598306400; ///< seconds since 1970
  epoch_delta finality = 5;               ///< epochs behind the head that cannot be reverted
  epoch_delta min_duration = 518400;      ///< of a deal, epochs
  epoch_delta max_duration = 3680640;
  std::uint64_t sector_size = std::uint64_t{32} << 30;
  std::uint64_t base_fee = 100;               ///< attoFIL per unit of gas
  std::uint64_t collateral_per_kib = 1000000; ///< least collateral of a provider, attoFIL per KiB of the piece
  std::uint64_t least_allocation = 1 << 20;   ///< of a verified deal, bytes
  std::vector<genesis_account> accounts;      ///< the first one is the master, who may fund, slash and grant DataCap
  std::vector<genesis_miner> miners;
};

} // namespace weir::devnet
