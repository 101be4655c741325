#include "node/cli/context.hpp"

#include "node/json/writer.hpp"

#include <cstdlib>
#include <ostream>

namespace weir::cli {

namespace {

std::string from_environment(const char* name, std::string otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : std::move(otherwise);
}

} // namespace

context::context(const command& c, parsed p, std::ostream& out, std::ostream& err)
    : command_{c}, parsed_{std::move(p)}, json_{parsed_.has("json")}, out_{out}, err_{err} {}

context::~context() = default;

client& context::node() {
  if (!client_)
    client_ = std::make_unique<client>(parsed_.get("api", from_environment("WEIR_API", "127.0.0.1:3004")),
                                       parsed_.get("token", from_environment("WEIR_TOKEN", "")));
  return *client_;
}

void context::line(const std::string& text) {
  out_ << printable(text) << '\n';
}

void context::object(const std::string& json) {
  out_ << json << '\n';
  out_.flush();
}

void context::note(const std::string& text) {
  err_ << printable(text) << '\n';
}

int context::fail(const error& e) {
  err_ << "weir " << command_.name << ": " << printable(to_string(e)) << '\n';
  return info(e.code).exit;
}

std::string printable(std::string_view text) {
  // The writer knows UTF-8: what it replaces is not.
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    auto c = static_cast<unsigned char>(text[i]);
    std::size_t length = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    auto one = text.substr(i, length);
    bool good = c >= 0x20 && c != 0x7F && (c < 0x80 || json::quoted(one) == '"' + std::string{one} + '"');
    if (good) {
      out += one;
      i += length;
      continue;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    out += c == '\t' ? std::string{"\t"} : std::string{"\\x"} + digits[c >> 4] + digits[c & 15];
    ++i;
  }
  return out;
}

int run(std::vector<std::string> words, std::ostream& out, std::ostream& err) {
  if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    out << overview(commands());
    return words.empty() ? 2 : 0;
  }
  if (words[0] == "--version")
    words[0] = "version";
  auto which = find_command(commands(), words);
  if (!which) {
    err << "weir: " << printable(which.error().message) << '\n';
    return 2;
  }
  auto p = parse_arguments(*which->which, std::span{words}.subspan(which->words));
  if (!p) {
    err << "weir " << which->which->name << ": " << printable(p.error().message) << '\n';
    return 2;
  }
  if (p->has("help")) {
    out << help(*which->which);
    return 0;
  }
  context c{*which->which, *std::move(p), out, err};
  return which->which->run(c);
}

} // namespace weir::cli
