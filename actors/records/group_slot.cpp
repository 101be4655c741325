#include "actors/records/group_slot.hpp"

#include <utility>

namespace weir {

group_slot::usage group_slot::used() const {
  std::lock_guard guard{lock_};
  return used_;
}

void group_slot::add(records::record_store& store, transaction what, std::size_t bytes, unix_ms now) {
  std::lock_guard guard{lock_};
  if (!open_)
    open_ = store.begin_group(last_);
  open_->add(std::move(what), now);
  ++used_.transactions;
  used_.bytes += bytes;
}

bool group_slot::needs_word() const {
  std::lock_guard guard{lock_};
  return open_ && !writing_;
}

bool group_slot::wakes_writer() {
  std::lock_guard guard{lock_};
  return open_ && !std::exchange(writing_, true);
}

std::shared_ptr<records::transaction_group> group_slot::take() {
  std::lock_guard guard{lock_};
  writing_ = open_ != nullptr;
  if (writing_)
    last_ = open_;
  used_ = {};
  return std::exchange(open_, nullptr);
}

} // namespace weir
