#include "adapters/http/headers.hpp"

#include <algorithm>

namespace weir::http {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

} // namespace

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size()
         && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool has_token(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    auto comma = list.find(',');
    if (same_name(trimmed(list.substr(0, comma)), token))
      return true;
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
  }
  return false;
}

void headers::set(std::string_view name, std::string value) {
  remove(name);
  add(std::string{name}, std::move(value));
}

void headers::remove(std::string_view name) {
  std::erase_if(fields_, [&](const field& f) { return same_name(f.name, name); });
}

std::optional<std::string_view> headers::get(std::string_view name) const {
  for (const auto& f : fields_)
    if (same_name(f.name, name))
      return f.value;
  return std::nullopt;
}

std::size_t headers::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::count_if(fields_.begin(), fields_.end(), [&](const field& f) { return same_name(f.name, name); }));
}

std::string headers::joined(std::string_view name) const {
  std::string out;
  for (const auto& f : fields_)
    if (same_name(f.name, name)) {
      if (!out.empty())
        out += ", ";
      out += f.value;
    }
  return out;
}

} // namespace weir::http
