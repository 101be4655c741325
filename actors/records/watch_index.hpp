#pragma once
// Finds the log watches that an event interests, at a cost of those that it
// does: a watch is filed under each of its subjects, or else under each of
// its kinds, or else under "all".
#include "messages/actors/records.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace weir {

class watch_index {
public:
  using id = std::uint64_t;

  void add(id watch, const log_filter& filter);
  void remove(id watch, const log_filter& filter);

  /// Calls `visit(id)` for every watch that may want the event, each once per
  /// list that it is in. `wants` decides.
  template <class F>
  void candidates(const event& e, F visit) const {
    for (auto* list : {find(by_subject_, e.subject), find(by_kind_, e.kind), &all_})
      if (list != nullptr)
        for (auto watch : *list)
          visit(watch);
  }

private:
  using ids = std::vector<id>;

  template <class Map, class Key>
  static const ids* find(const Map& map, const Key& key) {
    auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
  }
  template <class F>
  void each_list(const log_filter& filter, F change);

  std::unordered_map<std::string, ids> by_subject_;
  std::unordered_map<event_kind, ids> by_kind_;
  ids all_;
};

} // namespace weir
