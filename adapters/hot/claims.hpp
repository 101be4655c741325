#pragma once
// Which instance keeps which CID in a hot layer outside of the node: the layer
// itself has one pin for all of them, which goes with the last claim. In a
// local table of the record store; each write is durable when it returns.
//
// Survives a restart: all of it. A claim is written before the layer is asked.
#include "messages/types/ids.hpp"
#include "storage/records/store.hpp"

#include <optional>

namespace weir::hot {

struct claim {
  std::uint64_t size = 0; ///< bytes of the blocks; 0: not kept yet, or unknown
  unix_ms since;
  bool kept = false;  ///< the layer said that it has it
  bool found = false; ///< somebody else had pinned it before us: it stays when we go
};

class claim_book {
public:
  /// `layer`: the name that the configuration gives it.
  claim_book(std::shared_ptr<records::record_store> records, std::string layer)
      : records_{std::move(records)}, layer_{std::move(layer)} {}

  result<std::optional<claim>> find(const cid& id, const instance_id& who) const;
  /// Of any instance: one that is kept, if there is one.
  result<std::optional<claim>> any(const cid& id) const;
  result<std::size_t> count(const cid& id) const;
  status put(const cid& id, const instance_id& who, const claim& what);
  status remove(const cid& id, const instance_id& who);

private:
  std::string key(const cid& id, const instance_id& who) const;
  status each(const cid& id, const std::function<void(const claim&)>& visit) const;

  std::shared_ptr<records::record_store> records_;
  std::string layer_;
};

} // namespace weir::hot
