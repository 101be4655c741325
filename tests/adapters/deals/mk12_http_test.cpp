#include "adapters/deals/mk12_http.hpp"

#include "adapters/deals/mk12_messages.hpp"
#include "adapters/deals/transfer_params.hpp"
#include "tests/adapters/actor_fixture.hpp"
#include "tests/storage/filecoin/samples.hpp"

using namespace weir;
namespace mk12 = filecoin::mk12;
namespace sample = filecoin::sample;
using http::exchange_ptr;
using http::response;

namespace {

const std::string uuid = "00112233-4455-6677-8899-aabbccddeeff";

deal record() {
  auto p = sample::proposal();
  deal d;
  d.uuid = deal_uuid{uuid};
  d.piece = p.piece;
  d.padded_size = p.padded_size;
  d.client = p.client;
  d.provider = p.provider;
  d.label = p.label.data;
  d.start = p.start;
  d.end = p.end;
  d.price_per_epoch = p.price_per_epoch;
  d.provider_collateral = p.provider_collateral;
  return d;
}

std::string text_of(const bytes& data) {
  return std::string{as_text(data)};
}

struct mk12_http : test::actor_fixture {
  /// Answers `path` with what `make` gives; keeps what was sent.
  void answer(const char* verb, const char* path, std::function<response()> make) {
    routes.add(verb, path, [this, make](const exchange_ptr& x) {
      x->read_all(1 << 20, [this, make, x](result<std::string> body) {
        ++requests;
        received = *body;
        content_type = std::string{x->request().header("Content-Type").value_or("")};
        auto made = make();
        if (made.status == 0)
          x->abort();
        else
          x->respond(std::move(made));
      });
    });
  }
  void begin() {
    options.drain_timeout = loop::milliseconds{10}; // some exchanges never end
    actor_fixture::begin();
    carrier = deals::spawn_mk12_http(*host, *client, how);
    here = {address::from_id(1000), {"/ip4/127.0.0.1/tcp/" + std::to_string(port) + "/http"}};
  }
  proposal_parcel parcel() {
    proposal_parcel p;
    p.to = here;
    p.record = record();
    p.signature = signature_bytes(sign(sample::key(), sample::proposal()).client_signature);
    p.payload_root = *cid::parse("bafkreie3ntx3nzvhuv63btdsgaeste6gurdigzw2soryitq6m3f3p24nba");
    p.transfer_url = "https://example.com/piece.car";
    p.transfer_token = "secret";
    p.transfer_size = 508;
    return p;
  }
  errc propose_error() { return ask<proposal_answer>(carrier, parcel()).error().code; }
  get_deal_status status_request() {
    return {here, record(), signature_bytes(sample::key().sign(*mk12::parse_uuid(uuid)))};
  }

  deals::mk12_options how;
  deal_carrier_actor carrier;
  provider_endpoint here;
  int requests = 0;
  std::string received, content_type;
};

} // namespace

TEST_F(mk12_http, a_proposal_arrives_as_it_was_signed) {
  answer("POST", "/market/mk12/store", [] {
    return response::text(200, text_of(encode(mk12::deal_response{true, ""})));
  });
  begin();
  auto got = ask<proposal_answer>(carrier, parcel());
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_TRUE(got->accepted);
  EXPECT_EQ(content_type, "application/cbor");
  auto seen = mk12::decode_deal_params(as_bytes(received));
  ASSERT_TRUE(seen) << to_string(seen.error());
  EXPECT_EQ(mk12::to_text(seen->id), uuid);
  EXPECT_EQ(seen->proposal.proposal, sample::proposal());
  EXPECT_TRUE(verify(seen->proposal, sample::key().address()));
  EXPECT_EQ(seen->data.size, 508u);
  EXPECT_EQ(seen->data.type, "http");
  auto transfer = deals::decode_http_transfer(seen->data.params);
  EXPECT_EQ(transfer->url, "https://example.com/piece.car");
  EXPECT_EQ(transfer->fields.at("Authorization"), "Bearer secret");
}

