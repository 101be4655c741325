#include "messages/actors/records.hpp"

#include <algorithm>

namespace weir {

namespace {

template <class T>
bool any_or_listed(const std::vector<T>& list, const T& x) {
  return list.empty() || std::ranges::find(list, x) != list.end();
}

} // namespace

bool wants(const log_filter& filter, const event& e) {
  return any_or_listed(filter.kinds, e.kind) && any_or_listed(filter.subjects, e.subject)
         && (!filter.owner || *filter.owner == e.owner);
}

} // namespace weir
