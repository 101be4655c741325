#include "adapters/devnet/provider/faults.hpp"

#include "storage/support/file.hpp"

#include <charconv>
#include <functional>
#include <variant>

namespace weir::devnet {

namespace {

using member = std::variant<std::string behaviour::*, bool behaviour::*, std::uint64_t behaviour::*, epoch behaviour::*,
                            answer_kind behaviour::*>;

const std::map<std::string, member, std::less<>>& keys() {
  static const std::map<std::string, member, std::less<>> table{
      {"refuse", &behaviour::refuse},
      {"never-publish", &behaviour::never_publish},
      {"never-seal", &behaviour::never_seal},
      {"wrong-commp", &behaviour::wrong_commp},
      {"hang", &behaviour::hang},
      {"disconnect", &behaviour::disconnect},
      {"corrupt-retrieval", &behaviour::corrupt_retrieval},
      {"short-retrieval", &behaviour::short_retrieval},
      {"retrieval", &behaviour::retrieval},
      {"offline", &behaviour::offline},
      {"lose-answer", &behaviour::lose_answer},
      {"answer", &behaviour::answer},
      {"slash-at", &behaviour::slash_at},
      {"slow", &behaviour::slow},
      {"price", &behaviour::price},
      {"verified-price", &behaviour::verified_price},
      {"min-piece", &behaviour::min_piece},
      {"max-piece", &behaviour::max_piece},
  };
  return table;
}

std::string known_keys() {
  std::string list;
  for (auto& [name, m] : keys())
    list += (list.empty() ? "" : ", ") + name;
  return list;
}

bool is_off(std::string_view value) {
  return value.empty() || value == "off" || value == "false" || value == "no" || value == "0";
}
bool is_on(std::string_view value) {
  return value == "on" || value == "true" || value == "yes" || value == "1";
}

constexpr std::string_view answer_names[] = {"normal", "garbage", "flood"};

struct setter {
  behaviour& b;
  std::string_view value;

  error bad(const char* what) const {
    return fail(errc::invalid_argument, "the value is not understood", std::string{value}, what);
  }
  template <class T>
  status number(T& into) const {
    T n{};
    auto [end, ec] = std::from_chars(value.data(), value.data() + value.size(), n);
    if (ec != std::errc{} || end != value.data() + value.size())
      return bad("a number");
    into = n;
    return {};
  }

  status operator()(std::string behaviour::*m) const {
    if (value.size() > 1024)
      return bad("at most 1024 characters");
    (b.*m).clear();
    if (value != "off")
      for (char c : value) // one line: it is kept as one
        b.*m += c == '\n' || c == '\r' ? ' ' : c;
    return {};
  }
  status operator()(bool behaviour::*m) const {
    if (!is_on(value) && !is_off(value))
      return bad("on or off");
    b.*m = is_on(value);
    return {};
  }
  status operator()(std::uint64_t behaviour::*m) const {
    if (value == "off") {
      b.*m = 0;
      return {};
    }
    return number(b.*m);
  }
  status operator()(epoch behaviour::*m) const {
    if (value.empty() || value == "off") {
      b.*m = no_epoch;
      return {};
    }
    return number((b.*m).value);
  }
  status operator()(answer_kind behaviour::*m) const {
    for (std::size_t i = 0; i < std::size(answer_names); ++i)
      if (value == answer_names[i] || (i == 0 && is_off(value))) {
        b.*m = static_cast<answer_kind>(i);
        return {};
      }
    return bad("normal, garbage or flood");
  }
};

struct shower {
  const behaviour& b;
  std::string operator()(std::string behaviour::*m) const { return b.*m; }
  std::string operator()(bool behaviour::*m) const { return b.*m ? "on" : "off"; }
  std::string operator()(std::uint64_t behaviour::*m) const { return std::to_string(b.*m); }
  std::string operator()(epoch behaviour::*m) const { return b.*m == no_epoch ? "off" : std::to_string((b.*m).value); }
  std::string operator()(answer_kind behaviour::*m) const {
    return std::string{answer_names[static_cast<std::size_t>(b.*m)]};
  }
};

} // namespace

status set_behaviour(behaviour& b, std::string_view key, std::string_view value) {
  auto found = keys().find(key);
  if (found == keys().end())
    return fail(errc::invalid_argument, "there is no such key of a provider", std::string{key}, known_keys());
  return std::visit(setter{b, value}, found->second);
}

std::map<std::string, std::string> show_behaviour(const behaviour& b) {
  std::map<std::string, std::string> all;
  for (auto& [name, m] : keys())
    all[name] = std::visit(shower{b}, m);
  return all;
}

result<behaviour> load_behaviour(const std::filesystem::path& file, behaviour b) {
  auto text = read_small_file(file);
  if (!text && text.error().code == errc::not_found)
    return b;
  if (!text)
    return text.error();
  std::string_view rest = *text;
  while (!rest.empty()) {
    auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    auto equals = line.find('=');
    if (equals == std::string_view::npos)
      return fail(errc::corrupt, "a line without '='", file.string());
    WEIR_CHECK(set_behaviour(b, line.substr(0, equals), line.substr(equals + 1)));
  }
  return b;
}

status save_behaviour(const std::filesystem::path& file, const behaviour& b) {
  std::string text;
  for (auto& [name, value] : show_behaviour(b))
    text += name + "=" + value + "\n";
  return write_file_durably(file, as_bytes(text));
}

} // namespace weir::devnet
