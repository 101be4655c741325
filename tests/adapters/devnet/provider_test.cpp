#include "tests/adapters/devnet/devnet_fixture.hpp"

namespace weir::devnet {

namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct provider_test : devnet_bench {
  provider_test() { start_with_money(); }
  void fault(const std::string& key, const std::string& value, std::uint64_t number = 1000) {
    auto s = net->set_provider(address::from_id(number), {{key, value}});
    EXPECT_TRUE(s.ok()) << to_string(s.error());
  }
  result<http::client_response> get_piece(const cid& piece, http::byte_range range) {
    http::client_request r;
    r.url = provider_url() + "/piece/" + piece.text();
    r.range = range;
    r.timeout = loop::milliseconds{500};
    return fetch(r);
  }
};

TEST_F(provider_test, a_deal_from_proposal_to_active_and_back) {
  auto d = params();
  EXPECT_EQ(refusal_of(d), "accepted");
  EXPECT_EQ(status_of(d.id).deal->status, "Processing");
  go(5);
  EXPECT_GE(piece_requests.load(), 1);
  auto published = chain_deal(1);
  ASSERT_FALSE(published.is_null());
  EXPECT_EQ(published["State"]["SectorStartEpoch"], -1);
  EXPECT_EQ(published["Proposal"]["PieceCID"]["/"], d.proposal.proposal.piece.text());
  go(15);
  EXPECT_GE(chain_deal(1)["State"]["SectorStartEpoch"].get<int>(), 0);
  EXPECT_EQ(status_of(d.id).deal->status, "Sealed");
  EXPECT_EQ(status_of(d.id).deal->id, deal_id{1});
  auto back = get_piece(d.proposal.proposal.piece, {1000, 5000});
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->status, 206);
  EXPECT_EQ(to_bytes(as_bytes(back->body)), bytes(piece.begin() + 1000, piece.begin() + 6000));
}

