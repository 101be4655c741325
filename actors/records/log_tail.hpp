#pragma once
// The journal for readers that may be a little or far behind: the newest
// transactions from memory, older ones from the disk. Bounded: 4 MiB or 4,096
// transactions in memory.
#include "storage/records/store.hpp"

#include <deque>
#include <memory>

namespace weir {

class log_tail {
public:
  explicit log_tail(std::shared_ptr<const records::record_store> store) : store_{std::move(store)} {}

  /// The next one; a gap forgets what came before it.
  void push(committed_ptr entry);

  /// What follows `after`, in order, as far as `limits` go and not beyond
  /// `upto`. errc::compacted, errc::corrupt, errc::io.
  result<std::vector<committed_ptr>> read(revision after, revision upto, records::log_limits limits) const;

  std::size_t size() const { return recent_.size(); }

private:
  struct held {
    committed_ptr entry;
    std::size_t bytes;
  };
  std::shared_ptr<const records::record_store> store_;
  std::deque<held> recent_;
  std::size_t bytes_ = 0;
};

} // namespace weir
