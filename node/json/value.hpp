#pragma once
// JSON that was read: bodies of requests, answers of a node, configuration.
// A plain tree, so that only one file pays for the parsing library.
#include "messages/types/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::json {

/// Levels of nesting and bytes that `parse` accepts.
inline constexpr std::size_t max_depth = 64;
inline constexpr std::size_t max_text = 16 << 20;

struct value {
  enum class kind : std::uint8_t { null, boolean, number, string, array, object };
  kind type = kind::null;
  bool flag = false;
  std::string text; ///< of a string; of a number, its digits as they came
  std::vector<value> items;
  std::vector<std::pair<std::string, value>> members;

  bool is_null() const { return type == kind::null; }
  bool is_string() const { return type == kind::string; }
  bool is_object() const { return type == kind::object; }
  bool is_array() const { return type == kind::array; }

  /// The member, or a null value.
  const value& operator[](std::string_view name) const;
  bool has(std::string_view name) const { return !(*this)[name].is_null(); }
  /// Text of a string or a number, "true"/"false"; empty for the rest.
  std::string string() const;
  std::optional<std::uint64_t> u64() const;
  std::optional<std::int64_t> i64() const;
  double number() const;
  bool boolean() const { return type == kind::boolean && flag; }

  /// Compact JSON again.
  std::string dump() const;
};

/// The whole text is one JSON value; errc::malformed says where it is not,
/// errc::too_large over the limits. A member named twice is malformed.
result<value> parse(std::string_view text);

} // namespace weir::json
