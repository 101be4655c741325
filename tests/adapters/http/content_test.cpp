#include "adapters/http/content.hpp"

#include "adapters/http/ranges.hpp"
#include "tests/adapters/http/server_fixture.hpp"
#include "tests/support/temp_dir.hpp"

#include <fcntl.h>
#include <fstream>

using namespace weir;
using http::exchange_ptr;
using kind = http::range_answer::kind;

TEST(ranges, one_range_is_answered_and_the_rest_ignored_or_refused) {
  struct row {
    const char* field;
    kind what;
    std::uint64_t offset, length;
  };
  for (const auto& [field, what, offset, length] :
       {row{"bytes=0-0", kind::part, 0, 1}, row{"bytes=5-", kind::part, 5, 95}, row{"bytes=-10", kind::part, 90, 10},
        row{"bytes=-1000", kind::part, 0, 100}, row{"bytes=90-1000", kind::part, 90, 10},
        row{"BYTES=1-2", kind::part, 1, 2}, row{"bytes= 1 - 2 ", kind::part, 1, 2},
        row{"bytes=100-", kind::unsatisfiable, 0, 0}, row{"bytes=-0", kind::unsatisfiable, 0, 0},
        row{"bytes=2-1", kind::whole, 0, 100}, row{"bytes=0-1,3-4", kind::whole, 0, 100},
        row{"lines=0-1", kind::whole, 0, 100}, row{"bytes=", kind::whole, 0, 100},
        row{"bytes=a-b", kind::whole, 0, 100}, row{"bytes=0-18446744073709551616", kind::whole, 0, 100},
        row{"bytes=--1", kind::whole, 0, 100}}) {
    auto got = http::answer_range(field, 100);
    EXPECT_EQ(got.what, what) << field;
    EXPECT_EQ(got.offset, offset) << field;
    EXPECT_EQ(got.length, length) << field;
  }
  EXPECT_EQ(http::answer_range("bytes=0-", 0).what, kind::unsatisfiable);
  EXPECT_EQ(http::answer_range("bytes=5-6", 100).field, "bytes 5-6/100");
  EXPECT_EQ(http::answer_range("bytes=500-", 100).field, "bytes */100");
}

TEST(ranges, content_range_and_entity_tags) {
  auto range = http::parse_content_range("bytes 5-9/100");
  ASSERT_TRUE(range);
  EXPECT_EQ(range->offset, 5u);
  EXPECT_EQ(range->length, 5u);
  EXPECT_EQ(range->total, 100u);
  EXPECT_FALSE(http::parse_content_range("bytes 5-9/*")->total);
  for (const char* bad : {"", "bytes 9-5/100", "bytes 5-100/100", "bytes */100", "bytes 5-9", "items 5-9/100"})
    EXPECT_FALSE(http::parse_content_range(bad)) << bad;
  EXPECT_TRUE(http::none_match("\"a\", W/\"b\"", "\"b\""));
  EXPECT_TRUE(http::none_match("*", "\"b\""));
  EXPECT_FALSE(http::none_match("\"a\"", "\"b\""));
  EXPECT_EQ(http::answer_range("bytes=1-1", "\"old\"", "\"new\"", 10).what, kind::whole);
  EXPECT_EQ(http::answer_range("bytes=1-1", "\"new\"", "\"new\"", 10).what, kind::part);
}

TEST(mime, by_extension) {
  EXPECT_EQ(http::mime_type("a/b.HTML"), "text/html; charset=utf-8");
  EXPECT_EQ(http::mime_type("x.car"), "application/vnd.ipld.car");
  EXPECT_EQ(http::mime_type("README"), "application/octet-stream");
}

struct served_content : test::server_fixture {
  served_content() {
    for (std::size_t i = 0; i < 3'000'000; ++i)
      text += static_cast<char>('a' + (i * 31 + i / 4096) % 26);
    std::ofstream{dir / "f"} << text;
    routes.add("GET", "/file", [this](const exchange_ptr& x) {
      http::content what;
      what.file = loop::owned_fd{::open((dir / "f").c_str(), O_RDONLY | O_CLOEXEC)};
      what.size = text.size();
      what.etag = "\"v1\"";
      http::respond_content(*x, std::move(what));
    });
    routes.add("GET", "/memory", [this](const exchange_ptr& x) {
      http::content what;
      what.memory = text;
      http::respond_content(*x, std::move(what));
    });
  }
  test::temp_dir dir;
  std::string text;
};

TEST_F(served_content, whole_range_suffix_and_conditions) {
  serve();
  for (std::string path : {"/file", "/memory"}) {
    EXPECT_EQ(body_of(talk(get(path))), text);
    auto part = talk(get(path, "Range: bytes=1000000-1999999\r\n"));
    EXPECT_TRUE(part.starts_with("HTTP/1.1 206 ")) << part.substr(0, 200);
    EXPECT_NE(part.find("Content-Range: bytes 1000000-1999999/3000000\r\n"), std::string::npos);
    EXPECT_EQ(body_of(part), text.substr(1'000'000, 1'000'000));
    EXPECT_EQ(body_of(talk(get(path, "Range: bytes=-5\r\n"))), text.substr(text.size() - 5));
    auto beyond = talk(get(path, "Range: bytes=3000000-\r\n"));
    EXPECT_TRUE(beyond.starts_with("HTTP/1.1 416 "));
    EXPECT_NE(beyond.find("Content-Range: bytes */3000000\r\n"), std::string::npos);
    EXPECT_NE(body_of(beyond).find("\"code\":\"invalid-range\""), std::string::npos) << beyond;
    EXPECT_NE(body_of(beyond).find("\"value\":\"bytes=3000000-\""), std::string::npos) << beyond;
  }
  auto same = talk(get("/file", "If-None-Match: \"v1\"\r\n"));
  EXPECT_TRUE(same.starts_with("HTTP/1.1 304 "));
  EXPECT_EQ(body_of(same), "");
  auto head = talk("HEAD /file HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_NE(head.find("Content-Length: 3000000\r\n"), std::string::npos);
  EXPECT_EQ(body_of(head), "");
}

TEST_F(served_content, a_file_between_other_answers_stays_in_order) {
  routes.add("GET", "/small", [](const exchange_ptr& x) { x->respond(http::response::text(200, "small")); });
  serve();
  auto answer = talk(get("/small") + get("/file") + get("/small") + get("/file", "Range: bytes=0-9\r\n"));
  auto file_at = answer.find(text);
  ASSERT_NE(file_at, std::string::npos);
  EXPECT_LT(answer.find("small"), file_at);
  EXPECT_GT(answer.rfind("small"), file_at);
  EXPECT_TRUE(answer.ends_with(text.substr(0, 10)));
}

TEST_F(served_content, a_file_that_became_shorter_cuts_the_connection) {
  routes.add("GET", "/lies", [this](const exchange_ptr& x) {
    loop::owned_fd file{::open((dir / "f").c_str(), O_RDONLY | O_CLOEXEC)};
    x->send_file({.status = 200}, std::move(file), 0, text.size() + 1);
  });
  serve();
  auto answer = talk(get("/lies"));
  EXPECT_NE(answer.find("Content-Length: 3000001\r\n"), std::string::npos);
  EXPECT_LT(body_of(answer).size(), 3'000'001u);
  EXPECT_TRUE(eventually([&] { return server->figures().connections == 0; }));
}
