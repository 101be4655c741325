#include "actors/records/record_writer.hpp"

#include <spdlog/spdlog.h>

namespace weir {

void record_writer_state::write(const group_slot_ptr& from, const write_listener& asker) {
  auto group = from->take();
  if (!group)
    return;
  self->send(asker, std::make_shared<const group_write>(group_write{store->write_group(*group)}));
  self->send(record_writer_impl{self}, from, asker);
}

void record_writer_state::fold(const fold_log& wish) {
  auto first = store->first_since(wish.before);
  if (!first) {
    spdlog::error("record_writer: the journal cannot be folded: {}", to_string(first.error()));
    return;
  }
  keep_from_ = std::max(keep_from_, *first);
  if (!std::exchange(folding_, true))
    self->send(record_writer_impl{self}, atom::wake_v);
}

void record_writer_state::fold_slice() {
  auto done = store->retain(keep_from_);
  if (!done)
    spdlog::error("record_writer: the journal cannot be folded: {}", to_string(done.error()));
  folding_ = done && !*done;
  if (folding_)
    self->send(record_writer_impl{self}, atom::wake_v);
}

record_writer_impl::behavior_type record_writer(self_of<record_writer_impl, record_writer_state> self,
                                                std::shared_ptr<records::record_store> store) {
  self->state.store = std::move(store);
  return {
      [self](const group_slot_ptr& from, const write_listener& asker) { self->state.write(from, asker); },
      [self](const fold_log& wish) { self->state.fold(wish); },
      [self](atom::wake) { self->state.fold_slice(); },
  };
}

} // namespace weir
