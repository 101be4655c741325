#pragma once
// What a check of everything found: every copy of every block, and whether
// contents have all their blocks. For the node and for the tool that works
// on a stopped one.
#include "messages/types/records.hpp"
#include "storage/blocks/block_store.hpp"
#include "storage/records/reader.hpp"

namespace weir {

struct store_report {
  store_check blocks;
  /// A block that is not here though its content is.
  struct missing_block {
    cid id;
    content_id content;
    std::string name; ///< of the content
  };
  std::vector<missing_block> missing; ///< at most 1,000 of each content

  /// Nothing is wrong any more.
  bool whole() const;
};

/// Long. Errors: those of the check; a content whose DAG cannot be read is
/// named by its root among the missing.
result<store_report> check_whole_store(block_store& blocks, const records::reader& state, const store_check_options& o);

} // namespace weir
