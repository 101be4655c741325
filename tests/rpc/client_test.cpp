// The client library, blocking, against a running node in this process.
#include "tests/rpc/client_fixture.hpp"
#include "tests/support/certificate.hpp"

#include <thread>

using namespace weir;

namespace {

using test::client_library;

TEST_F(client_library, a_file_goes_in_and_comes_back) {
  auto s = open();
  auto about = s->about();
  ASSERT_TRUE(about);
  EXPECT_EQ(about->protocol, 4u);
  auto file = make_file("film", 5'000'001);
  auto stored = s->store_file(file);
  ASSERT_TRUE(stored) << to_string(stored.error());
  EXPECT_EQ(stored->name, "film");
  EXPECT_EQ(stored->size, 5'000'001u);
  EXPECT_EQ(s->find(stored->id)->cid, stored->cid);
  std::string back;
  auto sent = s->download(stored->id, "", [&](bytes_view data) { return back.append(as_text(data)), status{}; });
  ASSERT_TRUE(sent) << to_string(sent.error());
  EXPECT_TRUE(back == text_of(file));
}

TEST_F(client_library, folders_and_streams) {
  auto s = open();
  std::filesystem::create_directories(folder / "tree/sub/empty");
  make_file("tree/a", 10);
  make_file("tree/sub/b", 300'000);
  auto stored = s->store_file(folder / "tree", {.name = "named"});
  ASSERT_TRUE(stored) << to_string(stored.error());
  EXPECT_EQ(stored->name, "named");
  std::size_t got = 0;
  EXPECT_TRUE(s->download(stored->id, "sub/b", [&](bytes_view d) { return got += d.size(), status{}; }));
  EXPECT_EQ(got, 300'000u);
  int parts = 3;
  auto made = s->store(
      [&](std::span<std::uint8_t> into) -> result<std::size_t> {
        return parts-- > 0 ? std::fill_n(into.begin(), 1000, 'x'), 1000u : 0u;
      },
      {.name = "stream"});
  ASSERT_TRUE(made) << to_string(made.error());
  EXPECT_EQ(made->size, 3000u);
}

TEST_F(client_library, errors_are_those_of_the_catalogue) {
  auto s = open();
  EXPECT_EQ(s->find("none").error().code, errc::not_found);
  EXPECT_EQ(s->store_file(folder / "none").error().code, errc::not_found);
  auto stored = s->store_file(make_file("film", 3'000'000));
  auto stop = s->download(stored->id, "", [](bytes_view) -> status { return fail(errc::disk_full, "no more"); });
  EXPECT_EQ(stop.error().code, errc::disk_full);
  auto broken = s->store([](std::span<std::uint8_t>) -> result<std::size_t> { return fail(errc::changed, "x"); }, {});
  EXPECT_EQ(broken.error().code, errc::changed);
  EXPECT_TRUE(s->about()); // the session goes on
  EXPECT_EQ(client::session::open({.address = "unix:/nowhere/rpc.sock"}).error().code, errc::unreachable);
  client::endpoint tcp;
  tcp.address = node.node->addresses().at("capnp");
  EXPECT_EQ(client::session::open(tcp).error().code, errc::unauthenticated);
  tcp.token = node.post("/tokens", "{\"name\":\"joe\"}").json["token"].text;
  EXPECT_TRUE(open(tcp)->about());
}

TEST_F(client_library, a_watch_tells_what_was_and_what_comes_in_order) {
  auto s = open();
  auto from = s->about()->revision;
  ASSERT_TRUE(s->store_file(make_file("one", 1000)));
  int stored = 0;
  std::uint64_t last = from;
  bool in_order = true;
  auto two = make_file("two", 1000);
  std::thread other;
  auto ended = s->watch({.kinds = {"content.stored"}}, from, [&](const client::transaction& t) {
    in_order = in_order && t.previous == last && t.revision > last;
    last = t.revision;
    if (++stored == 1)
      other = std::thread{[&] { EXPECT_TRUE(open()->store_file(two)); }};
    return stored < 2;
  });
  other.join();
  ASSERT_TRUE(ended) << to_string(ended.error());
  EXPECT_EQ(*ended, last);
  EXPECT_TRUE(in_order);
}

TEST_F(client_library, tls_and_whom_it_trusts) {
  auto token = node.post("/tokens", "{\"name\":\"joe\"}").json["token"].text;
  test::certificate own{folder.path()};
  node.options.rpc_cert = folder / "cert.pem";
  node.options.rpc_key = folder / "key.pem";
  restart();
  client::endpoint how;
  how.address = node.node->addresses().at("capnp");
  how.token = token;
  EXPECT_FALSE(client::session::open(how)); // without TLS
  how.tls = true;
  how.server_name = "localhost";
  EXPECT_EQ(client::session::open(how).error().code, errc::signature);
  how.ca_file = folder / "cert.pem";
  EXPECT_TRUE(open(how)->about());
  how.server_name = "elsewhere";
  EXPECT_EQ(client::session::open(how).error().code, errc::signature);
}

} // namespace
