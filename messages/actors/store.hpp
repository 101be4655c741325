#pragma once
// The block store as its operator and its users see it: pins, figures, the
// check, garbage. Implemented by actors/content (`keeper`).
#include "messages/actors/caf.hpp"
#include "messages/types/cid.hpp"
#include "messages/types/ids.hpp"

#include <memory>
#include <string>
#include <vector>

namespace weir {

/// A promise of this node alone: the block, or the whole DAG below it, stays
/// until its owner takes the pin away.
struct pin {
  owner_id owner;
  weir::cid cid;
  bool recursive = true;    ///< all below it, too
  std::string name;         ///< for people; may be empty
  std::int64_t created = 0; ///< Unix ms
  std::uint64_t blocks = 0, bytes = 0;
};

struct add_pin {
  owner_id owner;
  weir::cid cid;
  bool recursive = true;
  std::string name;
};
struct remove_pin {
  owner_id owner;
  weir::cid cid;
};
/// In the order of owners and CIDs.
struct list_pins {
  owner_id owner; ///< empty: everybody's
  owner_id after_owner;
  weir::cid after; ///< of the last one seen; empty: from the start
  std::uint32_t limit = 100;
};
using pin_list = std::vector<pin>;

struct collect_garbage {};
struct garbage {
  std::uint64_t blocks = 0, bytes = 0;     ///< loose ones that nobody needed
  std::uint64_t packs = 0, pack_bytes = 0; ///< that were made smaller, or went
};

struct check_store {
  bool repair = false;
};
struct store_report; ///< actors/content/store_report.hpp
struct store_stat;   ///< storage/blocks/block_store.hpp
using store_report_ptr = std::shared_ptr<const store_report>;
using store_stat_ptr = std::shared_ptr<const store_stat>;

} // namespace weir

CAF_BEGIN_TYPE_ID_BLOCK(weir_store, WEIR_TYPE_IDS(11))
WEIR_MESSAGE(weir_store, (weir::pin))
WEIR_MESSAGE(weir_store, (weir::add_pin))
WEIR_MESSAGE(weir_store, (weir::remove_pin))
WEIR_MESSAGE(weir_store, (weir::list_pins))
WEIR_MESSAGE(weir_store, (weir::pin_list))
WEIR_MESSAGE(weir_store, (weir::collect_garbage))
WEIR_MESSAGE(weir_store, (weir::garbage))
WEIR_MESSAGE(weir_store, (weir::check_store))
WEIR_MESSAGE(weir_store, (weir::store_report_ptr))
WEIR_MESSAGE(weir_store, (weir::store_stat_ptr))
CAF_END_TYPE_ID_BLOCK(weir_store)

namespace weir {

/// Errors of `add_pin`: not_found (names the block that is not here), precondition
/// (it is pinned recursively already), unsupported (a codec whose links nobody
/// knows); of `remove_pin`: not_found.
using keeper_actor =
    caf::typed_actor<caf::replies_to<add_pin>::with<pin>, caf::replies_to<remove_pin>::with<nothing>,
                     caf::replies_to<list_pins>::with<pin_list>, caf::replies_to<collect_garbage>::with<garbage>,
                     caf::replies_to<check_store>::with<store_report_ptr>,
                     caf::replies_to<atom::status>::with<store_stat_ptr>>;

} // namespace weir
