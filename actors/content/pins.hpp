#pragma once
// Pins: owners' claims on blocks, beside those of contents. A pin holds its
// blocks in the ledger as a content does, so a block stays as long as anybody
// holds it; how many do is its reference count. In two local tables: a pin is
// a promise of this node, not of a cluster.
//
// Survives a restart: all of it. What a pin that was being made or taken away
// held is let go by `settle`.
#include "actors/content/ledger.hpp"
#include "messages/actors/store.hpp"

namespace weir {

class pin_set {
public:
  pin_set(std::shared_ptr<records::record_store> records, std::shared_ptr<block_ledger> ledger)
      : records_{std::move(records)}, ledger_{std::move(ledger)} {}

  using on_progress = std::function<status()>; ///< its error stops and is returned

  /// Durable when it returns. All its blocks are here. Fine when the owner has
  /// that pin already (the name is changed); a direct one may become recursive.
  result<pin> add(const add_pin& wanted, std::int64_t now, const on_progress& go_on);
  status remove(const remove_pin& wanted);
  result<pin_list> list(const list_pins& wanted) const;

  /// After a restart, before anything else.
  status settle();

private:
  result<std::optional<pin>> find(const owner_id& owner, const cid& id) const;
  status hold_all(const content_id& holder, pin& p, const on_progress& go_on);
  status put(const pin& p);
  status mark(const content_id& holder, bool changing);

  std::shared_ptr<records::record_store> records_;
  std::shared_ptr<block_ledger> ledger_;
};

} // namespace weir
