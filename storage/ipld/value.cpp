#include "storage/ipld/value.hpp"

namespace weir::ipld {

const value* value::find(std::string_view key) const {
  if (const auto* entries = std::get_if<map>(&is))
    for (const auto& [name, entry] : *entries)
      if (name == key)
        return &entry;
  return nullptr;
}

bool operator==(const value& a, const value& b) {
  return a.is == b.is;
}

} // namespace weir::ipld
