#pragma once
// record_writer: the one that waits for the disk in the record store's place.
//
// In:  that there is something in the record_store's slot; fold_log.
// Out: a group_write for each group that it took from there.
// Survives a restart: what was answered; it lies in records::record_store.
//
// Apart from the record_store, so that transactions are taken, prepared and
// answered while a group is synced. The node gives it a thread of its own.
#include "actors/records/group_slot.hpp"
#include "actors/support/self.hpp"
#include "messages/actors/records.hpp"

#include <vector>

namespace weir {

/// What became of the transactions of a group, in their order; of several groups, in theirs.
struct group_write {
  std::vector<result<committed_ptr>> answers;
};
using group_write_ptr = std::shared_ptr<const group_write>;

using write_listener = caf::typed_actor<caf::reacts_to<group_write_ptr>>;
using record_writer_actor = caf::typed_actor<caf::reacts_to<group_slot_ptr, write_listener>, caf::reacts_to<fold_log>>;
/// What it says to itself: fold a slice.
using record_writer_impl = record_writer_actor::extend<caf::reacts_to<atom::wake>>;

struct record_writer_state {
  explicit record_writer_state(record_writer_impl::pointer self) : self{self} {}
  static constexpr const char* name = "record_writer";

  /// One group; what was filled meanwhile is its next message, so that folding gets its turn.
  void write(const group_slot_ptr& from, const write_listener& asker);
  void fold(const fold_log& wish);
  void fold_slice();

  record_writer_impl::pointer self;

  std::shared_ptr<records::record_store> store;

private:
  revision keep_from_;
  bool folding_ = false;
};

record_writer_impl::behavior_type record_writer(self_of<record_writer_impl, record_writer_state> self,
                                                std::shared_ptr<records::record_store> store);

} // namespace weir

CAF_BEGIN_TYPE_ID_BLOCK(weir_record_writer, WEIR_TYPE_IDS(19))
WEIR_MESSAGE(weir_record_writer, (weir::group_slot_ptr))
WEIR_MESSAGE(weir_record_writer, (weir::group_write_ptr))
WEIR_MESSAGE(weir_record_writer, (weir::write_listener))
CAF_END_TYPE_ID_BLOCK(weir_record_writer)
