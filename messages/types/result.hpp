#pragma once
// A value or an error (C++20 has no std::expected).
#include "messages/types/error.hpp"

#include <type_traits>
#include <utility>
#include <variant>

namespace weir {

template <class T>
class [[nodiscard]] result {
public:
  using value_type = T;
  result(T value) : data_{std::in_place_index<0>, std::move(value)} {}
  result(weir::error e) : data_{std::in_place_index<1>, std::move(e)} {}

  explicit operator bool() const { return data_.index() == 0; }
  bool ok() const { return data_.index() == 0; }

  T& operator*() & { return std::get<0>(data_); }
  const T& operator*() const& { return std::get<0>(data_); }
  T&& operator*() && { return std::get<0>(std::move(data_)); }
  T* operator->() { return &std::get<0>(data_); }
  const T* operator->() const { return &std::get<0>(data_); }

  weir::error& error() & { return std::get<1>(data_); }
  const weir::error& error() const& { return std::get<1>(data_); }
  weir::error&& error() && { return std::get<1>(std::move(data_)); }

  T value_or(T other) const& { return ok() ? **this : std::move(other); }

private:
  std::variant<T, weir::error> data_;
};

template <>
class [[nodiscard]] result<void> {
public:
  using value_type = void;
  result() = default;
  result(weir::error e) : error_{std::move(e)}, ok_{false} {}

  explicit operator bool() const { return ok_; }
  bool ok() const { return ok_; }
  const weir::error& error() const { return error_; }

private:
  weir::error error_{errc::none, {}, {}, {}};
  bool ok_ = true;
};

using status = result<void>;

/// Shortest way to an error: `return fail(errc::malformed, "…", value)`.
inline error fail(errc code, std::string message = {}, std::string value = {}, std::string limit = {}) {
  return {code, std::move(message), std::move(value), std::move(limit)};
}

} // namespace weir

/// `WEIR_TRY(auto x, f())`: x is the value, or the error is returned.
#define WEIR_TRY_CONCAT_(a, b) a##b
#define WEIR_TRY_NAME_(a, b) WEIR_TRY_CONCAT_(a, b)
#define WEIR_TRY(declaration, expression)                                                                              \
  auto WEIR_TRY_NAME_(weir_try_, __LINE__) = (expression);                                                             \
  if (!WEIR_TRY_NAME_(weir_try_, __LINE__))                                                                            \
    return std::move(WEIR_TRY_NAME_(weir_try_, __LINE__)).error();                                                     \
  declaration = *std::move(WEIR_TRY_NAME_(weir_try_, __LINE__))
/// `WEIR_CHECK(f())`: the error of a status is returned.
#define WEIR_CHECK(expression)                                                                                         \
  do {                                                                                                                 \
    if (auto weir_status_ = (expression); !weir_status_)                                                               \
      return weir_status_.error();                                                                                     \
  } while (false)