TEST_F(mk12_http, a_refusal_has_the_providers_words) {
  answer("POST", "/market/mk12/store", [] {
    return response::text(200, text_of(encode(mk12::deal_response{false, "no\nroom"})));
  });
  begin();
  auto got = ask<proposal_answer>(carrier, parcel());
  ASSERT_TRUE(got);
  EXPECT_FALSE(got->accepted);
  EXPECT_EQ(got->message, "no room");
}

TEST_F(mk12_http, what_may_have_arrived_has_an_unknown_outcome) {
  std::vector<response> answers;
  answers.push_back(response::text(503, "timeout reading request"));
  answers.push_back(response::text(500, "oops"));
  answers.push_back(response::text(200, "garbage"));
  answers.push_back(response::text(200, std::string(100'000, 'x')));
  answers.push_back(response{.status = 0});
  answer("POST", "/market/mk12/store", [&] { return answers.at(static_cast<std::size_t>(requests - 1)); });
  begin();
  here.multiaddrs.push_back(here.multiaddrs[0] + "/p2p/12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq");
  here.multiaddrs.push_back("/dns4/localhost/tcp/" + std::to_string(port) + "/http");
  for (std::size_t i = 0; i < answers.size(); ++i)
    EXPECT_EQ(propose_error(), errc::outcome_unknown) << i;
  EXPECT_EQ(requests, 5) << "never sent to another address, never twice";
}

TEST_F(mk12_http, what_surely_had_no_effect_is_told) {
  int status = 429;
  answer("POST", "/market/mk12/store", [&] { return response::text(status, ""); });
  begin();
  EXPECT_EQ(propose_error(), errc::overloaded);
  status = 400;
  EXPECT_EQ(propose_error(), errc::protocol);
  test::dead_port dead;
  here.multiaddrs = {"/ip4/127.0.0.1/tcp/" + std::to_string(dead.number()) + "/http"};
  EXPECT_EQ(propose_error(), errc::unreachable);
}

TEST_F(mk12_http, the_next_address_is_tried_when_one_cannot_be_reached) {
  answer("POST", "/market/mk12/store", [] {
    return response::text(200, text_of(encode(mk12::deal_response{true, ""})));
  });
  begin();
  test::dead_port dead;
  here.multiaddrs.insert(here.multiaddrs.begin(), {"/ip4/127.0.0.1/tcp/" + std::to_string(dead.number()) + "/ws",
                                                   "/ip4/127.0.0.1/udp/1/quic-v1", "nonsense"});
  EXPECT_TRUE(ask<proposal_answer>(carrier, parcel())->accepted);
}

TEST_F(mk12_http, a_provider_without_http_is_not_talked_to) {
  begin();
  here.multiaddrs = {"/ip4/127.0.0.1/tcp/24001"};
  EXPECT_EQ(propose_error(), errc::unsupported);
  here.multiaddrs = {};
  EXPECT_EQ(ask<storage_ask>(carrier, get_ask{here}).error().code, errc::unsupported);
}

TEST_F(mk12_http, a_silent_provider_is_given_up) {
  routes.add("POST", "/market/mk12/store", [](const exchange_ptr& x) { x->on_close([x] {}); });
  routes.add("GET", "/market/mk12/ask", [](const exchange_ptr& x) { x->on_close([x] {}); });
  how.propose_timeout = how.ask_timeout = loop::milliseconds{50};
  begin();
  EXPECT_EQ(propose_error(), errc::outcome_unknown);
  EXPECT_EQ(ask<storage_ask>(carrier, get_ask{here}).error().code, errc::timeout);
}

TEST_F(mk12_http, asks_are_read_and_checked) {
  mk12::ask a;
  a.miner = address::from_id(1000);
  a.price = token_amount{50000000};
  a.min_piece = 256;
  a.max_piece = 32ULL << 30;
  a.expiry = epoch{7000000};
  answer("GET", "/market/mk12/ask", [&] {
    return response::text(200, text_of(encode(mk12::ask_response{mk12::signed_ask{a, std::nullopt}})));
  });
  begin();
  auto got = ask<storage_ask>(carrier, get_ask{here});
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(got->price, token_amount{50000000});
  EXPECT_EQ(got->max_piece, 32ULL << 30);
  EXPECT_EQ(to_hex(as_bytes(received)), "a1654d696e65724300e807");
  a.miner = address::from_id(1001);
  EXPECT_EQ(ask<storage_ask>(carrier, get_ask{here}).error().code, errc::protocol) << "somebody else's ask";
  a.miner = address::from_id(1000);
  a.price = -token_amount{1};
  EXPECT_EQ(ask<storage_ask>(carrier, get_ask{here}).error().code, errc::protocol);
}

TEST_F(mk12_http, the_status_of_a_deal) {
  mk12::status_response m;
  m.id = *mk12::parse_uuid(uuid);
  m.problem = "no storage deal found with deal UUID " + uuid;
  answer("GET", "/market/mk12/status", [&] { return response::text(200, text_of(encode(m))); });
  begin();
  auto unknown = ask<provider_deal_status>(carrier, status_request());
  ASSERT_TRUE(unknown) << to_string(unknown.error());
  EXPECT_FALSE(unknown->known);
  EXPECT_TRUE(verify(mk12::decode_status_request(as_bytes(received))->client_signature, sample::key().address(), m.id));
  m.problem.clear();
  m.deal.emplace();
  m.deal->status = "Published";
  m.deal->proposal = sample::proposal();
  m.deal->id = deal_id{12345};
  auto published = ask<provider_deal_status>(carrier, status_request());
  EXPECT_TRUE(published->known && !published->failed);
  EXPECT_EQ(published->status, "Published");
  EXPECT_EQ(published->id, deal_id{12345});
  m.deal->problem = "commP mismatch";
  auto failed = ask<provider_deal_status>(carrier, status_request());
  EXPECT_TRUE(failed->failed);
  EXPECT_EQ(failed->message, "commP mismatch");
  m.id[0] ^= 1;
  EXPECT_EQ(ask<provider_deal_status>(carrier, status_request()).error().code, errc::protocol);
}

TEST_F(mk12_http, ends_with_requests_under_way) {
  routes.add("GET", "/market/mk12/ask", [](const exchange_ptr& x) { x->on_close([x] {}); });
  begin();
  caf::scoped_actor self{*system};
  auto waiting = self->request(carrier, std::chrono::seconds{20}, get_ask{here});
  EXPECT_EQ(propose_error(), errc::protocol); // a 404; the ask is under way by now
  carrier = nullptr;
  host->shutdown();
  waiting.receive([](storage_ask&) { ADD_FAILURE(); },
                  [](caf::error& e) { EXPECT_EQ(from_caf(e).code, errc::shutting_down); });
}

TEST(transfer_params, are_boosts) {
  auto data = deals::encode_http_transfer({"https://example.com/piece.car", {{"Authorization", "Basic Zm9v"}}});
  EXPECT_EQ(as_text(data), R"({"URL":"https://example.com/piece.car","Headers":{"Authorization":"Basic Zm9v"}})");
  EXPECT_EQ(as_text(deals::encode_http_transfer({"http://x", {}})), R"({"URL":"http://x","Headers":null})");
  EXPECT_TRUE(deals::decode_http_transfer(as_bytes(R"({"URL":"http://x"})"))->fields.empty());
  for (auto bad : {"", "[]", "{}", R"({"URL":1})", R"({"URL":"x","Headers":[]})", R"({"URL":"x","Headers":{"a":1}})"})
    EXPECT_EQ(deals::decode_http_transfer(as_bytes(bad)).error().code, errc::malformed) << bad;
}
