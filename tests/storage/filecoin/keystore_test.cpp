#include "storage/filecoin/keystore.hpp"

#include "tests/storage/filecoin/samples.hpp"
#include "tests/support/faulty_file_system.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace weir::filecoin {

namespace {

namespace fs = std::filesystem;

TEST(keystore, a_key_is_there_after_a_restart_and_for_its_owner_only) {
  test::temp_dir dir;
  auto key = sample::key();
  ASSERT_TRUE(keystore::open(dir / "keys")->add(key));
  auto store = keystore::open(dir / "keys");
  ASSERT_EQ(store->list()->size(), 1u);
  auto loaded = store->load(key.address());
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->sign(as_bytes("x")), key.sign(as_bytes("x")));
  for (auto& entry : fs::directory_iterator{dir / "keys"})
    EXPECT_EQ(entry.status().permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(keystore, a_missing_key_is_named) {
  test::temp_dir dir;
  auto missing = keystore::open(dir / "keys")->load(sample::key().address());
  EXPECT_EQ(missing.error().code, errc::not_found);
  EXPECT_EQ(missing.error().value, "f1q4lfq4ndghuwprws3pwcvt7obmenyxw3sig2wca");
}

TEST(keystore, a_file_that_others_can_read_is_refused) {
  test::temp_dir dir;
  auto store = keystore::open(dir / "keys");
  ASSERT_TRUE(store->add(sample::key()));
  auto path = dir / "keys" / to_text(sample::key().address());
  fs::permissions(path, fs::perms::group_read, fs::perm_options::add);
  EXPECT_EQ(store->load(sample::key().address()).error().code, errc::precondition);
}

TEST(keystore, a_damaged_or_swapped_file_is_refused_without_showing_it) {
  test::temp_dir dir;
  auto store = keystore::open(dir / "keys");
  auto key = sample::key();
  auto other = *secret_key::from_bytes(bytes(32, 7));
  ASSERT_TRUE(store->add(key));
  auto path = dir / "keys" / to_text(key.address());
  for (auto text : {std::string{}, std::string{"secp256k1 01\n"}, "secp256k1 " + to_hex(other.reveal()) + "\n",
                    "secp256k1 " + to_hex(key.reveal())}) {
    std::ofstream{path} << text;
    auto loaded = store->load(key.address());
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, errc::corrupt);
    EXPECT_EQ(to_string(loaded.error()).find("0707"), std::string::npos);
  }
}

const fill_random sevens = [](std::span<std::uint8_t> out) { std::fill(out.begin(), out.end(), 7); };

std::string all_text(const fs::path& folder) {
  std::string all;
  for (auto& entry : fs::recursive_directory_iterator{folder})
    if (entry.is_regular_file()) {
      std::ifstream file{entry.path(), std::ios::binary};
      all.append(std::istreambuf_iterator<char>{file}, {});
    }
  return all;
}

TEST(keystore, what_is_at_rest_is_sealed) {
  test::temp_dir dir;
  auto store = keystore::open(dir / "keys", key_secret{"a passphrase"});
  auto key = store->make(sevens);
  ASSERT_TRUE(key);
  ASSERT_TRUE(store->add(sample::key()));
  auto text = all_text(dir / "keys");
  EXPECT_EQ(text.find(to_hex(key->reveal())), std::string::npos);
  EXPECT_EQ(text.find(to_hex(sample::key().reveal())), std::string::npos);
  EXPECT_EQ(text.find(store->seed_words()->substr(0, 12)), std::string::npos);
  EXPECT_FALSE(fs::exists(dir / "keys.key")) << "no second way in";
  for (auto& entry : fs::directory_iterator{dir / "keys"})
    EXPECT_EQ(entry.status().permissions(), fs::perms::owner_read | fs::perms::owner_write) << entry.path();
}

TEST(keystore, opens_with_the_secret_it_was_sealed_with_and_no_other) {
  test::temp_dir dir;
  ASSERT_TRUE(keystore::open(dir / "keys", key_secret{"a passphrase"})->add(sample::key()));
  for (auto given : {key_secret{}, key_secret{"another"}}) {
    auto refused = keystore::open(dir / "keys", given);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::precondition);
    EXPECT_EQ(to_string(refused.error()).find("another one"), std::string::npos);
  }
  auto store = keystore::open(dir / "keys", key_secret{"a passphrase"});
  ASSERT_TRUE(store) << to_string(store.error());
  EXPECT_TRUE(store->load(sample::key().address()));
}

