#include "storage/filecoin/mk12.hpp"

#include "storage/filecoin/chain_hash.hpp"
#include "tests/storage/filecoin/samples.hpp"

#include <gtest/gtest.h>

namespace weir::filecoin::mk12 {

namespace {

using sample::unhex;

const uuid id = *parse_uuid("00112233-4455-6677-8899-aabbccddeeff");
constexpr std::string_view id_hex = "00112233445566778899aabbccddeeff";

deal_params params() {
  deal_params m;
  m.id = id;
  m.data.size = 508;
  m.data.type = "http";
  m.data.params =
      to_bytes(as_bytes(R"({"URL":"https://example.com/piece.car","Headers":{"Authorization":"Basic Zm9v"}})"));
  m.payload_root = *cid::from_bytes(unhex("01701220c3c4733ec8affd06cf9e9ff50ffc6bcd2ec85a6170004bb709669c31de94391a"));
  m.proposal = sign(sample::key(), sample::proposal());
  return m;
}

TEST(mk12, a_uuid_has_one_text) {
  EXPECT_EQ(to_hex(id), id_hex);
  EXPECT_EQ(to_text(id), "00112233-4455-6677-8899-aabbccddeeff");
  for (auto bad : {"", "00112233445566778899aabbccddeeff", "00112233-4455-6677-8899-aabbccddeef",
                   "00112233-4455-6677-8899-aabbccddeeffa", "0011223304455-6677-8899-aabbccddeeff",
                   "g0112233-4455-6677-8899-aabbccddeeff"})
    EXPECT_FALSE(parse_uuid(bad)) << bad;
}

TEST(mk12, deal_params_have_the_published_bytes) {
  auto data = encode(params());
  EXPECT_EQ(data.size(), 508u);
  EXPECT_EQ(to_hex(sha2_256(data)), "9b620e5810669ed76b02fc39fab85863193f31bb89463ab758a5163cb40b9e25");
  auto hex = to_hex(data);
  EXPECT_NE(
      hex.find("685472616e73666572"
               "a46453697a651901fc6454797065646874747066506172616d7358507b2255524c223a2268747470733a2f2f6578616d706"
               "c652e636f6d2f70696563652e636172222c2248656164657273223a7b22417574686f72697a6174696f6e223a2242617369"
               "63205a6d3976227d7d68436c69656e74494460"),
      std::string::npos);
}

TEST(mk12, deal_params_come_back) {
  auto m = params();
  auto back = decode_deal_params(encode(m));
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(back->id, m.id);
  EXPECT_EQ(back->data.size, 508u);
  EXPECT_EQ(back->data.type, "http");
  EXPECT_EQ(back->data.params, m.data.params);
  EXPECT_EQ(back->payload_root, m.payload_root);
  EXPECT_EQ(back->proposal, m.proposal);
  EXPECT_FALSE(back->offline || back->skip_announce || back->remove_unsealed);
}

TEST(mk12, an_offline_deal_has_an_empty_transfer) {
  auto m = params();
  m.offline = true;
  m.data = {};
  EXPECT_NE(to_hex(encode(m)).find("a46453697a650064547970656066506172616d734068436c69656e74494460"),
            std::string::npos);
  EXPECT_TRUE(decode_deal_params(encode(m))->offline);
}

TEST(mk12, the_older_form_unknown_keys_and_any_order_are_read) {
  auto m = params();
  cbor_writer out;
  out.map(6);
  out.text("Future"), out.array(2), out.uint(1), out.text("x");
  out.text("ClientDealProposal"), encode(out, m.proposal);
  out.text("DealDataRoot"), out.link(m.payload_root);
  out.text("IsOffline"), out.boolean(true);
  out.text("Transfer"), out.map(0);
  out.text("DealUUID"), out.byte_string(m.id);
  auto back = decode_deal_params(out.take());
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(back->proposal, m.proposal);
  EXPECT_TRUE(back->offline);
}

TEST(mk12, a_request_without_a_proposal_is_refused) {
  EXPECT_FALSE(decode_deal_params(unhex("a0")));
  EXPECT_FALSE(decode_deal_response(unhex("a0")));
}

TEST(mk12, every_cut_is_noticed) {
  auto data = encode(params());
  for (std::size_t size = 0; size < data.size(); ++size)
    EXPECT_FALSE(decode_deal_params(bytes_view{data}.first(size))) << size;
}

TEST(mk12, responses_have_the_published_bytes) {
  EXPECT_EQ(to_hex(encode(deal_response{true, ""})), "a2674d65737361676560684163636570746564f5");
  auto refused = decode_deal_response(encode(deal_response{false, "no room"}));
  EXPECT_FALSE(refused->accepted);
  EXPECT_EQ(refused->message, "no room");
}

TEST(mk12, status_requests_have_the_published_bytes) {
  status_request m{id, sample::key().sign(id)};
  auto data = encode(m);
  EXPECT_EQ(to_hex(blake2b_256(id)), "84a5b2397ee07585706b045f25583e1502f1ce5517efddb03edc65e4845531b7");
  EXPECT_EQ(
      to_hex(data),
      "a2684465616c555549445000112233445566778899aabbccddeeff695369676e617475726558420155fa7610e0682ea47f75b1f5688484"
      "7aa3843770e2c1c1975cee8e8ec1690c0a5d290034e2971ea30a0fc1f1068fc65f2a6d1c06691238f3be2eecb5e56bd7c000");
  auto back = decode_status_request(data);
  EXPECT_EQ(back->id, id);
  EXPECT_TRUE(verify(back->client_signature, sample::key().address(), back->id));
}

TEST(mk12, an_unknown_deal_has_the_published_answer) {
  status_response m;
  m.problem = "no storage deal found with deal UUID 00112233-4455-6677-8899-aabbccddeeff";
  m.id = id;
  auto data = encode(m);
  EXPECT_EQ(to_hex(data),
            "a6654572726f7278496e6f2073746f72616765206465616c20666f756e642077697468206465616c20555549442030303131"
            "323233332d343435352d363637372d383839392d616162626363646465656666684465616c5555494450001122334455667788"
            "99aabbccddeeff6949734f66666c696e65f46a4465616c537461747573f66c5472616e7366657253697a65006e4e427974657352"
            "6563656976656400");
  EXPECT_FALSE(decode_status_response(data)->deal);
}

TEST(mk12, a_published_deal_has_the_published_answer) {
  status_response m;
  m.id = id;
  m.deal.emplace();
  m.deal->status = "Published";
  m.deal->proposal = sample::proposal();
  m.deal->publish_message = signed_message_cid(sign(sample::key(), sample::add_balance()));
  m.deal->id = weir::deal_id{12345};
  m.deal->signed_proposal = signed_proposal_cid(sign(sample::key(), sample::proposal()));
  m.transfer_size = m.bytes_received = 508;
  auto data = encode(m);
  EXPECT_EQ(data.size(), 430u);
  EXPECT_EQ(to_hex(sha2_256(data)), "ab13205a24400c882176e697fd9e46dd42f900dadc1a427c8cd1e5e8e8e78e3a");
  auto back = decode_status_response(data);
  ASSERT_TRUE(back && back->deal);
  EXPECT_EQ(back->deal->id.value, 12345u);
  EXPECT_EQ(back->deal->publish_message, m.deal->publish_message);
  EXPECT_EQ(back->deal->proposal, sample::proposal());
}

TEST(mk12, asks_have_the_published_bytes) {
  EXPECT_EQ(to_hex(encode(ask_request{address::from_id(1000)})), "a1654d696e65724300e807");
  ask a;
  a.miner = address::from_id(1000);
  a.price = token_amount{50000000};
  a.min_piece = 256;
  a.max_piece = 32ULL << 30;
  a.timestamp = epoch{6000000};
  a.expiry = epoch{7000000};
  a.sequence = 3;
  EXPECT_EQ(
      to_hex(encode(a)),
      "a8654d696e65724300e807655072696365450002faf080655365714e6f03664578706972791a006acfc06954696d657374616d701a005b8d"
      "806c4d6178506965636553697a651b00000008000000006c4d696e506965636553697a651901006d5665726966696564507269636540");
  auto back = decode_ask_response(encode(ask_response{signed_ask{a, sample::key().sign(encode(a))}}));
  ASSERT_TRUE(back && back->answer);
  EXPECT_EQ(back->answer->what.max_piece, 32ULL << 30);
  EXPECT_TRUE(verify(*back->answer->provider_signature, sample::key().address(), encode(back->answer->what)));
  EXPECT_FALSE(decode_ask_response(encode(ask_response{}))->answer);
}

} // namespace

} // namespace weir::filecoin::mk12
