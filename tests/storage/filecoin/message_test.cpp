#include "storage/filecoin/message.hpp"

#include "tests/storage/filecoin/samples.hpp"

#include <gtest/gtest.h>

namespace weir::filecoin {

namespace {

TEST(message, bytes_and_cid_are_the_published_ones) {
  auto m = sample::add_balance();
  EXPECT_EQ(to_hex(encode(m)), sample::add_balance_hex);
  EXPECT_EQ(message_cid(m).text(), "bafy2bzaceb6hhqzz5js2j7gjzf3zuphpkzb5p6py2tcb3qyv7y4m6ghicfsyi");
  EXPECT_EQ(*decode_message(encode(m)), m);
}

TEST(message, signature_and_signed_cid_are_the_published_ones) {
  auto made = sign(sample::key(), sample::add_balance());
  EXPECT_EQ(
      to_hex(made.sig.data),
      "f28fcab7ff0c1e408e9c5e9b16f8ab43aeeefad5d6e708a27fdd0d719cf6ce78559ea28de6261d60b18404675880e1fd6c4714ed1a9e34"
      "a677dcf4d9a4a5c6de00");
  EXPECT_EQ(signed_message_cid(made).text(), "bafy2bzaceavrcg4frn7a75tx7eu6xswcuce2by37icsaaviydf4wwrcqc5mhg");
  EXPECT_EQ(*decode_signed_message(encode(made)), made);
  EXPECT_TRUE(verify(made, made.msg.from));
}

TEST(message, a_changed_message_does_not_verify) {
  auto made = sign(sample::key(), sample::add_balance());
  made.msg.value = made.msg.value + token_amount{1};
  EXPECT_EQ(verify(made, made.msg.from).error().code, errc::signature);
}

TEST(message, with_bls_the_chain_knows_the_bare_message) {
  signed_message m{sample::add_balance(), {signature::type::bls, bytes(96, 1)}};
  EXPECT_EQ(signed_message_cid(m), message_cid(m.msg));
  EXPECT_EQ(verify(m, m.msg.from).error().code, errc::unsupported);
}

TEST(message, every_cut_and_other_versions_are_refused) {
  auto data = encode(sign(sample::key(), sample::add_balance()));
  for (std::size_t size = 0; size < data.size(); ++size)
    EXPECT_FALSE(decode_signed_message(bytes_view{data}.first(size))) << size;
  auto m = sample::add_balance();
  m.version = 1;
  EXPECT_FALSE(decode_message(encode(m)));
}

TEST(message, the_most_it_can_cost_is_value_and_gas) {
  EXPECT_EQ(max_cost(sample::add_balance()).decimal(), "1000001000000000000");
}

} // namespace

} // namespace weir::filecoin
