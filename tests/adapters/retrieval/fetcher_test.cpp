#include "adapters/retrieval/fetcher.hpp"

#include "adapters/http/content.hpp"
#include "storage/support/file.hpp"
#include "tests/adapters/actor_fixture.hpp"
#include "tests/support/temp_dir.hpp"

using namespace weir;
using http::exchange_ptr;
using http::response;

namespace {

const cid piece_id = *cid::parse("baga6ea4seaqes3nobte6ezpp4wqan2age2s5yxcatzotcvobhgcmv5wi2xh5mbi");

struct fetcher : test::actor_fixture {
  fetcher() {
    for (std::size_t i = 0; i < (9u << 20) + 17; ++i)
      piece.push_back(static_cast<std::uint8_t>(i >> 3 ^ i));
    routes.add("GET", "/piece/{cid}", [this](const exchange_ptr& x) {
      ++requests;
      if (requests > healthy)
        return x->respond(response::empty(broken_status));
      if (x->request().capture("cid") != piece_id.text())
        return x->respond(response::empty(404));
      if (ignores_ranges)
        return x->respond(response::text(200, std::string{as_text(piece)}));
      http::content c;
      c.memory = piece;
      c.size = piece.size();
      http::respond_content(*x, std::move(c));
    });
    begin();
    actor = retrieval::spawn_fetcher(*host, loop, *client);
    here = {address::from_id(1000), {"/ip4/127.0.0.1/tcp/" + std::to_string(port) + "/http"}};
  }
  ~fetcher() override {
    actor = nullptr;
    end();
  }
  result<chunk> range(std::uint64_t offset, std::uint32_t length, cid what = piece_id) {
    return ask<chunk>(actor, fetch_range{here, what, offset, length});
  }
  result<nothing> whole() { return ask<nothing>(actor, fetch_piece{here, piece_id, piece.size(), dir / "p"}); }

  test::temp_dir dir;
  bytes piece;
  std::atomic<int> requests{0};
  std::atomic<int> healthy{1000000}; ///< requests before it breaks
  int broken_status = 404;
  bool ignores_ranges = false;
  fetcher_actor actor;
  provider_endpoint here;
};

TEST_F(fetcher, a_range_is_exactly_what_was_asked_for) {
  auto got = range(1234567, 4096);
  ASSERT_TRUE(got.ok()) << to_string(got.error());
  EXPECT_EQ(**got, bytes(piece.begin() + 1234567, piece.begin() + 1234567 + 4096));
}

TEST_F(fetcher, every_way_to_fail_has_its_code) {
  EXPECT_EQ(range(0, 100, *cid::parse("bafkqaaa")).error().code, errc::not_found);
  EXPECT_EQ(range(piece.size(), 100).error().code, errc::protocol);      // 416
  EXPECT_EQ(range(piece.size() - 50, 100).error().code, errc::protocol); // shorter than asked
  EXPECT_EQ(range(0, 0).error().code, errc::too_large);
  EXPECT_EQ(range(0, (4 << 20) + 1).error().code, errc::too_large);
  ignores_ranges = true;
  EXPECT_EQ(range(10, 100).error().code, errc::protocol);
  broken_status = 503;
  healthy = 0;
  EXPECT_EQ(range(10, 100).error().code, errc::unreachable);
  here.multiaddrs = {"/dns/example.com/tcp/24001"};
  EXPECT_EQ(range(10, 100).error().code, errc::unsupported);
}

TEST_F(fetcher, the_next_address_is_tried) {
  test::dead_port nobody;
  here.multiaddrs.insert(here.multiaddrs.begin(), "/ip4/127.0.0.1/tcp/" + std::to_string(nobody.number()) + "/http");
  auto got = range(7, 9);
  ASSERT_TRUE(got.ok()) << to_string(got.error());
  EXPECT_EQ((*got)->size(), 9u);
}

TEST_F(fetcher, a_whole_piece_arrives_in_ranges) {
  auto got = whole();
  ASSERT_TRUE(got.ok()) << to_string(got.error());
  EXPECT_EQ(*read_small_file(dir / "p", 1 << 26), as_text(piece));
  EXPECT_EQ(requests, 3); // 4 MiB each
  EXPECT_FALSE(std::filesystem::exists(dir / "p.part"));
  EXPECT_FALSE(std::filesystem::exists(dir / "p.done"));
}

TEST_F(fetcher, a_broken_download_goes_on_where_it_stopped) {
  {
    // What an earlier try left: the first chunk is there and marked.
    bytes part = piece;
    std::fill(part.begin() + (4 << 20), part.end(), 0);
    ASSERT_TRUE(write_file_durably(dir / "p.part", part).ok());
    ASSERT_TRUE(write_file_durably(dir / "p.done", bytes{1, 0, 0}).ok());
  }
  auto got = whole();
  ASSERT_TRUE(got.ok()) << to_string(got.error());
  EXPECT_EQ(requests, 2);
  EXPECT_EQ(*read_small_file(dir / "p", 1 << 26), as_text(piece));
}

TEST_F(fetcher, a_download_without_hope_ends_and_keeps_what_it_has) {
  healthy = 0;
  EXPECT_EQ(whole().error().code, errc::not_found);
  EXPECT_TRUE(std::filesystem::exists(dir / "p.part"));
  EXPECT_FALSE(std::filesystem::exists(dir / "p"));
  healthy = 1000000;
  EXPECT_TRUE(whole().ok());
}

} // namespace
