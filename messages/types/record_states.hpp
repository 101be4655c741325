#pragma once
// Which enumeration a record's member `state` counts in: the encodings keep it
// as a number, what shows a record to people and programs needs its names.
#include "messages/types/records.hpp"

namespace weir {

template <class Record>
struct states_of {
  using type = content_state;
};
template <>
struct states_of<deal> {
  using type = deal_state;
};

} // namespace weir
