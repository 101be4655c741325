#include "node/json/value.hpp"

#include "node/json/writer.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace weir::json {

namespace {

/// Builds the tree from the library's events.
class builder : public nlohmann::json_sax<nlohmann::json> {
public:
  bool null() override { return put({}); }
  bool boolean(bool b) override { return put({value::kind::boolean, b, {}, {}, {}}); }
  bool number_integer(std::int64_t n) override { return number(std::to_string(n)); }
  bool number_unsigned(std::uint64_t n) override { return number(std::to_string(n)); }
  bool number_float(double, const std::string& digits) override { return number(digits); }
  bool string(std::string& s) override { return put({value::kind::string, false, std::move(s), {}, {}}); }
  bool binary(nlohmann::json::binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(value::kind::object); }
  bool start_array(std::size_t) override { return open(value::kind::array); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(std::string& name) override {
    auto& members = stack_.back().members;
    bool twice = std::any_of(members.begin(), members.end(), [&](const auto& m) { return m.first == name; });
    if (twice)
      problem_ = fail(errc::malformed, "A member of the JSON object is named twice.", name);
    else
      members.emplace_back(std::move(name), value{});
    return !twice;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    if (problem_.code == errc::none)
      problem_ = fail(errc::malformed, "This is not valid JSON.", "at byte " + std::to_string(position));
    return false;
  }

  value root_;
  error problem_{errc::none, {}, {}, {}};

private:
  bool number(std::string digits) { return put({value::kind::number, false, std::move(digits), {}, {}}); }

  bool open(value::kind type) {
    if (stack_.size() >= max_depth) {
      problem_ = fail(errc::too_large, "The JSON is nested too deeply.", {}, std::to_string(max_depth));
      return false;
    }
    stack_.push_back({type, false, {}, {}, {}});
    return true;
  }

  bool close() {
    auto done = std::move(stack_.back());
    stack_.pop_back();
    return put(std::move(done));
  }

  bool put(value v) {
    if (stack_.empty())
      root_ = std::move(v);
    else if (stack_.back().type == value::kind::array)
      stack_.back().items.push_back(std::move(v));
    else
      stack_.back().members.back().second = std::move(v);
    return true;
  }

  std::vector<value> stack_;
};

template <class T>
std::optional<T> whole_number(const value& v) {
  if (v.type != value::kind::number)
    return std::nullopt;
  T out{};
  auto [end, wrong] = std::from_chars(v.text.data(), v.text.data() + v.text.size(), out);
  if (wrong != std::errc{} || end != v.text.data() + v.text.size())
    return std::nullopt;
  return out;
}

void write(writer& w, const value& v) {
  switch (v.type) {
  case value::kind::null:
    w.null();
    break;
  case value::kind::boolean:
    w.value(v.flag);
    break;
  case value::kind::number:
    w.raw(v.text);
    break;
  case value::kind::string:
    w.value(v.text);
    break;
  case value::kind::array:
    w.begin_array();
    for (const auto& item : v.items)
      write(w, item);
    w.end_array();
    break;
  case value::kind::object:
    w.begin_object();
    for (const auto& [name, member] : v.members) {
      w.key(name);
      write(w, member);
    }
    w.end_object();
    break;
  }
}

} // namespace

const value& value::operator[](std::string_view name) const {
  static const value none;
  auto i = std::find_if(members.begin(), members.end(), [name](const auto& m) { return m.first == name; });
  return i == members.end() ? none : i->second;
}

std::string value::string() const {
  if (type == kind::boolean)
    return flag ? "true" : "false";
  return text;
}

std::optional<std::uint64_t> value::u64() const {
  return whole_number<std::uint64_t>(*this);
}

std::optional<std::int64_t> value::i64() const {
  return whole_number<std::int64_t>(*this);
}

double value::number() const {
  double out = 0;
  if (type == kind::number)
    std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

std::string value::dump() const {
  writer w;
  write(w, *this);
  return w.take();
}

result<value> parse(std::string_view text) {
  if (text.size() > max_text)
    return fail(errc::too_large, "The JSON is too large.", std::to_string(text.size()), std::to_string(max_text));
  builder b;
  bool good = nlohmann::json::sax_parse(text.begin(), text.end(), &b);
  if (!good)
    return b.problem_.code == errc::none ? fail(errc::malformed, "This is not valid JSON.") : std::move(b.problem_);
  return std::move(b.root_);
}

} // namespace weir::json
