#pragma once
// Values of the same representation that cannot be mixed up.
#include <compare>
#include <functional>
#include <utility>

namespace weir {

/// `using revision = strong<struct revision_tag, std::uint64_t>;`
template <class Tag, class T>
struct strong {
  using value_type = T;
  T value{};

  strong() = default;
  explicit strong(T v) : value{std::move(v)} {}

  friend bool operator==(const strong&, const strong&) = default;
  friend auto operator<=>(const strong&, const strong&) = default;
};

} // namespace weir

template <class Tag, class T>
struct std::hash<weir::strong<Tag, T>> {
  std::size_t operator()(const weir::strong<Tag, T>& x) const { return std::hash<T>{}(x.value); }
};
