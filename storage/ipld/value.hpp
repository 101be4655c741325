#pragma once
// The IPLD data model (https://ipld.io/docs/data-model/): what DAG-CBOR and
// DAG-JSON write down in different ways.
#include "messages/types/bytes.hpp"
#include "messages/types/cid.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace weir::ipld {

/// Integers from -2^64 to 2^64 - 1, as CBOR has them: when `negative`, the
/// value is -1 - `magnitude`.
struct integer {
  bool negative = false;
  std::uint64_t magnitude = 0;

  friend bool operator==(const integer&, const integer&) = default;
};

struct value;
using list = std::vector<value>;
/// In the order in which the codec wants its keys; no key twice.
using map = std::vector<std::pair<std::string, value>>;

struct value {
  std::variant<std::monostate, bool, integer, double, std::string, bytes, cid, list, map> is;

  bool null() const { return is.index() == 0; }
  /// The entry of this key, when this is a map that has it.
  const value* find(std::string_view key) const;
};

bool operator==(const value& a, const value& b);

inline value from_unsigned(std::uint64_t n) {
  return {integer{false, n}};
}

/// Deeper input is refused: no codec may be made to overflow the stack.
inline constexpr std::size_t max_depth = 512;

} // namespace weir::ipld
