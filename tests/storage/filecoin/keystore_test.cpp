#include "storage/filecoin/keystore.hpp"

#include "tests/storage/filecoin/samples.hpp"
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

} // namespace

} // namespace weir::filecoin
