#pragma once
// A content of what is here already: its blocks are held for it, whoever else
// has them. Until `adopted` is said the holdings are those of an unfinished
// upload, taken back at the next start.
#include "actors/content/ledger.hpp"
#include "messages/types/records.hpp"

namespace weir {

/// Walks the whole DAG and verifies it. The record has cid, sizes and blocks;
/// the rest is the caller's. Errors: not_found (names the block), corrupt, disk_full.
result<content> adopt(block_ledger& ledger, const content_id& id, const cid& root,
                      const std::function<status()>& go_on);
/// The record is committed.
status adopted(block_ledger& ledger, const content_id& id);

} // namespace weir
