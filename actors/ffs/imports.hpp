#pragma once
// Deal import (powergate.md 1.5) as a transaction: deals that somebody made
// for a CID become records of the instance's content, as if it had made them.
// Plain logic, built from the newest state, skipping what is known.
#include "actors/ffs/jobs.hpp"
#include "messages/actors/chain.hpp"

namespace weir::ffs {

/// What the chain says of a deal, and what it would be called here.
struct found_deal {
  chain_deal what;
  deal_uuid uuid; ///< made beforehand, so that a second try gives the same
};

/// errc::precondition: slashed, not active yet, at its end.
status check_import(const chain_deal& d, epoch now);

struct import_order {
  instance_id instance;
  weir::cid cid;
  cid_config config;  ///< of the CID, if it has none yet
  content_id content; ///< that is made if the instance has none that is packed
  std::vector<found_deal> deals;
};
/// `finalized`: a deal that began before it is active for ever. Errors: those of
/// `check_import`; invalid_argument (deals or CID of different pieces, another
/// root); unsupported (the CID is spread over several pieces).
result<transaction_builder> import_deals(const records::reader& state, const import_order& order, job_moment at,
                                         epoch finalized);

} // namespace weir::ffs
