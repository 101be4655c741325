#include "storage/ipld/dag_json.hpp"
#include "storage/ipld/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <set>

namespace weir::ipld {

namespace {

class reader {
public:
  explicit reader(std::string_view text) : text_{text} {}

  result<value> whole() {
    WEIR_TRY(auto v, any(0));
    skip_space();
    if (at_ != text_.size())
      return wrong("there is more after the value");
    return v;
  }

private:
  error wrong(std::string what) const {
    return fail(errc::malformed, "not DAG-JSON: " + std::move(what), "offset " + std::to_string(at_));
  }

  void skip_space() {
    while (at_ < text_.size() && std::string_view{" \t\r\n"}.find(text_[at_]) != std::string_view::npos)
      ++at_;
  }

  /// The next character that is not white space, without taking it; 0 at the end.
  char peek() {
    skip_space();
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  bool take(char c) {
    if (peek() != c)
      return false;
    ++at_;
    return true;
  }

  bool take_word(std::string_view word) {
    if (text_.substr(at_, word.size()) != word)
      return false;
    at_ += word.size();
    return true;
  }

  result<value> any(std::size_t depth) {
    if (depth > max_depth)
      return fail(errc::too_large, "The value is nested too deeply.", {}, std::to_string(max_depth) + " levels");
    switch (peek()) {
    case '{':
      return object(depth);
    case '[':
      return array(depth);
    case '"': {
      WEIR_TRY(auto text, string());
      return value{std::move(text)};
    }
    case 't':
      return constant("true", value{true});
    case 'f':
      return constant("false", value{false});
    case 'n':
      return constant("null", value{});
    default:
      return number();
    }
  }

  result<value> constant(std::string_view word, value v) {
    if (!take_word(word))
      return wrong("an unknown word");
    return v;
  }

  result<value> array(std::size_t depth) {
    take('[');
    list out;
    if (take(']'))
      return value{std::move(out)};
    do {
      WEIR_TRY(auto v, any(depth + 1));
      out.push_back(std::move(v));
    } while (take(','));
    if (!take(']'))
      return wrong("a list does not end");
    return value{std::move(out)};
  }

  result<value> object(std::size_t depth) {
    take('{');
    map out;
    std::set<std::string, std::less<>> seen;
    if (take('}'))
      return value{std::move(out)};
    do {
      if (peek() != '"')
        return wrong("a key is not text");
      WEIR_TRY(auto key, string());
      if (!seen.insert(key).second)
        return wrong("a key is there twice");
      if (!take(':'))
        return wrong("a colon is missing");
      WEIR_TRY(auto v, any(depth + 1));
      out.emplace_back(std::move(key), std::move(v));
    } while (take(','));
    if (!take('}'))
      return wrong("a map does not end");
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    return special(std::move(out));
  }

  /// Links and bytes are written as maps with the lone key "/".
  result<value> special(map out) {
    if (out.size() != 1 || out[0].first != "/")
      return value{std::move(out)};
    const auto& inside = out[0].second;
    if (const auto* text = std::get_if<std::string>(&inside.is)) {
      WEIR_TRY(auto link, cid::parse(*text));
      return value{std::move(link)};
    }
    const auto* encoded = inside.find("bytes");
    if (encoded != nullptr && std::get<map>(inside.is).size() == 1)
      if (const auto* text = std::get_if<std::string>(&encoded->is)) {
        WEIR_TRY(auto raw, base_decode(multibase::base64, *text));
        return value{std::move(raw)};
      }
    return wrong(R"(the lone key "/" is neither a link nor bytes)");
  }

  result<value> number() {
    auto begin = at_;
    auto digits = [&] {
      auto first = at_;
      while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9')
        ++at_;
      return at_ - first;
    };
    bool negative = take_word("-"), leading_zero = at_ < text_.size() && text_[at_] == '0', real = false;
    auto whole = digits();
    if (whole == 0 || (leading_zero && whole > 1))
      return wrong("this is no value");
    if (take_word(".")) {
      real = true;
      if (digits() == 0)
        return wrong("a number ends with a point");
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      real = true;
      ++at_;
      if (!take_word("+"))
        take_word("-");
      if (digits() == 0)
        return wrong("an exponent has no digits");
    }
    auto text = text_.substr(begin, at_ - begin);
    return real ? real_number(text) : whole_number(text, negative);
  }

  result<value> real_number(std::string_view text) const {
    double number = 0;
    auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{} || end != text.data() + text.size())
      return wrong("a number that 64 bits do not hold");
    return value{number};
  }

  result<value> whole_number(std::string_view text, bool negative) const {
    if (text == "-18446744073709551616")
      return value{integer{true, UINT64_MAX}};
    std::uint64_t magnitude = 0;
    auto digits = text.substr(negative ? 1 : 0);
    auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), magnitude);
    if (problem != std::errc{} || end != digits.data() + digits.size())
      return wrong("an integer beyond 64 bits");
    if (negative && magnitude > 0)
      return value{integer{true, magnitude - 1}};
    return value{integer{false, magnitude}};
  }

  result<std::string> string() {
    ++at_; // the quote
    std::string out;
    while (at_ < text_.size() && text_[at_] != '"') {
      char c = text_[at_++];
      if (static_cast<unsigned char>(c) < 0x20)
        return wrong("a control character in text");
      if (c != '\\')
        out += c;
      else
        WEIR_CHECK(escape(out));
    }
    if (at_ == text_.size())
      return wrong("text does not end");
    ++at_;
    if (!valid_utf8(out))
      return wrong("text is not UTF-8");
    return out;
  }

  status escape(std::string& out) {
    constexpr std::string_view names = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    if (at_ == text_.size())
      return wrong("text does not end");
    char c = text_[at_++];
    if (auto i = names.find(c); i != std::string_view::npos) {
      out += meanings[i];
      return {};
    }
    if (c != 'u')
      return wrong("an unknown escape");
    WEIR_TRY(auto point, four_hex_digits());
    if (point >= 0xdc00 && point < 0xe000)
      return wrong("a lone surrogate");
    if (point >= 0xd800 && point < 0xdc00) {
      if (!take_word("\\u"))
        return wrong("a lone surrogate");
      WEIR_TRY(auto low, four_hex_digits());
      if (low < 0xdc00 || low >= 0xe000)
        return wrong("a lone surrogate");
      point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
    }
    put_utf8(out, point);
    return {};
  }

  result<std::uint32_t> four_hex_digits() {
    std::uint32_t point = 0;
    auto digits = text_.substr(at_, 4);
    auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), point, 16);
    if (digits.size() != 4 || problem != std::errc{} || end != digits.data() + 4)
      return wrong("an escape lacks its four digits");
    at_ += 4;
    return point;
  }

  static void put_utf8(std::string& out, std::uint32_t point) {
    if (point < 0x80) {
      out += static_cast<char>(point);
      return;
    }
    int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    constexpr std::uint8_t leads[] = {0, 0xc0, 0xe0, 0xf0};
    out += static_cast<char>(leads[more] | point >> (6 * more));
    for (int i = more - 1; i >= 0; --i)
      out += static_cast<char>(0x80 | (point >> (6 * i) & 0x3f));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

} // namespace

result<value> decode_dag_json(std::string_view text) {
  return reader{text}.whole();
}

} // namespace weir::ipld
