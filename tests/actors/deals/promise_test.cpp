// The promise of six good deals on distinct providers, kept through refusals,
// silence, slashing, reorganisations, ends and empty wallets.
#include "actors/content/explain.hpp"
#include "actors/deals/plan.hpp"
#include "actors/deals/select.hpp"
#include "tests/actors/support/domain_fixture.hpp"

namespace weir::test {
namespace {

struct promise : domain_fixture {
  content packed(int provider_count) {
    add_providers(provider_count);
    start();
    return pack();
  }
  content pack() {
    auto c = upload("kept", random_bytes(300'000));
    EXPECT_TRUE(close_global());
    run();
    return c;
  }
  deal first(deal_state s) const {
    for (auto& d : all<deal>())
      if (d.state == s)
        return d;
    return {};
  }
};

TEST_F(promise, a_refusal_goes_to_the_next_provider_with_its_words_kept) {
  add_providers(7);
  providers->all.begin()->second.refuse_with = "client not allowed by provider";
  start();
  pack();
  settle();
  EXPECT_EQ(deal_states()[deal_state::active], 6);
  EXPECT_EQ(first(deal_state::rejected).problem.message, "client not allowed by provider");
  EXPECT_FALSE(good_providers().contains(providers->all.begin()->first));
}

TEST_F(promise, too_few_providers_are_reported_with_reasons_and_found_later) {
  options.deals.start_delay = 2000;
  add_providers(6);
  auto& expensive = providers->all.begin()->second;
  expensive.price = token_amount{90'000'000'000ull};
  start();
  auto c = pack();
  live(3);
  EXPECT_EQ(good_providers().size(), 5u);
  auto told = get<content>(c.id).problem;
  EXPECT_EQ(told.code, errc::no_providers);
  EXPECT_NE(told.message.find("Only 5 of 6"), std::string::npos) << told.message;
  EXPECT_NE(told.message.find("90000000000"), std::string::npos) << told.message;
  auto why = explain(*records->snapshot(), c.id, chain->head);
  ASSERT_TRUE(why);
  EXPECT_FALSE(why->safe);
  EXPECT_EQ(why->pieces.at(0).rejections.size(), 6u);

  expensive.price = token_amount{1};
  pass(250); // its ask is stale by now
  live(3);
  EXPECT_EQ(good_providers().size(), 6u);
  EXPECT_FALSE(get<content>(c.id).problem.any());
}

TEST_F(promise, a_slashed_deal_is_replaced) {
  auto c = packed(8);
  settle();
  auto victim = first(deal_state::active);
  chain->slash(victim.id);
  pass(1);
  pass(chain->finality + 1);
  live(3);
  EXPECT_EQ(get<deal>(victim.uuid).state, deal_state::slashed);
  EXPECT_EQ(get<content>(c.id).state, content_state::degraded);
  settle();
  EXPECT_EQ(deal_states()[deal_state::active], 6);
  EXPECT_EQ(get<content>(c.id).state, content_state::active);
}

TEST_F(promise, a_slashed_deal_is_replaced_when_no_local_copy_is_left) {
  auto c = packed(8);
  settle();
  ASSERT_TRUE(ask<content>(domain_tree.content, offload_content{{}, c.id}));
  run();
  ASSERT_FALSE(all<piece>()[0].local);
  auto victim = first(deal_state::active);
  chain->slash(victim.id);
  pass(1);
  pass(chain->finality + 1);
  settle();
  EXPECT_EQ(deal_states()[deal_state::active], 6);
  EXPECT_EQ(events(event_kind::piece_restored).size(), 1u);
  EXPECT_FALSE(get<content>(c.id).local);
}

TEST_F(promise, a_publication_taken_back_by_a_reorganisation_is_seen) {
  packed(8);
  live(2);
  publish_all();
  auto one = first(deal_state::published);
  ASSERT_NE(one.id, deal_id{});
  chain->unpublish(one.id);
  heads({{head_change::kind::revert, {chain->head, {}, 0}}});
  live(1);
  EXPECT_EQ(get<deal>(one.uuid).state, deal_state::proposed);
  EXPECT_EQ(get<deal>(one.uuid).id, deal_id{});
  EXPECT_EQ(events(event_kind::chain_reorg).size(), 1u);
  auto again = chain->publish(one);
  live(2);
  EXPECT_EQ(get<deal>(one.uuid).id, again);
  activate_all();
  pass(chain->finality + 1);
  live(2);
  EXPECT_EQ(deal_states()[deal_state::active], 6);
  expect_no_duplicates();
}

TEST_F(promise, activation_counts_only_when_it_is_final) {
  auto c = packed(8);
  live(2);
  publish_all();
  activate_all();
  EXPECT_EQ(deal_states()[deal_state::activated], 6);
  EXPECT_EQ(get<content>(c.id).state, content_state::published);
  pass(chain->finality);
  live(1);
  EXPECT_EQ(get<content>(c.id).state, content_state::active);
}

TEST_F(promise, deals_are_renewed_before_they_end) {
  packed(8);
  settle();
  auto old = all<deal>();
  pass(old[0].end - options.deals.renew_before - chain->head);
  live(3);
  EXPECT_EQ(events(event_kind::deal_renewed).size(), 6u);
  settle();
  EXPECT_EQ(deal_states()[deal_state::active], 12);
  pass(old[0].end + chain->finality + 1 - chain->head);
  live(2);
  EXPECT_EQ(deal_states()[deal_state::expired], 6);
  EXPECT_EQ(deal_states()[deal_state::active], 6);
}

TEST_F(promise, a_deal_that_never_gets_on_chain_fails_and_is_replaced) {
  packed(8);
  live(2);
  auto late = first(deal_state::proposed);
  providers->all[late.provider].taken.erase(late.uuid);
  publish_all();
  activate_all();
  pass(late.start + chain->finality + 1 - chain->head);
  live(2);
  EXPECT_EQ(get<deal>(late.uuid).state, deal_state::failed);
  settle();
  EXPECT_EQ(deal_states()[deal_state::active], 6);
}

TEST_F(promise, an_answer_that_got_lost_is_asked_for_not_sent_again) {
  add_providers(6);
  providers->all.begin()->second.loses_answers = true;
  start();
  pack();
  live(2);
  EXPECT_EQ(deal_states()[deal_state::proposed], 6);
  EXPECT_GE(providers->asked_status, 1);
  expect_no_duplicates();
}

TEST_F(promise, a_proposal_that_got_lost_is_sent_again) {
  add_providers(6);
  auto& p = providers->all.begin()->second;
  p.loses_proposals = true;
  start();
  pack();
  live(1);
  EXPECT_EQ(deal_states()[deal_state::intended], 1);
  p.loses_proposals = false;
  live(4);
  EXPECT_EQ(deal_states()[deal_state::proposed], 6);
  expect_no_duplicates();
}

TEST_F(promise, a_provider_that_never_says_is_given_up_and_another_takes_its_place) {
  options.deals.start_delay = 5000; // its start is far away
  add_providers(7);
  auto& mute = providers->all.begin()->second;
  mute.price = token_amount{1}; // the first choice
  mute.loses_proposals = true;
  start();
  pack();
  live(10);
  EXPECT_EQ(deal_states()[deal_state::intended], 1) << "it is asked for a while";
  EXPECT_GE(providers->asked_status, 3);
  live(50);
  EXPECT_EQ(deal_states()[deal_state::proposed], 6);
  EXPECT_EQ(deal_states()[deal_state::failed], 1);
  auto given_up = first(deal_state::failed);
  EXPECT_EQ(given_up.provider, mute.id);
  EXPECT_EQ(given_up.problem.code, errc::timeout);
  EXPECT_NE(given_up.problem.message.find("600 s"), std::string::npos) << given_up.problem.message;
  EXPECT_FALSE(good_providers().contains(mute.id));
  expect_no_duplicates();
}

TEST_F(promise, a_provider_that_comes_later_is_found_when_there_are_too_few) {
  options.deals.start_delay = 5000;
  add_providers(5);
  start();
  pack();
  live(2);
  EXPECT_EQ(deal_states()[deal_state::proposed], 5);
  chain->miners.clear();
  add_providers(6);
  pass(130); // far from a day, when the chain is asked anyway
  live(3);
  EXPECT_EQ(deal_states()[deal_state::proposed], 6);
}

TEST_F(promise, a_list_that_takes_longer_than_it_stays_fresh_is_waited_for_once) {
  options.deals.start_delay = 5000;
  add_providers(5);
  start();
  pack();
  live(2);
  chain->slow_list = true;
  pass(130);
  auto before = chain->lists;
  ASSERT_EQ(chain->waiting_lists.size(), 1u);
  for (int i = 0; i < 5; ++i) {
    pass(20);
    EXPECT_TRUE(ask<tipset>(chain_handle, chain::get_head{}));
  }
  EXPECT_LE(chain->lists, before + 1) << "the selection was answered with what there is, and once asked again";
}

TEST_F(promise, failures_of_long_ago_do_not_count) {
  deal_policy policy;
  provider p;
  EXPECT_EQ(recent_failures(p, epoch{100}), 0u);
  p.deals_failed = 12;
  p.avoid_until = epoch{100};
  EXPECT_EQ(recent_failures(p, epoch{100}), 12u);
  EXPECT_EQ(recent_failures(p, epoch{100} + failure_half_life), 6u);
  EXPECT_EQ(recent_failures(p, epoch{100} + 4 * failure_half_life), 0u);
  EXPECT_EQ(recent_failures(p, epoch{100} + 400 * failure_half_life), 0u);
  EXPECT_EQ(recent_failures(p, epoch{50}), 12u) << "the chain went back";

  // One that failed often and recovered is as good a choice as before.
  provider other;
  other.id = address::from_id(1001);
  p.id = address::from_id(1000);
  p.reachable = other.reachable = true;
  p.max_piece = other.max_piece = 1 << 20;
  selection_request wanted{{}, 1024, 1, {}, false};
  EXPECT_EQ(choose(wanted, {p, other}, {}, epoch{200}).chosen.at(0).id, other.id);
  EXPECT_EQ(choose(wanted, {p, other}, {}, epoch{200} + 5 * failure_half_life).chosen.at(0).id, p.id);
}

TEST_F(promise, an_empty_wallet_says_by_how_much_and_goes_on_when_it_is_filled) {
  add_providers(6);
  for (auto& [id, p] : providers->all)
    p.price = token_amount{10'000'000'000ull};
  chain->balance = *token_amount::parse_fil("0.1 FIL");
  start();
  auto c = pack();
  live(2);
  EXPECT_EQ(providers->taken().size(), 0u);
  auto told = get<content>(c.id).problem;
  EXPECT_EQ(told.code, errc::insufficient_funds);
  EXPECT_NE(told.message.find("lacks"), std::string::npos) << told.message;
  EXPECT_EQ(events(event_kind::wallet_low).size(), 1u);
  chain->balance = *token_amount::parse_fil("100 FIL");
  live(15);
  EXPECT_EQ(deal_states()[deal_state::proposed], 6);
  EXPECT_FALSE(get<content>(c.id).problem.any());
  EXPECT_EQ(chain->pushed.size(), 1u);
}

TEST_F(promise, a_deal_that_was_slashed_while_the_node_was_down_is_replaced) {
  auto c = packed(8);
  settle();
  live(2);
  auto victim = first(deal_state::active);
  fell();
  chain->slash(victim.id);
  chain->head = chain->head + 100;
  start();
  live(2);
  EXPECT_EQ(get<deal>(victim.uuid).state, deal_state::slashed) << "it was final long ago";
  settle();
  EXPECT_EQ(deal_states()[deal_state::active], 6);
}

TEST_F(promise, escrow_is_reserved_for_an_intent_whose_event_was_not_heard_yet) {
  add_providers(1);
  start();
  deal x;
  x.uuid = deal_uuid{next_uuid()};
  x.client = *ask<address>(domain_tree.wallet, atom::get_v);
  x.provider = providers->all.begin()->first;
  x.price_per_epoch = token_amount{10};
  x.start = epoch{2000};
  x.end = epoch{3000};
  chain->escrow = funds_of(x);
  ASSERT_TRUE(tell(domain_tree.wallet, escrow_need{x.client, funds_of(x), {x.uuid}}));
  EXPECT_EQ(chain->pushed.size(), 0u);
  transaction_builder t;
  t.create(x);
  t.say(event_kind::deal_intended, x.uuid.value);
  ASSERT_TRUE(records->commit_group({t.take()}, unix_ms{wall}).front()); // the hub is not told
  caf::anon_send(domain_tree.wallet, escrow_need{x.client, token_amount{1}, {}});
  run();
  EXPECT_EQ(chain->pushed.size(), 1u) << "the escrow is filled up for both";
}

TEST_F(promise, more_copies_are_made_when_more_are_promised) {
  auto c = packed(8);
  settle();
  ASSERT_TRUE(ask<content>(domain_tree.content, change_content{{}, c.id, 8, {}}));
  settle();
  EXPECT_EQ(deal_states()[deal_state::active], 8);
  EXPECT_EQ(get<content>(c.id).state, content_state::active);
}

TEST_F(promise, a_chain_that_was_away_is_reported_and_then_the_work_goes_on) {
  add_providers(6);
  start();
  for (auto& who : chain->listeners)
    caf::anon_send(who, chain_health{fail(errc::unreachable, "gone")});
  chain->down = true;
  auto c = pack();
  EXPECT_EQ(events(event_kind::chain_lost).size(), 1u);
  EXPECT_EQ(providers->taken().size(), 0u);
  chain->down = false;
  live(15);
  EXPECT_EQ(events(event_kind::chain_back).size(), 1u);
  EXPECT_EQ(deal_states()[deal_state::proposed], 6);
}

TEST_F(promise, a_restart_at_any_time_ends_with_six_deals_and_no_duplicate) {
  add_providers(8);
  start();
  auto c = upload("restarted", random_bytes(200'000));
  restart();
  ASSERT_TRUE(close_global());
  restart();
  live(2);
  restart();
  live(2);
  publish_all();
  restart();
  activate_all();
  restart();
  pass(chain->finality + 2);
  live(3);
  EXPECT_EQ(deal_states()[deal_state::active], 6);
  EXPECT_EQ(get<content>(c.id).state, content_state::active);
  expect_no_duplicates();
}

} // namespace
} // namespace weir::test
