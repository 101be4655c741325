#include "storage/ipld/dag_json.hpp"
#include "storage/ipld/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace weir::ipld {

namespace {

void put_text(std::string& out, std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  out += '"';
  for (char c : text) {
    switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      if (static_cast<unsigned char>(c) < 0x20) {
        out += "\\u00";
        out += digits[c >> 4];
        out += digits[c & 15];
      } else {
        out += c;
      }
    }
  }
  out += '"';
}

std::string decimal(const integer& n) {
  if (!n.negative)
    return std::to_string(n.magnitude);
  // -1 - magnitude, which for the least one is -2^64.
  return n.magnitude == UINT64_MAX ? "-18446744073709551616" : "-" + std::to_string(n.magnitude + 1);
}

status write_value(std::string& out, const value& v, std::size_t depth);

struct writer {
  std::string& out;
  std::size_t depth;

  status operator()(std::monostate) const { return put("null"); }
  status operator()(bool b) const { return put(b ? "true" : "false"); }
  status operator()(const integer& n) const { return put(decimal(n)); }
  status operator()(double d) const {
    if (!std::isfinite(d))
      return fail(errc::invalid_argument, "DAG-JSON has no NaN and no infinities.");
    char buffer[64];
    auto end = std::to_chars(buffer, buffer + sizeof buffer, d).ptr;
    std::string_view text{buffer, static_cast<std::size_t>(end - buffer)};
    out += text;
    if (text.find_first_of(".e") == std::string_view::npos)
      out += ".0"; // else it would read back as an integer
    return {};
  }
  status operator()(const std::string& s) const {
    if (!valid_utf8(s))
      return fail(errc::invalid_argument, "DAG-JSON text is UTF-8.");
    put_text(out, s);
    return {};
  }
  status operator()(const bytes& b) const {
    return put(R"({"/":{"bytes":")" + base_encode(multibase::base64, b) + R"("}})");
  }
  status operator()(const cid& c) const { return put(R"({"/":")" + c.text() + R"("})"); }
  status operator()(const list& l) const {
    out += '[';
    for (std::size_t i = 0; i < l.size(); ++i) {
      if (i > 0)
        out += ',';
      WEIR_CHECK(write_value(out, l[i], depth + 1));
    }
    return put("]");
  }
  status operator()(const map& m) const {
    if (m.size() == 1 && m[0].first == "/")
      return fail(errc::invalid_argument, R"(A map whose only key is "/" would read back as a link or as bytes.)");
    std::vector<const map::value_type*> sorted;
    for (const auto& entry : m)
      sorted.push_back(&entry);
    std::sort(sorted.begin(), sorted.end(), [](auto* a, auto* b) { return a->first < b->first; });
    out += '{';
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      if (i > 0 && sorted[i]->first == sorted[i - 1]->first)
        return fail(errc::invalid_argument, "A map has a key twice.", sorted[i]->first);
      if (i > 0)
        out += ',';
      WEIR_CHECK((*this)(sorted[i]->first));
      out += ':';
      WEIR_CHECK(write_value(out, sorted[i]->second, depth + 1));
    }
    return put("}");
  }

private:
  status put(std::string_view text) const {
    out += text;
    return {};
  }
};

status write_value(std::string& out, const value& v, std::size_t depth) {
  if (depth > max_depth)
    return fail(errc::too_large, "The value is nested too deeply.", {}, std::to_string(max_depth) + " levels");
  return std::visit(writer{out, depth}, v.is);
}

} // namespace

result<std::string> encode_dag_json(const value& v) {
  std::string out;
  WEIR_CHECK(write_value(out, v, 0));
  return out;
}

} // namespace weir::ipld
