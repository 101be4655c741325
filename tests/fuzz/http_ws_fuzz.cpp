// WebSocket frames: the story does not depend on how the bytes were cut, and
// what was taken in can be written and read again.
#include "adapters/http/ws_frames.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <vector>

using namespace weir;
using namespace weir::http;

namespace {

constexpr std::size_t limit = 1000;

struct story {
  std::vector<std::string> lines;
  std::uint16_t code = 0;
};

story read(bytes_view data, ws_role role, std::size_t step) {
  story out;
  auto note = [&out](const char* what, const std::string& text) { out.lines.push_back(what + text); };
  ws_parser parser{
      role,
      limit,
      {.message =
           [&](ws_opcode kind, const std::string& text) {
             fuzz::require(text.size() <= limit && (kind != ws_opcode::text || valid_utf8(text)));
             note(kind == ws_opcode::text ? "text " : "binary ", text);
           },
       .ping = [&](const std::string& text) { note("ping ", text); },
       .pong = [&](const std::string& text) { note("pong ", text); },
       .close = [&](std::uint16_t code, const std::string& text) { note("close ", std::to_string(code) + text); }}};
  for (std::size_t at = 0; at < data.size() && out.code == 0; at += step)
    out.code = parser.feed(data.subspan(at, std::min(step, data.size() - at)));
  return out;
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bytes_view in{data, size};
  for (auto role : {ws_role::server, ws_role::client}) {
    auto whole = read(in, role, size + 1);
    auto bytewise = read(in, role, 1);
    fuzz::require(whole.lines == bytewise.lines && whole.code == bytewise.code);
  }
  auto text = fuzz::text_of(data, std::min(size, limit));
  constexpr std::uint8_t mask[4] = {1, 2, 3, 4};
  auto back = read(as_bytes(ws_frame(ws_opcode::binary, text, mask)), ws_role::server, 7);
  fuzz::require(back.lines == std::vector<std::string>{"binary " + std::string{text}});
  return 0;
}
