// Requests on whose meaning two parsers could disagree are refused, all of
// them: behind a proxy one of them would be somebody else's request.
#include "tests/adapters/http/server_fixture.hpp"

using namespace weir;
using http::exchange_ptr;
using http::response;

namespace {

struct smuggling : test::server_fixture {
  smuggling() {
    http::handler echo = [](const exchange_ptr& x) {
      x->read_all(1 << 20, [x](result<std::string> body) {
        if (body)
          x->respond(response::text(200, x->request().verb_name + " " + x->request().path + " [" + *body + "]"));
        else
          x->respond(response::problem(body.error()));
      });
    };
    for (const char* verb : {"GET", "POST"})
      routes.add(verb, "/{rest*}", echo);
  }
  /// The status lines of all answers, in order.
  std::vector<std::string> statuses(std::string_view request) {
    auto answer = talk(request);
    std::vector<std::string> out;
    for (std::size_t at = 0; (at = answer.find("HTTP/1.1 ", at)) != std::string::npos; ++at)
      out.push_back(answer.substr(at + 9, 3));
    return out;
  }
};

struct row {
  const char* what;
  std::string request;
};

std::string post(std::string_view fields, std::string_view body) {
  return "POST / HTTP/1.1\r\nHost: x\r\n" + std::string{fields} + "\r\n" + std::string{body};
}

const std::string hidden = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";

} // namespace

