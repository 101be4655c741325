#pragma once
// The hot layers of a scheduler: its own, and those where CIDs may still be
// that were kept hot before their instance was moved to it.
#include "actors/ffs/options.hpp"
#include "messages/actors/ffs_layers.hpp"

#include <map>

namespace weir::ffs {

struct hot_layer_set {
  std::map<std::string, hot_layer_actor> all; ///< by the operator's names; the node's own is `own_layer`
  std::string mine;

  const hot_layer_actor& own() const { return all.at(mine); }
  bool outside() const { return mine != own_layer; }
  /// Where it is kept when that is another layer than its own; empty otherwise.
  std::string elsewhere(const hot_info& kept) const {
    bool other = kept.enabled && kept.layer != mine && all.contains(kept.layer);
    return other ? kept.layer : std::string{};
  }
  /// That keeps it, or would.
  const hot_layer_actor& holding(const hot_info& kept) const {
    auto other = elsewhere(kept);
    return other.empty() ? own() : all.at(other);
  }
};

} // namespace weir::ffs
