#pragma once
// What storage costs over all providers that the node knows: the exact median of
// their asks, in attoFIL for a GiB and epoch.
#include "messages/types/records.hpp"

#include <vector>

namespace weir {

/// Exact: of an even number the mean of the two in the middle, rounded down; 0 of none.
token_amount median(std::vector<token_amount> amounts);

/// Of those that answered when they were last asked.
struct ask_summary {
  std::uint32_t providers = 0;
  token_amount median;
  token_amount verified_median;
};

/// Takes them one by one.
class ask_survey {
public:
  void add(const provider& p);
  ask_summary summary() &&;

private:
  std::vector<token_amount> prices_, verified_;
};

} // namespace weir
