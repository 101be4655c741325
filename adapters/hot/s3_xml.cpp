#include "adapters/hot/s3_xml.hpp"

#include <array>
#include <utility>

namespace weir::hot {

namespace {

constexpr std::array<std::pair<std::string_view, char>, 5> entities{
    {{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}}};

} // namespace

std::vector<std::string_view> xml_elements(std::string_view text, std::string_view name) {
  std::vector<std::string_view> out;
  auto open = "<" + std::string{name} + ">", close = "</" + std::string{name} + ">";
  for (std::size_t at = 0; (at = text.find(open, at)) != text.npos;) {
    at += open.size();
    auto end = text.find(close, at);
    if (end == text.npos)
      break;
    out.push_back(text.substr(at, end - at));
    at = end + close.size();
  }
  return out;
}

std::string xml_text(std::string_view text, std::string_view name) {
  auto found = xml_elements(text, name);
  if (found.empty())
    return {};
  std::string out;
  for (auto rest = found.front(); !rest.empty();) {
    char c = rest[0];
    std::size_t size = 1;
    if (rest.starts_with("&#34;")) { // what S3 writes around ETags
      c = '"';
      size = 5;
    }
    for (const auto& [entity, meaning] : entities)
      if (rest.starts_with(entity)) {
        c = meaning;
        size = entity.size();
      }
    out += c;
    rest.remove_prefix(size);
  }
  return out;
}

std::string xml_escape(std::string_view text) {
  std::string out;
  for (char c : text) {
    std::string_view as{&c, 1};
    for (const auto& [entity, meaning] : entities)
      if (c == meaning)
        as = entity;
    out += as;
  }
  return out;
}

} // namespace weir::hot