TEST_F(provider_test, proposals_are_refused_in_curios_words) {
  auto d = params();
  auto with = [&](auto f) { return refusal_of(changed(d, f)); };
  auto forged = d;
  forged.proposal.proposal.price_per_epoch = token_amount{2'000'000};
  EXPECT_EQ(refusal_of(forged), "failed validation: invalid signature");
  auto long_label = changed(d, [](auto& p) { p.label.data = std::string(257, 'x'); });
  EXPECT_EQ(store(long_label).status, 400); // no codec reads it
  EXPECT_THAT(with([](auto& p) { p.padded_size = 1000; }), HasSubstr("piece size is invalid"));
  EXPECT_THAT(with([](auto& p) { p.end = p.start - 1; }), HasSubstr("before proposal start"));
  EXPECT_THAT(with([](auto& p) {
                p.start = epoch{0};
                p.end = epoch{600000};
              }),
              HasSubstr("has already elapsed"));
  EXPECT_THAT(with([](auto& p) { p.end = p.start + 10; }), HasSubstr("deal duration out of bounds"));
  EXPECT_THAT(with([](auto& p) { p.provider_collateral = {}; }), HasSubstr("below minimum"));
  EXPECT_THAT(with([](auto& p) { p.provider_collateral = p.provider_collateral * token_amount{3}; }),
              HasSubstr("above maximum"));
  EXPECT_THAT(with([](auto& p) { p.price_per_epoch = {}; }), HasSubstr("less than asking price"));
  EXPECT_THAT(with([](auto& p) { p.price_per_epoch = token_amount{1'000'000'000'000'000}; }),
              HasSubstr("client available funds in escrow"));
  EXPECT_THAT(with([](auto& p) { p.verified = true; }), HasSubstr("client is not a verified client"));
  EXPECT_THAT(with([](auto& p) { p.piece = *cid::parse("bafkqaaa"); }), HasSubstr("wrong prefix"));
  auto offline = d;
  offline.offline = true;
  EXPECT_EQ(refusal_of(offline), "offline deals are not allowed on this provider");
  auto longer = d;
  longer.data.size *= 2;
  EXPECT_THAT(refusal_of(longer), StartsWith("piece size mismatch"));
  auto libp2p = d;
  libp2p.data.type = "libp2p";
  EXPECT_EQ(refusal_of(libp2p), "libp2p URLs are not supported by this provider");
  auto no_url = d;
  no_url.data.params = to_bytes(as_bytes("{\"URL\":\"ftp://x\"}"));
  EXPECT_THAT(refusal_of(no_url), StartsWith("failed to de-serialize transport params"));
  EXPECT_EQ(refusal_of(d), "accepted");
  EXPECT_THAT(refusal_of(d), HasSubstr("market deal with the same proposalCID"));
  auto same_id = changed(d, [](auto& p) { p.label.data = "other"; });
  EXPECT_THAT(refusal_of(same_id), HasSubstr("updated 0 rows"));
}

TEST_F(provider_test, a_client_without_escrow_or_account_is_refused) {
  auto d = params();
  key = *filecoin::secret_key::from_bytes(bytes(32, 43));
  auto stranger = changed(d, [&](auto& p) { p.client = key.address(); });
  EXPECT_THAT(refusal_of(stranger), HasSubstr("validating signature"));
  ASSERT_TRUE(net->faucet(key.address(), token_amount{1'000'000'000'000'000'000}).ok());
  EXPECT_THAT(refusal_of(stranger), HasSubstr("client available funds in escrow 0 not enough"));
}

TEST_F(provider_test, mk12_is_strict_about_its_framing) {
  auto url = provider_url() + "/market/mk12/store";
  EXPECT_EQ(post(url, "x", "application/json").status, 400);
  EXPECT_EQ(post(url, "not cbor", "application/cbor").status, 400);
  EXPECT_EQ(post(url, std::string((4 << 20) + 1, 'x'), "application/cbor").status, 400);
  mk12::uuid nobody{};
  EXPECT_THAT(status_of(nobody).problem, StartsWith("no storage deal found with deal UUID 00000000-0000"));
  EXPECT_FALSE(status_of(nobody).deal.has_value());
}

TEST_F(provider_test, asks_are_signed_and_differ) {
  std::set<std::string> prices;
  for (std::size_t i = 0; i < 8; ++i) {
    auto r = post(provider_url(i) + "/market/mk12/ask",
                  std::string{as_text(mk12::encode(mk12::ask_request{address::from_id(1000 + i)}))}, "application/cbor",
                  "GET");
    auto a = mk12::decode_ask_response(as_bytes(r.body));
    ASSERT_TRUE(a.ok() && a->answer);
    auto& ask = a->answer->what;
    prices.insert(ask.price.decimal());
    EXPECT_EQ(ask.min_piece, 256u);
    auto worker =
        rpc("StateAccountKey",
            {rpc("StateMinerInfo", {"f0" + std::to_string(1000 + i), json::array()})["Worker"], json::array()});
    EXPECT_TRUE(filecoin::verify(*a->answer->provider_signature, *filecoin::parse_address(worker.get<std::string>()),
                                 mk12::encode(ask))
                    .ok());
  }
  EXPECT_EQ(prices.size(), 8u);
}

TEST_F(provider_test, a_fault_refuse) {
  fault("refuse", "not today");
  EXPECT_EQ(refusal_of(params()), "not today");
  fault("refuse", "off");
  EXPECT_EQ(refusal_of(params()), "accepted");
}

TEST_F(provider_test, a_fault_limits_and_price) {
  fault("min-piece", "2097152");
  EXPECT_THAT(refusal_of(params()), HasSubstr("piece size less than minimum required size: 1048576 < 2097152"));
  fault("min-piece", "256");
  fault("max-piece", "1024");
  EXPECT_THAT(refusal_of(params()), HasSubstr("piece size more than maximum allowed size"));
  fault("max-piece", "34359738368");
  fault("price", "1000000000000");
  EXPECT_THAT(refusal_of(params()), HasSubstr("less than asking price"));
}

TEST_F(provider_test, a_fault_never_seal_lets_the_start_pass) {
  fault("never-seal", "on");
  auto d = params();
  ASSERT_EQ(refusal_of(d), "accepted");
  go(100);
  EXPECT_EQ(chain_deal(1)["State"]["SectorStartEpoch"], -1);
  go(3000);
  EXPECT_TRUE(chain_deal(1).is_null());
  EXPECT_THAT(status_of(d.id).deal->problem, HasSubstr("start epoch passed"));
}

TEST_F(provider_test, a_fault_wrong_commp) {
  fault("wrong-commp", "on");
  auto d = params();
  ASSERT_EQ(refusal_of(d), "accepted");
  go(20);
  EXPECT_TRUE(chain_deal(1).is_null());
  EXPECT_THAT(status_of(d.id).deal->problem, StartsWith("commp mismatch"));
}

TEST_F(provider_test, bytes_that_are_not_the_piece_are_found) {
  auto d = params();
  piece[piece.size() / 2] ^= 1;
  ASSERT_EQ(refusal_of(d), "accepted");
  go(20);
  EXPECT_TRUE(chain_deal(1).is_null());
  EXPECT_THAT(status_of(d.id).deal->problem, HasSubstr(d.proposal.proposal.piece.text()));
}

TEST_F(provider_test, a_piece_host_that_was_down_is_asked_again) {
  host_status = 503;
  ASSERT_EQ(refusal_of(params()), "accepted");
  go(3);
  EXPECT_EQ(deals_in("accepted"), 1u);
  host_status = 0;
  while (deals_in("accepted") > 0)
    go(1);
  go(15);
  EXPECT_EQ(deals_in("active"), 1u);
}

TEST_F(provider_test, a_fault_disconnect_ends_when_it_is_cleared) {
  fault("disconnect", "on");
  ASSERT_EQ(refusal_of(params()), "accepted");
  go(3);
  EXPECT_EQ(deals_in("accepted"), 1u);
  fault("disconnect", "off");
  while (deals_in("accepted") > 0)
    go(1);
  go(15);
  EXPECT_EQ(deals_in("active"), 1u);
}

TEST_F(provider_test, a_fault_offline_and_hang) {
  http::client_request r;
  r.url = provider_url() + "/piece/" + params().proposal.proposal.piece.text();
  r.timeout = loop::milliseconds{300};
  fault("offline", "on");
  EXPECT_EQ(fetch(r).error().code, errc::unreachable);
  fault("offline", "off");
  fault("hang", "on");
  EXPECT_EQ(fetch(r).error().code, errc::timeout);
  fault("hang", "off");
  EXPECT_EQ(fetch(r)->status, 404);
}

TEST_F(provider_test, a_lost_answer_has_taken_the_deal) {
  fault("lose-answer", "on");
  auto d = params();
  EXPECT_EQ(store(d).status, 503);
  EXPECT_TRUE(status_of(d.id).deal.has_value());
}

TEST_F(provider_test, a_fault_garbage_and_flood) {
  fault("answer", "garbage");
  EXPECT_FALSE(mk12::decode_deal_response(as_bytes(store(params()).body)).ok());
  fault("answer", "flood");
  http::client_request r;
  r.verb = "POST";
  r.url = provider_url() + "/market/mk12/store";
  r.fields.add("Content-Type", "application/cbor");
  r.body = std::string{as_text(mk12::encode(params(2)))};
  r.max_body = 10 << 20;
  EXPECT_EQ(fetch(r).error().code, errc::too_large);
}

TEST_F(provider_test, faults_of_retrieval) {
  auto d = params();
  ASSERT_EQ(refusal_of(d), "accepted");
  go(20);
  auto& id = d.proposal.proposal.piece;
  fault("corrupt-retrieval", "on");
  auto spoilt = get_piece(id, {0, 1000});
  ASSERT_TRUE(spoilt.ok());
  EXPECT_EQ(spoilt->body.size(), 1000u);
  EXPECT_NE(to_bytes(as_bytes(spoilt->body)), bytes(piece.begin(), piece.begin() + 1000));
  fault("corrupt-retrieval", "off");
  fault("short-retrieval", "on");
  EXPECT_FALSE(get_piece(id, {0, 1000}).ok());
}

TEST_F(provider_test, a_fault_slash_at_ends_the_sectors) {
  ASSERT_EQ(refusal_of(params()), "accepted");
  go(20);
  ASSERT_EQ(deals_in("active"), 1u);
  auto head = rpc("ChainHead", json::array())["Height"].get<int>();
  fault("slash-at", std::to_string(head + 500));
  go(499);
  EXPECT_FALSE(chain_deal(1).is_null());
  go(5);
  EXPECT_TRUE(chain_deal(1).is_null());
  EXPECT_EQ(deals_in("ended"), 1u);
}

TEST_F(provider_test, deals_that_come_together_share_a_message) {
  for (std::uint8_t i = 1; i <= 3; ++i)
    ASSERT_EQ(refusal_of(params(i)), "accepted");
  go(20);
  EXPECT_EQ(deals_in("active"), 3u);
  std::set<std::string> messages;
  for (std::uint8_t i = 1; i <= 3; ++i)
    messages.insert(status_of(params(i).id).deal->publish_message.text());
  EXPECT_EQ(messages.size(), 1u);
  std::set<int> sectors;
  for (int i = 1; i <= 3; ++i)
    sectors.insert(chain_deal(i)["State"]["SectorNumber"].get<int>());
  EXPECT_EQ(sectors, (std::set<int>{0, 1, 2}));
}

TEST_F(provider_test, a_deal_ends_and_is_paid) {
  auto d = params();
  ASSERT_EQ(refusal_of(d), "accepted");
  go(20);
  go(2880 + 518400 + 10);
  EXPECT_TRUE(chain_deal(1).is_null());
  EXPECT_EQ(deals_in("ended"), 1u);
  auto paid = token_amount{1'000'000'000'000'000'000} - token_amount{100'000} * token_amount{518400};
  auto balance = rpc("StateMarketBalance", {filecoin::to_text(key.address()), json::array()});
  EXPECT_EQ(balance["Escrow"], paid.decimal());
  EXPECT_EQ(balance["Locked"], "0");
  EXPECT_EQ(get_piece(d.proposal.proposal.piece, {0, 10})->status, 404);
}

TEST_F(provider_test, a_provider_publishes_again_after_a_reorg) {
  ASSERT_EQ(refusal_of(params()), "accepted");
  while (chain_deal(1).is_null())
    go(1);
  ASSERT_TRUE(net->reorg(2, reverted_messages::drop).ok());
  EXPECT_TRUE(chain_deal(1).is_null());
  go(40);
  EXPECT_EQ(deals_in("active"), 1u);
  EXPECT_FALSE(rpc("StateMarketDeals", {json::array()}).empty());
}

TEST_F(provider_test, a_slashed_deal_is_noticed) {
  ASSERT_EQ(refusal_of(params()), "accepted");
  go(20);
  ASSERT_TRUE(net->slash(1).ok());
  EXPECT_TRUE(chain_deal(1).is_null());
  go(60);
  EXPECT_EQ(deals_in("ended"), 1u);
}

TEST_F(provider_test, everything_is_there_after_a_restart) {
  auto d = params();
  ASSERT_EQ(refusal_of(d), "accepted");
  fault("price", "77");
  auto url = provider_url();
  auto head = rpc("ChainHead", json::array());
  start();
  EXPECT_EQ(provider_url(), url);
  EXPECT_GE(rpc("ChainHead", json::array())["Height"], head["Height"]);
  EXPECT_EQ(rpc("ChainGetTipSet", {head["Cids"]}), head);
  EXPECT_TRUE(status_of(d.id).deal.has_value());
  EXPECT_EQ(get("/devnet/providers")[0]["behaviour"]["price"], "77");
  for (int i = 0; i < 20; ++i) { // between any two steps
    go(1);
    start();
  }
  EXPECT_EQ(deals_in("active"), 1u);
  EXPECT_EQ(rpc("StateMarketDeals", {json::array()}).size(), 1u);
}

} // namespace

} // namespace weir::devnet
