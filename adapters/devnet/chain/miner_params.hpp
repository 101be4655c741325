#pragma once
// Parameters of the methods of miners and of the power actor f04 that the
// devnet answers, encoded as builtin-actors v15 (and go-state-types) have them.
#include "messages/types/address.hpp"
#include "messages/types/cid.hpp"
#include "messages/types/result.hpp"

#include <vector>

namespace weir::devnet {

/// f04, method 2. A devnet's own liberty: a sixth element, an id address, asks for that id.
struct create_miner_params {
  address owner;
  address worker;
  std::int64_t window_post_proof = 8; ///< 32 GiB
  bytes peer_id;
  std::vector<bytes> multiaddrs;
  address wanted;
};
bytes encode(const create_miner_params& p);
result<create_miner_params> decode_create_miner(bytes_view data);

/// Method 18 of a miner.
bytes encode_multiaddrs(const std::vector<bytes>& multiaddrs);
result<std::vector<bytes>> decode_multiaddrs(bytes_view data);

/// A piece in a sector, and the deals that want to know of it (their ids, for f05).
struct piece_activation {
  cid piece;
  std::uint64_t padded_size = 0;
  std::vector<std::uint64_t> deals;
};
struct sector_activation {
  std::uint64_t number = 0;
  std::vector<piece_activation> pieces;
};
/// Method 34 of a miner (FIP-0076): sectors are proven; the proofs are not looked at.
bytes encode_prove_commit(const std::vector<sector_activation>& sectors);
result<std::vector<sector_activation>> decode_prove_commit(bytes_view data);

/// Method 9 of a miner: sectors are ended (deadlines and partitions are not looked at).
bytes encode_terminate(const std::vector<std::uint64_t>& sectors);
result<std::vector<std::uint64_t>> decode_terminate(bytes_view data);

/// Method 15 of a miner, the devnet's own form: ids of deals that end.
bytes encode_report_fault(const std::vector<std::uint64_t>& deals);
result<std::vector<std::uint64_t>> decode_report_fault(bytes_view data);

} // namespace weir::devnet