TEST_F(smuggling, ambiguous_requests_get_400_and_nothing_behind_them_is_served) {
  serve();
  for (const auto& [what, request] :
       {row{"space before the colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n"},
        row{"space before the colon of a length", post("Content-Length : 3\r\n", "abc")},
        row{"tab before the colon", post("Transfer-Encoding\t: chunked\r\n", "0\r\n\r\n")},
        row{"no Host", "GET / HTTP/1.1\r\n\r\n"},
        row{"two Hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"},
        row{"two equal Hosts", "GET / HTTP/1.1\r\nHost: x\r\nhost: x\r\n\r\n"},
        row{"a Host that is none", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"},
        row{"an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"},
        row{"a Host with a user", "GET / HTTP/1.1\r\nHost: u@x\r\n\r\n"},
        row{"length and chunked", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
        row{"chunked and length", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n")},
        row{"two lengths", post("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd")},
        row{"two equal lengths", post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc")},
        row{"a list of lengths", post("Content-Length: 3, 3\r\n", "abc")},
        row{"a negative length", post("Content-Length: -3\r\n", "abc")},
        row{"a length with a plus", post("Content-Length: +3\r\n", "abc")},
        row{"a hexadecimal length", post("Content-Length: 0x3\r\n", "abc")},
        row{"an empty length", post("Content-Length:\r\n", "abc")},
        row{"a huge length", post("Content-Length: 99999999999999999999\r\n", "abc")},
        row{"a length with a space inside", post("Content-Length: 1 2\r\n", "abc")},
        row{"chunked in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        row{"bare LF in the request line", "GET / HTTP/1.1\nHost: x\r\n\r\n"},
        row{"bare LF after a field", "GET / HTTP/1.1\r\nHost: x\n\r\n"},
        row{"bare LF at the end", "GET / HTTP/1.1\r\nHost: x\r\n\n"},
        row{"bare CR in a value", "GET / HTTP/1.1\r\nHost: x\r\nA: b\rContent-Length: 3\r\n\r\n"},
        row{"bare CR at a line's end", "GET / HTTP/1.1\r\nHost: x\rA: b\r\n\r\n"},
        row{"a folded line", "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n"},
        row{"a folded chunked", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n")},
        row{"a field before the Host that begins with a space", "GET / HTTP/1.1\r\n A: b\r\nHost: x\r\n\r\n"},
        row{"no name", "GET / HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n"},
        row{"no colon", "GET / HTTP/1.1\r\nHost: x\r\nabc\r\n\r\n"},
        row{"NUL in a value", "GET / HTTP/1.1\r\nHost: x\r\nA: b" + std::string(1, '\0') + "c\r\n\r\n"},
        row{"a control character in a name", "GET / HTTP/1.1\r\nHost: x\r\nA\x01: b\r\n\r\n"},
        row{"a control character in the target", "GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n"},
        row{"8-bit in the target", "GET /\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n"},
        row{"two spaces", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n"},
        row{"a target without a slash", "GET hidden HTTP/1.1\r\nHost: x\r\n\r\n"},
        row{"a foreign scheme", "GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n"},
        row{"a fragment", "GET /#a HTTP/1.1\r\nHost: x\r\n\r\n"},
        row{"a bad percent", "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"},
        row{"a coded NUL", "GET /a%00b HTTP/1.1\r\nHost: x\r\n\r\n"},
        row{"no version", "GET /\r\nHost: x\r\n\r\n"},
        row{"a version that is none", "GET / HTTX/1.1\r\nHost: x\r\n\r\n"},
        row{"a star for GET", "GET * HTTP/1.1\r\nHost: x\r\n\r\n"},
        row{"the HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"}}) {
    auto got = statuses(request + hidden);
    ASSERT_EQ(got.size(), 1u) << what;
    EXPECT_TRUE(got[0] == "400" || got[0] == "501" || got[0] == "505") << what << ": " << got[0];
  }
}

TEST_F(smuggling, codings_and_versions_that_are_not_served) {
  serve();
  EXPECT_EQ(statuses(post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")), std::vector<std::string>{"501"});
  for (const char* coding : {"gzip", "chunked, chunked", "chunked, identity", "xchunked", "identity", "\"chunked\""}) {
    auto got = statuses(post("Transfer-Encoding: " + std::string{coding} + "\r\n", "0\r\n\r\n") + hidden);
    ASSERT_EQ(got.size(), 1u) << coding;
    EXPECT_TRUE(got[0] == "501" || got[0] == "400") << coding << got[0];
  }
  auto twice = statuses(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n") + hidden);
  ASSERT_EQ(twice.size(), 1u);
  EXPECT_EQ(statuses("CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n"), std::vector<std::string>{"501"});
  EXPECT_EQ(statuses("TRACE / HTTP/1.1\r\nHost: x\r\n\r\n"), std::vector<std::string>{"501"});
  EXPECT_EQ(statuses(post("Content-Length: 3\r\nExpect: tea\r\n", "abc")), std::vector<std::string>{"417"});
}

TEST_F(smuggling, malformed_chunks_end_the_connection) {
  serve();
  for (const char* body : {"3\nabc\r\n0\r\n\r\n", "3\r\nabcd\r\n0\r\n\r\n", "g\r\nabc\r\n0\r\n\r\n", "-1\r\n\r\n",
                           "3 \r\nabc\r\n0\r\n\r\n", "ffffffffffffffffff\r\nabc", "3\r\nabc0\r\n\r\n",
                           "3\r\nabc\n0\r\n\r\n", "3\r\nabc\r\n0\n\r\n", "0x3\r\nabc\r\n0\r\n\r\n"}) {
    auto got = statuses(post("Transfer-Encoding: chunked\r\n", body) + hidden);
    ASSERT_EQ(got.size(), 1u) << body;
    EXPECT_EQ(got[0], "400") << body;
  }
}

TEST_F(smuggling, what_is_well_formed_is_served) {
  serve();
  for (const auto& [what, request] :
       {row{"spaces around a value", "GET /a HTTP/1.1\r\nHost:  x \t\r\n\r\n"},
        row{"an empty line before", "\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n"},
        row{"an empty value", "GET /a HTTP/1.1\r\nHost: x\r\nA:\r\n\r\n"},
        row{"the absolute form", "GET http://x/a HTTP/1.1\r\nHost: y\r\n\r\n"},
        row{"chunks with an extension and a trailer",
            "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nT: v\r\n\r\n"},
        row{"8-bit in a value", "GET /a HTTP/1.1\r\nHost: x\r\nA: \xc3\xa9\r\n\r\n"},
        row{"an IPv6 host", "GET /a HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"}}) {
    EXPECT_EQ(statuses(request + hidden), (std::vector<std::string>{"200", "200"})) << what;
  }
}

TEST_F(smuggling, trailers_do_not_become_fields) {
  serve();
  auto answer = talk("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                     "2\r\nab\r\n0\r\nHost: evil\r\nContent-Length: 9\r\n\r\n"
                     + hidden);
  EXPECT_NE(answer.find("POST /a [ab]"), std::string::npos) << answer;
  EXPECT_NE(answer.find("GET /hidden []"), std::string::npos) << answer;
}
