// Pins, garbage and the packs of large uploads: what is needed stays, what is
// not goes, whatever happens in between.
#include "actors/content/pins.hpp"
#include "actors/content/store_report.hpp"
#include "storage/hash/block_cid.hpp"
#include "storage/ipld/links.hpp"
#include "tests/actors/support/domain_fixture.hpp"

namespace weir::test {
namespace {

struct pins : domain_fixture {
  void SetUp() override {
    options.contents.pack_after = 2 << 20;
    add_providers(6);
    start();
  }
  result<pin> add(const cid& id, bool recursive = true, const std::string& owner = "local") {
    return ask<pin>(domain_tree.keeper, add_pin{owner_id{owner}, id, recursive, "kept"});
  }
  status rm(const cid& id, const std::string& owner = "local") {
    return tell(domain_tree.keeper, remove_pin{owner_id{owner}, id});
  }
  pin_list list(const std::string& owner = {}) {
    return *ask<pin_list>(domain_tree.keeper, list_pins{owner_id{owner}});
  }
  garbage collect() {
    auto g = ask<garbage>(domain_tree.keeper, collect_garbage{});
    EXPECT_TRUE(g) << to_string(g.error());
    return g ? *g : garbage{};
  }
  void remove(const content& c) {
    ASSERT_TRUE(ask<content>(domain_tree.content, remove_content{{}, c.id}));
    run();
  }
  bool whole(const content& c) {
    auto r = for_each_block_of(c.cid);
    return r == c.blocks;
  }
  std::uint64_t for_each_block_of(const cid& root) {
    std::uint64_t count = 0;
    bytes block;
    std::vector<cid> open{root};
    while (!open.empty()) {
      auto id = open.back();
      open.pop_back();
      if (!static_cast<block_source&>(*blocks).get(id, block))
        return 0;
      ++count;
      EXPECT_TRUE(links_of(id, block, open));
    }
    return count;
  }
};

TEST_F(pins, what_a_removed_content_still_holds_goes_with_the_garbage) {
  auto gone = upload("gone", random_bytes(5000));
  auto kept = upload("kept", random_bytes(5001));
  remove(gone);
  bytes late(500, 7); // held, and the dropper did not hear of it
  auto id = *cid_of({}, late);
  ASSERT_TRUE((block_ledger{records, blocks}.hold(gone.id, id)));
  ASSERT_TRUE(blocks->put(id, late));
  EXPECT_EQ(collect().blocks, 1u);
  EXPECT_FALSE(blocks->has(id));
  EXPECT_TRUE(whole(kept));
}

TEST_F(pins, what_is_pinned_outlives_its_content) {
  auto c = upload("pinned", random_bytes(1'500'000));
  auto p = add(c.cid);
  ASSERT_TRUE(p) << to_string(p.error());
  EXPECT_EQ(p->blocks, c.blocks);
  EXPECT_EQ(p->bytes, c.dag_size);
  remove(c);
  EXPECT_TRUE(whole(c));
  restart();
  EXPECT_EQ(collect().blocks, 0u);
  EXPECT_TRUE(whole(c));
  ASSERT_EQ(list("local").size(), 1u);
  EXPECT_EQ(list("local")[0].name, "kept");
  ASSERT_TRUE(rm(c.cid));
  EXPECT_FALSE(blocks->has(c.cid));
  EXPECT_EQ(blocks->bytes_used(), 0u);
  EXPECT_EQ(rm(c.cid).error().code, errc::not_found);
}

TEST_F(pins, each_owner_has_his_own) {
  auto c = upload("shared", random_bytes(300'000));
  ASSERT_TRUE(add(c.cid, true, "ann"));
  ASSERT_TRUE(add(c.cid, true, "bob"));
  remove(c);
  EXPECT_EQ(list("ann").size(), 1u);
  EXPECT_EQ(list().size(), 2u);
  auto page = *ask<pin_list>(domain_tree.keeper, list_pins{{}, owner_id{"ann"}, c.cid, 10});
  ASSERT_EQ(page.size(), 1u);
  EXPECT_EQ(page[0].owner, owner_id{"bob"});
  ASSERT_TRUE(rm(c.cid, "ann"));
  EXPECT_TRUE(whole(c));
  ASSERT_TRUE(rm(c.cid, "bob"));
  EXPECT_FALSE(blocks->has(c.cid));
}

TEST_F(pins, a_direct_pin_keeps_one_block) {
  auto c = upload("direct", random_bytes(3'000'000));
  ASSERT_GT(c.blocks, 2u);
  auto p = add(c.cid, false);
  ASSERT_TRUE(p);
  EXPECT_EQ(p->blocks, 1u);
  ASSERT_TRUE(add(c.cid, false)) << "it may be said twice";
  remove(c);
  EXPECT_TRUE(blocks->has(c.cid));
  EXPECT_FALSE(whole(c));
  auto all = add(c.cid, true);
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().code, errc::not_found);
  EXPECT_TRUE(blocks->has(c.cid)) << "the direct pin stands";
  EXPECT_FALSE(list()[0].recursive);
}

TEST_F(pins, a_recursive_pin_does_not_become_a_direct_one) {
  auto c = upload("twice", random_bytes(1000));
  ASSERT_TRUE(add(c.cid, false));
  ASSERT_TRUE(add(c.cid, true));
  auto less = add(c.cid, false);
  ASSERT_FALSE(less);
  EXPECT_EQ(less.error().code, errc::precondition);
  EXPECT_EQ(list().size(), 1u);
}

TEST_F(pins, what_is_not_here_cannot_be_pinned) {
  auto nowhere = *cid_of({}, bytes{1, 2, 3});
  auto p = add(nowhere);
  ASSERT_FALSE(p);
  EXPECT_EQ(p.error().code, errc::not_found);
  EXPECT_EQ(p.error().value, nowhere.text());
  EXPECT_TRUE(list().empty());
}

TEST_F(pins, a_pinned_content_stays_when_its_piece_goes) {
  auto c = upload("offloaded", random_bytes(900'000));
  ASSERT_TRUE(close_global());
  settle();
  ASSERT_TRUE(add(c.cid));
  EXPECT_EQ(blocks->stat()->loose_blocks, 0u) << "the piece has them";
  ASSERT_TRUE(ask<content>(domain_tree.content, offload_content{{}, c.id}));
  run();
  EXPECT_EQ(blocks->stat()->packs, 0u);
  EXPECT_TRUE(whole(c));
  ASSERT_TRUE(rm(c.cid));
  EXPECT_EQ(blocks->bytes_used(), 0u);
}

TEST_F(pins, garbage_is_what_nobody_holds) {
  auto kept = upload("kept", random_bytes(200'000));
  auto running = ask<upload_id>(domain_tree.content, open_upload{owner_id{"local"}, "running", {}, 6, false});
  auto file = ask<file_ticket>(domain_tree.content, open_file{*running, {}});
  auto part = std::make_shared<bytes>(random_bytes(1 << 20));
  ASSERT_TRUE(tell(domain_tree.content, write_file{*running, file->file, part}));
  auto stray = random_bytes(100'000); // a small one would wait in a pack until half of that is dead
  ASSERT_TRUE(blocks->put(*cid_of({}, stray), stray));
  auto g = collect();
  EXPECT_EQ(g.blocks, 1u);
  EXPECT_EQ(g.bytes, 100'000u);
  EXPECT_TRUE(whole(kept));
  ASSERT_TRUE(ask<imported_file>(domain_tree.content, close_file{*running, file->file, false}));
  auto made = ask<content>(domain_tree.content, atom::commit_v, *running);
  ASSERT_TRUE(made);
  EXPECT_TRUE(whole(*made));
}

TEST_F(pins, a_large_upload_lies_in_a_pack_until_it_is_in_a_piece) {
  auto data = random_bytes(6 << 20);
  auto c = upload("large", data);
  auto stat = *blocks->stat();
  EXPECT_EQ(stat.packs, 1u);
  EXPECT_GE(stat.packed_bytes, 3u << 20);
  EXPECT_EQ(stat.loose_blocks + stat.packed_blocks, c.blocks);
  EXPECT_EQ(*read_all(c.id, read_from::local), data);
  restart();
  EXPECT_EQ(*read_all(c.id, read_from::local), data);
  ASSERT_TRUE(close_global());
  settle();
  stat = *blocks->stat();
  EXPECT_EQ(stat.packs, 1u) << "the piece only";
  EXPECT_EQ(stat.loose_blocks, 0u);
  EXPECT_EQ(blocks->own_bytes(), 0u);
  EXPECT_EQ(*read_all(c.id, read_from::local), data);
}

TEST_F(pins, a_large_upload_that_is_dropped_leaves_nothing) {
  auto c = upload("removed", random_bytes(5 << 20));
  remove(c);
  EXPECT_EQ(blocks->own_bytes(), 0u);
  EXPECT_TRUE(blocks->packs().empty());
  auto running = ask<upload_id>(domain_tree.content, open_upload{owner_id{"local"}, "running", {}, 6, false});
  auto file = ask<file_ticket>(domain_tree.content, open_file{*running, {}});
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(
        tell(domain_tree.content, write_file{*running, file->file, std::make_shared<bytes>(random_bytes(1 << 20))}));
  restart();
  EXPECT_EQ(blocks->own_bytes(), 0u);
  EXPECT_EQ(blocks->bytes_used(), 0u);
}

TEST_F(pins, the_report_names_what_a_content_lacks) {
  auto data = random_bytes(3'000'000);
  auto c = upload("holes", data);
  auto r = check_whole_store(*blocks, *records->snapshot(), {});
  ASSERT_TRUE(r);
  EXPECT_TRUE(r->whole());
  std::vector<cid> leaves;
  ASSERT_TRUE(blocks->for_each_loose([&](bytes_view multihash, std::uint64_t size) {
    if (size > 500'000)
      leaves.push_back(cid::v1(codec::raw, multihash));
    return status{};
  }));
  ASSERT_TRUE(blocks->remove(leaves.at(0)));
  auto asked = ask<store_report_ptr>(domain_tree.keeper, check_store{});
  ASSERT_TRUE(asked);
  ASSERT_EQ((*asked)->missing.size(), 1u);
  EXPECT_EQ((*asked)->missing[0].id, leaves[0]);
  EXPECT_EQ((*asked)->missing[0].content, c.id);
  EXPECT_FALSE((*asked)->whole());
}

} // namespace
} // namespace weir::test
