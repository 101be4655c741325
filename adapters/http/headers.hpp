#pragma once
// A list of header fields in their order; names compare without case
// (RFC 9110, section 5.1).
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::http {

/// ASCII only, as header names and schemes are.
bool same_name(std::string_view a, std::string_view b);
/// Without the spaces and tabs at both ends.
std::string_view trimmed(std::string_view text);
/// True if the comma-separated list holds the token (case does not count).
bool has_token(std::string_view list, std::string_view token);

class headers {
public:
  struct field {
    std::string name;
    std::string value;
  };
  headers() = default;
  headers(std::initializer_list<field> fields) : fields_{fields} {}

  void add(std::string name, std::string value) { fields_.push_back({std::move(name), std::move(value)}); }
  /// Replaces all fields of this name by one.
  void set(std::string_view name, std::string value);
  void remove(std::string_view name);
  /// The first field of this name.
  std::optional<std::string_view> get(std::string_view name) const;
  bool has(std::string_view name) const { return get(name).has_value(); }
  std::size_t count(std::string_view name) const;
  /// All values of this name, joined by ", " as RFC 9110 5.3 allows.
  std::string joined(std::string_view name) const;

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  std::size_t size() const { return fields_.size(); }
  bool empty() const { return fields_.empty(); }
  void clear() { fields_.clear(); }
  field& back() { return fields_.back(); }

private:
  std::vector<field> fields_;
};

} // namespace weir::http
