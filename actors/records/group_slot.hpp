#pragma once
// The group of transactions that the record_store fills and its record_writer
// takes, between their two threads: as soon as a group is on the disk, the
// writer takes what was filled meanwhile. A message for each group would keep
// the disk waiting for as long as the other one takes to get to it.
#include "storage/records/store.hpp"

#include <memory>
#include <mutex>

namespace weir {

class group_slot {
public:
  struct usage {
    std::size_t transactions = 0;
    std::size_t bytes = 0;
  };

  // For the record_store.
  usage used() const;
  void add(records::record_store& store, transaction what, std::size_t bytes, unix_ms now);
  /// There is something, and the writer does not look by itself.
  bool needs_word() const;
  /// The same, and it counts as told.
  bool wakes_writer();

  /// For the writer: null when nothing is there; then it is told of the next one.
  std::shared_ptr<records::transaction_group> take();

private:
  mutable std::mutex lock_; ///< guards all; held while one transaction is added, never while one is written
  std::shared_ptr<records::transaction_group> open_;
  std::shared_ptr<records::transaction_group> last_; ///< taken before; `open_` is built upon it
  usage used_;
  bool writing_ = false;
};

using group_slot_ptr = std::shared_ptr<group_slot>;

} // namespace weir
