#pragma once
// Finds the watches that something interests, at a cost of those that it does.
// Log watches by event: a watch is filed under each of its subjects, or else under each of
// its kinds, or else under "all".
#include "messages/actors/records.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
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

/// Finds the state watches that a key interests: each is filed under its
/// table and its prefix, of which there are few lengths.
class prefix_index {
public:
  using id = std::uint64_t;

  void add(id watch, table_id table, const std::string& prefix) { all_[table][prefix.size()][prefix].push_back(watch); }
  void remove(id watch, table_id table, const std::string& prefix);

  template <class F>
  void each(table_id table, std::string_view key, F visit) const {
    auto of = all_.find(table);
    if (of == all_.end())
      return;
    for (auto& [length, lists] : of->second) {
      if (length > key.size())
        return;
      if (auto found = lists.find(std::string{key.substr(0, length)}); found != lists.end())
        for (auto watch : found->second)
          visit(watch);
    }
  }

private:
  std::unordered_map<table_id, std::map<std::size_t, std::unordered_map<std::string, std::vector<id>>>> all_;
};

} // namespace weir
