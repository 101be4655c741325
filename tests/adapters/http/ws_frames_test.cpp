#include "adapters/http/ws_frames.hpp"

#include <gtest/gtest.h>
#include <vector>

using namespace weir;
using namespace weir::http;

namespace {

constexpr std::uint8_t mask[4] = {1, 2, 3, 4};

struct heard {
  std::vector<std::string> story;
  ws_frame_events events() {
    return {.message =
                [this](ws_opcode kind, const std::string& data) {
                  story.push_back((kind == ws_opcode::text ? "text " : "binary ") + data);
                },
            .ping = [this](const std::string& data) { story.push_back("ping " + data); },
            .pong = [this](const std::string& data) { story.push_back("pong " + data); },
            .close =
                [this](std::uint16_t code, const std::string& reason) {
                  story.push_back("close " + std::to_string(code) + " " + reason);
                }};
  }
};

/// Feeds a server, `step` bytes at a time; the close code that the bytes earn.
std::uint16_t feed(std::string_view data, heard& into, std::size_t step = 1, std::size_t limit = 1 << 20) {
  ws_parser parser{ws_role::server, limit, into.events()};
  for (std::size_t at = 0; at < data.size(); at += step)
    if (auto code = parser.feed(as_bytes(data.substr(at, step))); code != 0)
      return code;
  return 0;
}

std::string masked(ws_opcode opcode, std::string_view data, bool final = true) {
  return ws_frame(opcode, data, mask, final);
}

std::string raw(std::initializer_list<int> bytes) {
  std::string out;
  for (int each : bytes)
    out += static_cast<char>(each);
  return out;
}

} // namespace

TEST(ws_frames, the_examples_of_rfc_6455) {
  EXPECT_EQ(ws_accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");                // 1.3
  EXPECT_EQ(ws_frame(ws_opcode::text, "Hello", nullptr), raw({0x81, 5, 'H', 'e', 'l', 'l', 'o'})); // 5.7
  const std::uint8_t key[4] = {0x37, 0xfa, 0x21, 0x3d};
  auto hello = ws_frame(ws_opcode::text, "Hello", key);
  EXPECT_EQ(hello, raw({0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58}));
  heard told;
  EXPECT_EQ(feed(hello, told), 0);
  EXPECT_EQ(told.story, std::vector<std::string>{"text Hello"});
}

TEST(ws_frames, messages_of_all_lengths_however_cut) {
  for (std::size_t size : {0u, 1u, 125u, 126u, 127u, 65535u, 65536u, 200'000u}) {
    std::string data(size, 'x');
    for (std::size_t step : {std::size_t{1}, std::size_t{1000}, std::size_t{1} << 20}) {
      heard told;
      ASSERT_EQ(feed(masked(ws_opcode::binary, data), told, step), 0);
      ASSERT_EQ(told.story, std::vector<std::string>{"binary " + data});
    }
  }
}

TEST(ws_frames, fragments_with_control_frames_between) {
  heard told;
  auto text = masked(ws_opcode::text, "ab\xc3", false) + masked(ws_opcode::ping, "p")
              + masked(ws_opcode::continuation, "", false) + masked(ws_opcode::pong, "q")
              + masked(ws_opcode::continuation, "\xa9!") + masked(ws_opcode::close, ws_close_payload(1001, "bye"))
              + masked(ws_opcode::text, "after the end");
  EXPECT_EQ(feed(text, told, 3), 0);
  EXPECT_EQ(told.story, (std::vector<std::string>{"ping p", "pong q", "text ab\xc3\xa9!", "close 1001 bye"}));
}

TEST(ws_frames, what_earns_a_protocol_error) {
  struct row {
    const char* what;
    std::string data;
  };
  for (const auto& [what, data] :
       {row{"unmasked from a client", ws_frame(ws_opcode::text, "x", nullptr)},
        row{"a reserved bit", raw({0xc1, 0x80, 1, 2, 3, 4})}, row{"an unknown opcode", raw({0x83, 0x80, 1, 2, 3, 4})},
        row{"an unknown control opcode", raw({0x8b, 0x80, 1, 2, 3, 4})},
        row{"a fragmented ping", masked(ws_opcode::ping, "x", false)},
        row{"a long ping", masked(ws_opcode::ping, std::string(126, 'x'))},
        row{"a lone continuation", masked(ws_opcode::continuation, "x")},
        row{"a new message inside one", masked(ws_opcode::text, "x", false) + masked(ws_opcode::text, "y")},
        row{"a length with the highest bit", raw({0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0})},
        row{"a close of one byte", masked(ws_opcode::close, "x")},
        row{"a close code nobody may send", masked(ws_opcode::close, ws_close_payload(1006, ""))},
        row{"a close code of nobody", masked(ws_opcode::close, ws_close_payload(2999, ""))}}) {
    heard told;
    EXPECT_EQ(feed(data, told), ws_code::protocol_error) << what;
  }
  ws_parser client{ws_role::client, 100, heard{}.events()};
  EXPECT_EQ(client.feed(as_bytes(masked(ws_opcode::text, "x"))), ws_code::protocol_error) << "masked from a server";
}

TEST(ws_frames, text_is_utf8_and_messages_have_a_limit) {
  heard told;
  EXPECT_EQ(feed(masked(ws_opcode::text, "\xff"), told), ws_code::bad_text);
  EXPECT_EQ(feed(masked(ws_opcode::close, ws_close_payload(1000, "\xff")), told), ws_code::bad_text);
  EXPECT_EQ(feed(masked(ws_opcode::binary, std::string(101, 'x')), told, 1, 100), ws_code::too_big);
  EXPECT_EQ(feed(masked(ws_opcode::binary, std::string(60, 'x'), false)
                     + masked(ws_opcode::continuation, std::string(60, 'x')),
                 told, 1, 100),
            ws_code::too_big);
  EXPECT_TRUE(told.story.empty());
}

TEST(ws_frames, utf8) {
  for (const char* good : {"", "a", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                           "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(valid_utf8(good)) << good;
  for (const char* bad : {"\x80", "\xc0\x80", "\xc1\xbf", "\xc2", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
                          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe1\x80", "a\xf0\x90\x80", "\xc2\x41"})
    EXPECT_FALSE(valid_utf8(bad)) << bad;
}