TEST(keystore, without_a_secret_the_key_file_beside_it_opens_it) {
  test::temp_dir dir;
  ASSERT_TRUE(keystore::open(dir / "keys")->add(sample::key()));
  ASSERT_TRUE(keystore::open(dir / "keys")->load(sample::key().address()));
  fs::rename(dir / "keys.key", dir / "elsewhere");
  EXPECT_EQ(keystore::open(dir / "keys").error().code, errc::precondition);
  fs::rename(dir / "elsewhere", dir / "keys.key");
  fs::permissions(dir / "keys.key", fs::perms::group_read, fs::perm_options::add);
  EXPECT_EQ(keystore::open(dir / "keys").error().code, errc::precondition);
}

TEST(keystore, the_first_secret_that_is_given_takes_the_place_of_the_key_file) {
  test::temp_dir dir;
  ASSERT_TRUE(keystore::open(dir / "keys")->add(sample::key()));
  ASSERT_TRUE(keystore::open(dir / "keys", key_secret{"mine"}));
  EXPECT_FALSE(fs::exists(dir / "keys.key"));
  EXPECT_FALSE(keystore::open(dir / "keys"));
  EXPECT_TRUE(keystore::open(dir / "keys", key_secret{"mine"})->load(sample::key().address()));
}

TEST(keystore, another_secret_takes_the_place_of_the_former) {
  test::temp_dir dir;
  auto keys = dir / "keys";
  ASSERT_TRUE(keystore::open(keys)->add(sample::key()));
  auto opens = [&](const key_secret& with) {
    auto store = keystore::open(keys, with);
    return store && store->load(sample::key().address());
  };
  key_secret none, one{"one"}, two{"two"};
  EXPECT_EQ(keystore::reseal(keys, one, two).error().code, errc::precondition) << "Weir's own key file sealed it";
  struct {
    key_secret from, to;
  } steps[] = {{none, one}, {one, two}, {two, two}, {two, none}, {none, none}, {none, two}};
  for (auto& [from, to] : steps) {
    ASSERT_TRUE(keystore::reseal(keys, from, to)) << from.words << " to " << to.words;
    EXPECT_EQ(fs::exists(dir / "keys.key"), to.words.empty()) << "one way in";
    EXPECT_TRUE(opens(to)) << to.words;
  }
  EXPECT_FALSE(opens(one));
  EXPECT_FALSE(opens(none));
  EXPECT_EQ(keystore::reseal(keys, one, none).error().code, errc::precondition);
  EXPECT_TRUE(opens(two)) << "a refusal changes nothing";
  EXPECT_EQ(keystore::reseal(dir / "nothing", none, one).error().code, errc::not_found);
}

/// Power is lost at each step, and every folder that a disk could show then is opened.
TEST(keystore, the_former_or_the_new_secret_opens_it_whenever_power_is_lost) {
  key_secret none, one{"one"}, two{"two"};
  struct {
    key_secret from, to;
  } changes[] = {{one, two}, {none, one}, {one, none}};
  for (auto& [from, to] : changes)
    for (std::size_t cut = 1;; ++cut) {
      test::temp_dir dir;
      fs::create_directory(dir / "data");
      ASSERT_TRUE(keystore::open(dir / "data" / "keys", from)->add(sample::key()));
      test::faulty_file_system disk{dir / "data"};
      disk.lose_power_at(cut);
      {
        file_system_scope in_use{disk};
        (void)keystore::reseal(dir / "data" / "keys", from, to);
      }
      if (!disk.power_lost())
        break;
      auto left = dir / "left";
      disk.survivors(left, static_cast<unsigned>(cut), "none");
      for (auto& entry : fs::recursive_directory_iterator{left})
        if (entry.is_regular_file())
          fs::permissions(entry, fs::perms::owner_read | fs::perms::owner_write);
      auto opened = keystore::open(left / "keys", from);
      if (!opened)
        opened = keystore::open(left / "keys", to);
      ASSERT_TRUE(opened) << from.words << " to " << to.words << ", step " << cut;
      EXPECT_TRUE(opened->load(sample::key().address()));
    }
}

