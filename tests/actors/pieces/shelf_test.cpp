// Piece files that nobody needs any more go; those that somebody needs stay,
// whatever comes in between.
#include "actors/pieces/block_index.hpp"
#include "tests/actors/support/domain_fixture.hpp"

#include <fstream>

namespace weir::test {
namespace {

namespace fs = std::filesystem;

struct piece_files : domain_fixture {
  void SetUp() override {
    add_providers(6);
    start();
  }
  fs::path file_of(const cid& piece) const { return providers->piece_folder / (piece.text() + ".piece"); }
  std::size_t files() const {
    std::size_t n = 0;
    for ([[maybe_unused]] auto& entry : fs::directory_iterator{providers->piece_folder})
      ++n;
    return n;
  }
  content place(const std::string& name, const bytes& data) {
    auto c = upload(name, data);
    EXPECT_TRUE(close_global());
    settle();
    return c;
  }
  void remove(const content& c) {
    ASSERT_TRUE(ask<content>(domain_tree.content, remove_content{{}, c.id}));
    live(2);
  }
  /// As of a deal of long ago.
  void say_of_deal(const cid& piece) {
    records::transaction_builder t;
    t.say(event_kind::deal_expired, "00000000-0000-4000-8000-00000000dea1", {}, {records::fact("piece", piece)});
    caf::anon_send(gate, atom::commit_v, std::move(t).take());
  }
};

struct built_again : piece_files, ::testing::WithParamInterface<int> {};

TEST_P(built_again, a_piece_is_not_dropped_for_what_it_was) {
  auto data = random_bytes(100'000);
  auto old = place("old", data);
  auto piece_id = all<piece>().at(0).cid;
  remove(old);
  ASSERT_EQ(get<piece>(piece_id).state, piece_state::retired);
  ASSERT_FALSE(fs::exists(file_of(piece_id)));

  auto again = upload("new", data);
  auto open = get<content>(again.id).bucket;
  caf::anon_send(domain_tree.bucket_creator, close_bucket{{}, open, {}});
  run_messages(GetParam());
  say_of_deal(piece_id);
  run();
  live(2);
  ASSERT_EQ(get<bucket>(open).pieces, std::vector{piece_id}) << "the same bytes give the same piece";
  EXPECT_TRUE(fs::exists(file_of(piece_id)));
  EXPECT_EQ(*read_all(again.id, read_from::local), data);
  EXPECT_FALSE(block_index{records}.find(again.cid)->empty()) << "it can be read by range";
  restart();
  EXPECT_EQ(*read_all(again.id, read_from::local), data);
}
INSTANTIATE_TEST_SUITE_P(messages, built_again, ::testing::Range(0, 12));

TEST_F(piece_files, of_contents_that_were_removed_while_they_were_packed_go) {
  auto c = upload("unwanted", random_bytes(100'000));
  auto open = get<content>(c.id).bucket;
  caf::anon_send(domain_tree.bucket_creator, close_bucket{{}, open, {}});
  for (int i = 0; i < 1000 && files() == 0; ++i)
    run_messages(1);
  ASSERT_EQ(files(), 1u) << "it is built, and not yet a record";
  ASSERT_TRUE(all<piece>().empty());
  records::transaction_builder t;
  auto before = *records->snapshot()->get<content>(c.id);
  auto after = before.value;
  after.state = content_state::removed;
  after.local = false;
  t.update(before, after);
  ASSERT_TRUE(records->commit(std::move(t).take(), unix_ms{wall}));
  run();
  live(2);
  EXPECT_EQ(get<bucket>(open).state, bucket_state::complete);
  EXPECT_TRUE(get<bucket>(open).pieces.empty());
  EXPECT_TRUE(all<piece>().empty()) << "no deals are made of it";
  EXPECT_EQ(files(), 0u);
  EXPECT_TRUE(block_index{records}.find(c.cid)->empty());
}

TEST_F(piece_files, that_no_record_speaks_of_are_gone_after_a_start) {
  auto kept = place("kept", random_bytes(50'000));
  auto whole = all<piece>().at(0).cid;
  auto stray = *cid::parse("baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq");
  ASSERT_TRUE(block_index{records}.add(stray, {{kept.cid, 0, 10}}));
  for (auto& name : {stray.text() + ".piece", whole.text() + ".piece.fetch", std::string{"build-nothing.part"},
                     "build-" + get<content>(kept.id).bucket.value + ".part"})
    std::ofstream{providers->piece_folder / name} << "of a run that died";
  std::ofstream{providers->piece_folder / "notes.txt"} << "somebody's";
  restart();
  EXPECT_EQ(files(), 2u);
  EXPECT_TRUE(fs::exists(file_of(whole)) && fs::exists(providers->piece_folder / "notes.txt"));
  EXPECT_EQ(block_index{records}.find(kept.cid)->size(), 1u);
  EXPECT_TRUE(read_all(kept.id, read_from::local));
}

TEST_F(piece_files, stay_until_the_last_of_their_contents_is_gone) {
  auto a = upload("a", random_bytes(50'000)), b = upload("b", random_bytes(60'000));
  ASSERT_TRUE(close_global());
  settle();
  auto piece_id = all<piece>().at(0).cid;
  remove(a);
  EXPECT_TRUE(fs::exists(file_of(piece_id)));
  EXPECT_TRUE(read_all(b.id, read_from::local));
  remove(b);
  EXPECT_EQ(files(), 0u);
  EXPECT_EQ(get<piece>(piece_id).state, piece_state::retired);
  EXPECT_EQ(blocks->stat()->packs, 0u);
}

TEST_F(piece_files, that_a_provider_still_has_to_download_go_when_its_deal_ends) {
  auto c = upload("proposed", random_bytes(50'000));
  ASSERT_TRUE(close_global());
  live(3);
  ASSERT_GT(deal_states()[deal_state::proposed], 0);
  remove(c);
  EXPECT_EQ(files(), 1u);
  publish_all();
  EXPECT_EQ(files(), 1u);
  activate_all();
  EXPECT_EQ(files(), 0u);
}

} // namespace
} // namespace weir::test
