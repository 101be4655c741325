#include "node/config/options.hpp"
#include "node/json/value.hpp"

#include <algorithm>
#include <cctype>
#include <set>

namespace weir {

namespace {

using key_values = std::map<std::string, std::string>;

status known(std::string_view key, const std::string& where) {
  node_options ignored;
  auto tried = apply_setting(ignored, key, "");
  if (tried || tried.error().code != errc::usage)
    return {};
  auto e = tried.error();
  e.message += " (" + where + ")";
  return e;
}

/// An object is a section: its members are named with it.
status take_members(const json::value& object, const std::string& section, key_values& out) {
  for (const auto& [name, value] : object.members) {
    auto key = section + name;
    if (value.is_object() && !value.members.empty()) {
      WEIR_CHECK(take_members(value, key + ".", out));
      continue;
    }
    WEIR_CHECK(known(key, "in the configuration"));
    if (value.is_object() || value.is_array() || value.is_null())
      return fail(errc::malformed, "A setting is a text, a number, true or false.", key);
    out[key] = value.string();
  }
  return {};
}

result<key_values> from_json(std::string_view text) {
  WEIR_TRY(auto document, json::parse(text));
  key_values out;
  WEIR_CHECK(take_members(document, {}, out));
  return out;
}

std::string_view trim(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t'))
    s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t' || s.back() == '\r'))
    s.remove_suffix(1);
  return s;
}

/// The escapes of a TOML basic string that make sense in a setting.
result<std::string> basic_string(std::string_view& rest, const std::string& where) {
  std::string out;
  for (rest.remove_prefix(1); !rest.empty() && rest[0] != '"'; rest.remove_prefix(1)) {
    if (rest[0] != '\\') {
      out += rest[0];
      continue;
    }
    rest.remove_prefix(1);
    auto c = rest.empty() ? '\0' : rest[0];
    constexpr std::string_view codes = "nt\"\\";
    auto which = codes.find(c);
    if (which == codes.npos)
      return fail(errc::malformed, "This escape is not known; use single quotes for text as it is.", where);
    out += "\n\t\"\\"[which];
  }
  if (rest.empty())
    return fail(errc::malformed, "The quote is not closed.", where);
  rest.remove_prefix(1);
  return out;
}

result<std::string> toml_value(std::string_view rest, const std::string& where) {
  std::string value;
  if (rest.starts_with('"')) {
    WEIR_TRY(value, basic_string(rest, where));
  } else if (rest.starts_with('\'')) {
    auto end = rest.find('\'', 1);
    if (end == rest.npos)
      return fail(errc::malformed, "The quote is not closed.", where);
    value = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
  } else {
    auto bare = trim(rest.substr(0, rest.find('#')));
    bool number = !bare.empty() && std::all_of(bare.begin(), bare.end(), [](unsigned char c) {
      return std::isdigit(c) || c == '_' || c == '.' || c == '-';
    });
    if (!number && bare != "true" && bare != "false")
      return fail(errc::malformed, "A value is a quoted text, a number, true or false.", where);
    value = bare;
    std::erase(value, '_');
    return value;
  }
  rest = trim(rest);
  if (!rest.empty() && rest[0] != '#')
    return fail(errc::malformed, "There is something behind the value.", where);
  return value;
}

/// "[a.b]" → "a.b."
result<std::string> section_of(std::string_view line, const std::string& where) {
  auto end = line.find(']');
  auto name = end == line.npos ? std::string_view{} : trim(line.substr(1, end - 1));
  auto rest = end == line.npos ? std::string_view{} : trim(line.substr(end + 1));
  bool good = !name.empty() && name.find_first_of("[]\"' ") == name.npos && (rest.empty() || rest[0] == '#');
  if (!good)
    return fail(errc::malformed, "A section is [NAME] or [NAME.NAME].", where);
  return std::string{name} + ".";
}

result<key_values> from_toml(std::string_view text) {
  key_values out;
  std::string section;
  std::set<std::string> sections;
  for (int number = 1; !text.empty(); ++number) {
    auto end = std::min(text.find('\n'), text.size());
    auto line = trim(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
    if (line.empty() || line[0] == '#')
      continue;
    auto where = "line " + std::to_string(number);
    if (line[0] == '[') {
      WEIR_TRY(section, section_of(line, where));
      if (!sections.insert(section).second)
        return fail(errc::malformed, "A section is given twice.", section.substr(0, section.size() - 1) + ", " + where);
      continue;
    }
    auto equals = line.find('=');
    if (equals == line.npos)
      return fail(errc::malformed, "A line of the configuration is `key = value` or [section].", where);
    std::string key{trim(line.substr(0, equals))};
    if (key.size() > 1 && key.front() == '"' && key.back() == '"')
      key = key.substr(1, key.size() - 2);
    key = section + key;
    WEIR_CHECK(known(key, where));
    if (out.count(key))
      return fail(errc::malformed, "A setting is given twice.", key + ", " + where);
    WEIR_TRY(out[key], toml_value(trim(line.substr(equals + 1)), where));
  }
  return out;
}

} // namespace

result<key_values> parse_config(std::string_view text) {
  auto first = text.find_first_not_of(" \t\r\n");
  return first != text.npos && text[first] == '{' ? from_json(text) : from_toml(text);
}

} // namespace weir
