#pragma once
// The small facts of an event: pairs of a name in camelCase and a text.
#include "messages/types/cid.hpp"
#include "messages/types/ids.hpp"
#include "messages/types/token_amount.hpp"

#include <concepts>
#include <string>
#include <utility>
#include <vector>

namespace weir::records {

using facts = std::vector<std::pair<std::string, std::string>>;

inline std::pair<std::string, std::string> fact(std::string name, std::string value) {
  return {std::move(name), std::move(value)};
}
inline std::pair<std::string, std::string> fact(std::string name, const char* value) {
  return {std::move(name), value};
}
inline std::pair<std::string, std::string> fact(std::string name, const cid& value) {
  return {std::move(name), value.empty() ? std::string{} : value.text()};
}
inline std::pair<std::string, std::string> fact(std::string name, const token_amount& value) {
  return {std::move(name), value.decimal()};
}
inline std::pair<std::string, std::string> fact(std::string name, bool value) {
  return {std::move(name), value ? "true" : "false"};
}
template <std::integral T>
requires(!std::same_as<T, bool>) std::pair<std::string, std::string> fact(std::string name, T value) {
  return {std::move(name), std::to_string(value)};
}
/// Ids, epochs, revisions.
template <class Tag, class T>
std::pair<std::string, std::string> fact(std::string name, const strong<Tag, T>& value) {
  return fact(std::move(name), value.value);
}

} // namespace weir::records
