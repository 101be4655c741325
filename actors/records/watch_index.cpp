#include "actors/records/watch_index.hpp"

namespace weir {

/// `change` gets each list that a watch with this filter belongs to; an empty one goes.
template <class F>
void watch_index::each_list(const log_filter& filter, F change) {
  auto in = [&](auto& map, auto& keys) {
    for (auto& key : keys) {
      auto& list = map[key];
      change(list);
      if (list.empty())
        map.erase(key);
    }
  };
  if (!filter.subjects.empty())
    in(by_subject_, filter.subjects);
  else if (!filter.kinds.empty())
    in(by_kind_, filter.kinds);
  else
    change(all_);
}

void watch_index::add(id watch, const log_filter& filter) {
  each_list(filter, [&](ids& list) { list.push_back(watch); });
}

void watch_index::remove(id watch, const log_filter& filter) {
  each_list(filter, [&](ids& list) { std::erase(list, watch); });
}

void prefix_index::remove(id watch, table_id table, const std::string& prefix) {
  auto& lengths = all_[table];
  auto& lists = lengths[prefix.size()];
  auto& list = lists[prefix];
  std::erase(list, watch);
  if (list.empty())
    lists.erase(prefix);
  if (lists.empty())
    lengths.erase(prefix.size());
}

} // namespace weir
