// Which deals can be imported, and which not.
#include "actors/ffs/imports.hpp"
#include "tests/actors/ffs/ffs_fixture.hpp"

namespace weir::test {
namespace {

struct ffs_imports : ffs_fixture {
  /// A deal of `a` on the chain, and its CID.
  std::pair<cid, chain_deal> stored() {
    auto id = stage(a, random_bytes(50'000));
    (void)push(a, id, both());
    settle();
    auto made = deals_of(a, id);
    EXPECT_EQ(made.size(), 1u);
    return {id, chain->deals.at(made.at(0).id)};
  }
  result<ffs::job_id> import(const cid& id, std::vector<deal_id> deals) {
    auto config = both();
    config.hot.enabled = false;
    ffs::push_config wish{b, id, config, true, false, std::move(deals)};
    auto answer = ask<ffs::push_answer>(gate_of(b), wish);
    run();
    return answer ? result<ffs::job_id>{answer->job} : result<ffs::job_id>{answer.error()};
  }
};

TEST_F(ffs_imports, a_deal_of_somebody_else_is_enough) {
  auto [id, theirs] = stored();
  auto job = import(id, {theirs.id, theirs.id});
  ASSERT_TRUE(job) << to_string(job.error());
  settle();
  EXPECT_EQ(job_of(b, *job).state, job_state::done) << job_of(b, *job).err.message;
  auto mine = deals_of(b, id);
  ASSERT_EQ(mine.size(), 1u);
  EXPECT_TRUE(mine[0].imported);
  EXPECT_EQ(mine[0].id, theirs.id);
  EXPECT_EQ(mine[0].state, deal_state::active);
  ASSERT_TRUE(import(id, {theirs.id}));
  EXPECT_EQ(deals_of(b, id).size(), 1u) << "idempotent";
  EXPECT_EQ(deals_of(a, id).size(), 1u);
  expect_no_duplicates();
}

TEST_F(ffs_imports, what_the_chain_has_against_it) {
  auto [id, theirs] = stored();
  auto& there = chain->deals.at(theirs.id);
  EXPECT_EQ(import(id, {deal_id{4711}}).error().code, errc::not_found);
  there.slashed = chain->head;
  auto slashed = import(id, {theirs.id});
  EXPECT_EQ(slashed.error().code, errc::precondition);
  EXPECT_NE(slashed.error().message.find("slashed"), std::string::npos) << slashed.error().message;
  there.slashed = no_epoch;
  there.sector_start = no_epoch;
  EXPECT_EQ(import(id, {theirs.id}).error().code, errc::precondition);
  there = theirs;
  there.end = chain->head;
  EXPECT_EQ(import(id, {theirs.id}).error().code, errc::precondition);
  EXPECT_FALSE(*records->snapshot()->find<ffs::cid_entry>({b, id})) << "nothing is written for what is refused";
}

TEST_F(ffs_imports, another_piece_is_refused) {
  auto [id, theirs] = stored();
  auto [other, another] = stored();
  EXPECT_EQ(import(id, {another.id}).error().code, errc::invalid_argument);
  EXPECT_EQ(import(id, {theirs.id, another.id}).error().code, errc::invalid_argument);
  ASSERT_TRUE(import(id, {theirs.id}));
  EXPECT_EQ(import(id, {another.id}).error().code, errc::invalid_argument) << "it lies in another one now";
}

TEST_F(ffs_imports, a_piece_that_nobody_here_knows_says_by_its_label_what_it_holds) {
  auto [id, theirs] = stored();
  auto piece_id = *cid::parse("baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq");
  auto foreign = theirs;
  foreign.id = deal_id{77};
  foreign.piece = piece_id;
  foreign.label = "something else";
  chain->deals[foreign.id] = foreign;
  EXPECT_EQ(import(id, {foreign.id}).error().code, errc::invalid_argument);
  chain->deals[foreign.id].label = id.text();
  auto job = import(id, {foreign.id});
  ASSERT_TRUE(job) << to_string(job.error());
  EXPECT_EQ(get<piece>(piece_id).root, id);
  EXPECT_FALSE(get<piece>(piece_id).local);
  EXPECT_TRUE(get<content>(entry(b, id).cold.content).unverified) << "nobody has read what it holds";
}

TEST_F(ffs_imports, what_a_label_says_is_looked_at_when_the_piece_comes_back) {
  auto [id, theirs] = stored();
  auto [other, another] = stored();
  auto lie = another;
  lie.id = deal_id{78};
  lie.label = id.text();
  chain->deals[lie.id] = lie;
  ASSERT_TRUE(import(id, {lie.id}));
  auto made = entry(b, id).cold.content;
  EXPECT_TRUE(get<content>(made).unverified);
  auto back = ask<content>(domain_tree.content, restore_content{ffs::owner_of(b), made});
  run();
  ASSERT_FALSE(back);
  EXPECT_EQ(back.error().code, errc::corrupt) << to_string(back.error());
  EXPECT_FALSE(get<content>(made).local);
  EXPECT_TRUE(get<content>(made).unverified);

  auto honest = another;
  honest.id = deal_id{79};
  honest.label = other.text();
  chain->deals[honest.id] = honest;
  ASSERT_TRUE(import(other, {honest.id}));
  auto known = entry(b, other).cold.content;
  EXPECT_FALSE(get<content>(known).unverified) << "this node packed it itself";
}

} // namespace
} // namespace weir::test
