#pragma once
// Who is there at the start: the master, and the providers with their keys,
// all made from the seed.
#include "adapters/devnet/devnet.hpp"
#include "adapters/devnet/provider/faults.hpp"
#include "storage/filecoin/keys.hpp"

namespace weir::devnet {

struct provider_seed {
  address id;
  filecoin::secret_key key;
  bytes peer_id; ///< multihash
  std::string name;
  std::string country;
  behaviour defaults;
};

struct population {
  filecoin::secret_key master;
  std::vector<provider_seed> providers;
  chain_params params;
};

population populate(const options& o);

} // namespace weir::devnet
