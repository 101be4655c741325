#include "actors/ffs/instances.hpp"
#include "storage/records/store.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

struct ffs_instances : testing::Test {
  test::temp_dir dir;
  std::shared_ptr<records::record_store> store = *records::record_store::open(dir / "records");

  status apply(result<transaction_builder> made) {
    if (!made)
      return made.error();
    if (made->empty())
      return {};
    auto done = store->commit(made->take(), unix_ms{1});
    return done ? status{} : status{done.error()};
  }
  static ffs::instance instance(const std::string& name) {
    ffs::instance i;
    i.id.value = "id-" + name;
    i.name = name;
    i.created = unix_ms{1};
    return i;
  }
  static access_token token(const std::string& of, const std::string& name) {
    access_token t;
    t.hash = of + "/" + name;
    t.name = name;
    t.instance = instance_id{"id-" + of};
    t.owner = ffs::owner_of(t.instance);
    t.scopes = ffs::scope::all;
    return t;
  }
  status create(const std::string& name) {
    return apply(ffs::create(*store->snapshot(), instance(name), token(name, "first")));
  }
};

TEST_F(ffs_instances, names_are_unique_and_a_repeated_creation_is_one) {
  EXPECT_TRUE(create("a"));
  EXPECT_TRUE(create("a")) << "the same one again: found done";
  auto other = instance("a");
  other.id.value = "id-other";
  EXPECT_EQ(ffs::create(*store->snapshot(), other, token("other", "first")).error().code, errc::already_exists);
}

TEST_F(ffs_instances, tokens_are_named_within_their_instance) {
  ASSERT_TRUE(create("a"));
  ASSERT_TRUE(create("b"));
  EXPECT_TRUE(apply(ffs::add_token(*store->snapshot(), token("a", "phone"))));
  EXPECT_TRUE(apply(ffs::add_token(*store->snapshot(), token("b", "phone"))));
  auto again = token("a", "phone");
  again.hash = "another";
  EXPECT_EQ(ffs::add_token(*store->snapshot(), again).error().code, errc::already_exists);
  EXPECT_TRUE(apply(ffs::revoke_token(*store->snapshot(), instance_id{"id-a"}, "phone")));
  EXPECT_EQ(ffs::tokens_of(*store->snapshot(), instance_id{"id-a"})->size(), 1u);
  EXPECT_EQ(ffs::tokens_of(*store->snapshot(), instance_id{"id-b"})->size(), 2u) << "the other one's is untouched";
  EXPECT_EQ(ffs::revoke_token(*store->snapshot(), instance_id{"id-a"}, "phone").error().code, errc::not_found);
}

/// As if the node had died between any two slices: each is built from what is stored.
TEST_F(ffs_instances, a_deletion_goes_on_after_any_slice) {
  ASSERT_TRUE(create("a"));
  ASSERT_TRUE(create("b"));
  transaction_builder t;
  for (auto owner : {"a", "a", "b"}) {
    content c;
    c.id.value = std::string{"content-"} + owner + std::to_string(t.look().mutations.size());
    c.owner = ffs::owner_of(instance_id{std::string{"id-"} + owner});
    c.cid = cid::v1(codec::raw, *from_hex("1220" + std::string(64, 'a')));
    t.create(c);
  }
  ASSERT_TRUE(apply(std::move(t)));
  bool more = true;
  int slices = 0;
  for (; more; ++slices) {
    ASSERT_TRUE(apply(ffs::remove_slice(*store->snapshot(), instance_id{"id-a"}, epoch{5}, unix_ms{5}, more)));
    EXPECT_FALSE(ffs::find(*store->snapshot(), instance_id{"id-a"})) << "nobody sees it after the first slice";
    EXPECT_TRUE(ffs::tokens_of(*store->snapshot(), instance_id{"id-a"})->empty());
  }
  EXPECT_EQ(slices, 4) << "tokens, two contents, the record";
  std::map<owner_id, int> alive;
  auto seen = store->snapshot()->each<content>(
      [&](const stored<content>& c) { alive[c.value.owner] += c.value.state != content_state::removed; });
  ASSERT_TRUE(seen);
  EXPECT_EQ(alive[ffs::owner_of(instance_id{"id-a"})], 0);
  EXPECT_EQ(alive[ffs::owner_of(instance_id{"id-b"})], 1);
  EXPECT_TRUE(ffs::find(*store->snapshot(), instance_id{"id-b"}));
}

TEST(ffs_scopes, read_and_written) {
  EXPECT_EQ(ffs::scopes_from_text("read,admin"), ffs::scope::read | ffs::scope::admin);
  EXPECT_EQ(ffs::scopes_text(ffs::scope::all), "read,store,wallet,admin");
  EXPECT_FALSE(ffs::scopes_from_text("read write"));
}

} // namespace
} // namespace weir
