#include "actors/records/log_tail.hpp"

namespace weir {

namespace {

constexpr std::size_t most_bytes = 4u << 20;
constexpr std::size_t most_entries = 4096;

} // namespace

void log_tail::push(committed_ptr entry) {
  if (!recent_.empty() && recent_.back().entry->rev.value + 1 != entry->rev.value) {
    recent_.clear();
    bytes_ = 0;
  }
  auto size = records::size_of(*entry);
  recent_.push_back({std::move(entry), size});
  bytes_ += size;
  while (recent_.size() > most_entries || (bytes_ > most_bytes && recent_.size() > 1)) {
    bytes_ -= recent_.front().bytes;
    recent_.pop_front();
  }
}

result<std::vector<committed_ptr>> log_tail::read(revision after, revision upto, records::log_limits limits) const {
  if (recent_.empty() || recent_.front().entry->rev.value > after.value + 1) {
    WEIR_TRY(auto found, store_->read_log(after, limits));
    // The disk may be ahead of what was announced; that will come by itself.
    std::erase_if(found, [&](const committed_ptr& entry) { return entry->rev > upto; });
    return found;
  }
  std::vector<committed_ptr> found;
  std::size_t bytes = 0;
  auto first = after.value + 1 - recent_.front().entry->rev.value;
  for (auto i = first; i < recent_.size() && found.size() < limits.count && bytes < limits.bytes; ++i) {
    if (recent_[i].entry->rev > upto)
      break;
    found.push_back(recent_[i].entry);
    bytes += recent_[i].bytes;
  }
  return found;
}

} // namespace weir
