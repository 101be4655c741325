#include "messages/actors/wallets.hpp"
#include "storage/filecoin/hd_key.hpp"
#include "tests/actors/support/domain_fixture.hpp"

#include <caf/actor_cast.hpp>

namespace weir::test {
namespace {

struct wallet_seed : domain_fixture {
  wallet_seed() {
    add_providers(1);
    start();
  }
  seed_wallet_actor seeds() const { return caf::actor_cast<seed_wallet_actor>(domain_tree.wallet); }
  address make(const std::string& name) {
    auto made = ask<wallet_address>(domain_tree.wallet, atom::create_v, name);
    EXPECT_TRUE(made) << to_string(made.error());
    return made ? made->addr : address{};
  }
  std::string words() {
    auto shown = ask<seed_answer>(seeds(), show_seed{true});
    EXPECT_TRUE(shown);
    return shown ? shown->words : std::string{};
  }
  result<restored_seed> restore(const std::string& from, std::optional<std::uint32_t> count, bool replace = false) {
    return ask<restored_seed>(seeds(), restore_seed{from, count, 3, replace});
  }
  /// The node dies, and another one begins with nothing.
  void lose_everything() {
    fell();
    for (auto name : {"records", "keys", "blocks"})
      std::filesystem::rename(dir / name, dir / (std::string{"lost-"} + name));
    start();
  }
};

TEST_F(wallet_seed, new_addresses_are_those_of_the_seed_in_its_order) {
  std::vector<address> made{make("a"), make("b")};
  auto tenant = ask<wallet_address>(caf::actor_cast<tenant_wallet_actor>(domain_tree.wallet),
                                    create_address{instance_id{"i"}, "c"});
  ASSERT_TRUE(tenant);
  made.push_back(tenant->addr);
  restart();
  made.push_back(make("d"));
  auto line = filecoin::key_line::of(words());
  for (std::uint32_t i = 0; i < made.size(); ++i)
    EXPECT_EQ(made[i], line->at(i)->address());
  auto shown = ask<seed_answer>(seeds(), show_seed{});
  EXPECT_EQ(shown->next, made.size());
  EXPECT_TRUE(shown->words.empty()) << "only on request";
  EXPECT_TRUE(shown->strange.empty());
}

TEST_F(wallet_seed, a_key_from_outside_is_named_and_leaves_as_it_came) {
  make("a");
  std::string digits(64, '1');
  auto imported = ask<wallet_address>(domain_tree.wallet, import_key{"plain", digits});
  ASSERT_TRUE(imported);
  EXPECT_EQ(ask<seed_answer>(seeds(), show_seed{})->strange, std::vector{imported->addr});
  auto secret = ask<exported_key>(seeds(), export_key{imported->addr});
  ASSERT_TRUE(secret);
  EXPECT_EQ(secret->secret,
            to_hex(as_bytes(R"({"Type":"secp256k1","PrivateKey":"ERERERERERERERERERERERERERERERERERERERERERE="})")));
  EXPECT_EQ(ask<wallet_address>(domain_tree.wallet, import_key{"again", secret->secret})->addr, imported->addr);
  EXPECT_EQ(ask<exported_key>(seeds(), export_key{address::from_id(7)}).error().code, errc::not_found);
}

TEST_F(wallet_seed, words_bring_the_addresses_back_into_an_empty_node) {
  std::vector<address> before{make("a"), make("b"), make("c")};
  auto saved = words();
  auto message = to_bytes(as_bytes("x"));
  auto signed_before = ask<bytes>(domain_tree.wallet, signature_request{before[2], message});
  lose_everything();
  EXPECT_TRUE(all<wallet_address>().empty());
  auto back = restore(saved, 3);
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(back->addresses, before);
  EXPECT_EQ(all<wallet_address>().size(), 3u);
  EXPECT_EQ(*ask<bytes>(domain_tree.wallet, signature_request{before[2], message}), *signed_before);
  auto fourth = make("d");
  EXPECT_EQ(std::count(before.begin(), before.end(), fourth), 0) << "no index is used twice";
  ASSERT_TRUE(restore(saved, 1));
  EXPECT_EQ(all<wallet_address>().size(), 4u) << "the same words again change nothing";
}

TEST_F(wallet_seed, without_a_number_the_chain_is_asked_up_to_the_gap) {
  for (int i = 0; i < 8; ++i)
    make("a" + std::to_string(i));
  auto saved = words();
  auto line = filecoin::key_line::of(saved);
  lose_everything();
  chain->accounts[line->at(1)->address()] = token_amount{1};
  chain->accounts[line->at(4)->address()] = token_amount{1}; // within the gap of three
  chain->accounts[line->at(8)->address()] = token_amount{1}; // behind it
  auto back = restore(saved, {});
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(back->addresses.size(), 5u);
  EXPECT_EQ(back->next, 5u);
}

TEST_F(wallet_seed, a_chain_that_is_silent_is_not_taken_for_one_that_knows_nothing) {
  make("a");
  auto saved = words();
  lose_everything();
  chain->down = true;
  EXPECT_EQ(restore(saved, {}).error().code, errc::unreachable);
  EXPECT_TRUE(all<wallet_address>().empty());
}

TEST_F(wallet_seed, another_seed_takes_the_place_only_when_it_is_told_to) {
  auto mine = make("mine");
  auto others = *filecoin::words_of(bytes(32, 9));
  EXPECT_EQ(restore(others, 2).error().code, errc::already_exists);
  EXPECT_EQ(restore("these are no words", 2, true).error().code, errc::malformed);
  EXPECT_EQ(restore(others, 5000, true).error().code, errc::too_large);
  ASSERT_TRUE(restore(others, 2, true));
  EXPECT_EQ(make("next"), filecoin::key_line::of(others)->at(2)->address());
  EXPECT_TRUE(ask<bytes>(domain_tree.wallet, signature_request{mine, bytes{1}})) << "its key is still here";
  EXPECT_EQ(ask<seed_answer>(seeds(), show_seed{})->strange, std::vector{mine});
}

TEST_F(wallet_seed, a_crash_at_any_message_uses_no_index_twice) {
  std::set<address> seen;
  for (int messages = 0; messages < 12; ++messages) {
    caf::anon_send(domain_tree.wallet, atom::create_v, std::string{"x"});
    run_messages(messages);
    crash();
    start();
    for (auto& w : all<wallet_address>())
      seen.insert(w.addr);
    auto next = ask<seed_answer>(seeds(), show_seed{true});
    if (!next)
      continue;
    auto line = filecoin::key_line::of(next->words);
    for (auto& addr : seen) {
      std::uint32_t i = 0;
      while (i < next->next && line->at(i)->address() != addr)
        ++i;
      EXPECT_LT(i, next->next) << "an address that is not below the next index";
    }
    EXPECT_TRUE(seen.insert(make("after")).second);
  }
}

} // namespace
} // namespace weir::test