TEST(keystore, a_lost_lock_is_told_and_not_replaced) {
  test::temp_dir dir;
  ASSERT_TRUE(keystore::open(dir / "keys")->add(sample::key()));
  fs::rename(dir / "keys" / "lock", dir / "lock");
  auto without = keystore::open(dir / "keys");
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().code, errc::corrupt);
  EXPECT_FALSE(fs::exists(dir / "keys" / "lock"));
  fs::rename(dir / "lock", dir / "keys" / "lock");
  EXPECT_TRUE(keystore::open(dir / "keys")->load(sample::key().address()));
}

TEST(keystore, keys_from_before_they_were_sealed_are_read_and_sealed) {
  test::temp_dir dir;
  auto key = sample::key();
  fs::create_directory(dir / "keys");
  auto path = dir / "keys" / to_text(key.address());
  std::ofstream{path} << "secp256k1 " << to_hex(key.reveal()) << "\n";
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  auto store = keystore::open(dir / "keys");
  ASSERT_TRUE(store);
  EXPECT_TRUE(store->load(key.address()));
  EXPECT_FALSE(*store->origin(key.address())) << "it stays what it is";
  EXPECT_EQ(all_text(dir / "keys").find(to_hex(key.reveal())), std::string::npos);
}

TEST(keystore, each_key_has_the_next_index_of_the_seed) {
  test::temp_dir dir;
  auto store = keystore::open(dir / "keys");
  EXPECT_EQ(store->seed().error().code, errc::not_found);
  auto first = store->make(sevens)->address();
  store = keystore::open(dir / "keys");
  auto second = store->make(sevens)->address();
  auto line = key_line::of(*store->seed_words());
  EXPECT_EQ(first, line->at(0)->address());
  EXPECT_EQ(second, line->at(1)->address());
  EXPECT_EQ(store->seed()->next, 2u);
  EXPECT_EQ((*store->origin(second))->index, 1u);
  EXPECT_EQ((*store->origin(second))->seed, line->id());
}

TEST(keystore, an_index_is_not_used_again_after_its_key_was_lost) {
  test::temp_dir dir;
  auto store = keystore::open(dir / "keys");
  auto lost = store->make(sevens)->address();
  fs::remove(dir / "keys" / to_text(lost)); // died between the index and the key
  EXPECT_NE(keystore::open(dir / "keys")->make(sevens)->address(), lost);
}

TEST(keystore, words_bring_the_same_keys_into_an_empty_keystore) {
  test::temp_dir dir;
  auto store = keystore::open(dir / "keys");
  auto first = store->make(sevens)->address();
  auto words = *store->seed_words();
  auto other = keystore::open(dir / "other");
  auto taken = other->take_over(words, 1);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->id, store->seed()->id);
  EXPECT_EQ(key_line::of(*other->seed_words())->at(0)->address(), first);
  EXPECT_EQ(other->make(sevens)->address(), store->make(sevens)->address()) << "both go on at index 1";
  EXPECT_EQ(other->take_over(words, 0)->next, 2u) << "never back";
  EXPECT_FALSE(other->take_over("abandon", 0));
}

TEST(keystore, a_seed_that_another_took_the_place_of_is_kept) {
  test::temp_dir dir;
  auto store = keystore::open(dir / "keys");
  auto mine = store->make(sevens)->address();
  auto words = *store->seed_words();
  auto others = *words_of(bytes(32, 9));
  ASSERT_TRUE(store->take_over(others, 5));
  EXPECT_EQ(store->make(sevens)->address(), key_line::of(others)->at(5)->address());
  EXPECT_TRUE(store->load(mine));
  EXPECT_EQ(store->take_over(words, 0)->next, 1u) << "its index was not forgotten";
}

} // namespace

} // namespace weir::filecoin
