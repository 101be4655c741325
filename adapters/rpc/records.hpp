#pragma once
// Records in the form of the schema, from the list of fields that each has: a
// field is copied to the member of the same name. Secrets have no member.
#include "messages/rpc/weir.capnp.h"
#include "messages/types/records.hpp"
#include "messages/types/transaction.hpp"

namespace weir::rpc {

void fill(wire::Content::Builder to, const content& r);
void fill(wire::Bucket::Builder to, const bucket& r);
void fill(wire::Piece::Builder to, const piece& r);
void fill(wire::Placement::Builder to, const placement& r);
void fill(wire::Deal::Builder to, const deal& r);
void fill(wire::Provider::Builder to, const provider& r);
void fill(wire::Selection::Builder to, const selection& r);
void fill(wire::Rejection::Builder to, const rejection& r);
void fill(wire::Problem::Builder to, const error& e);

/// `fill_list(results.initItems(n), records)`.
template <class List, class Records>
void fill_list(List to, const Records& records) {
  unsigned i = 0;
  for (const auto& r : records)
    fill(to[i++], r);
}

} // namespace weir::rpc
