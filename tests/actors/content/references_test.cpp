// Contents whose bytes stay in the user's files: taken in, read, packed, removed.
#include "actors/content/ledger.hpp"
#include "storage/unixfs/file_importer.hpp"
#include "tests/actors/support/domain_fixture.hpp"

#include <fstream>

#include <sys/stat.h>

namespace weir::test {
namespace {

namespace fs = std::filesystem;

void write_file(const fs::path& path, const bytes& data) {
  std::ofstream out{path, std::ios::binary};
  out.write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(data.size()));
}

struct no_blocks : block_sink {
  status write(const cid&, bytes_view) override { return {}; }
};

struct referred : domain_fixture {
  fs::path file = fs::canonical(dir.path()) / "user" / "data.bin";
  bytes data;

  void SetUp() override {
    fs::create_directories(file.parent_path());
    options.contents.referred_at_once = 1 << 20;
    add_providers(6);
    start();
    data = random_bytes(2'600'000);
    write_file(file, data);
  }
  upload_id open(const std::string& name) {
    return *ask<upload_id>(domain_tree.content, open_upload{owner_id{"local"}, name, {}, 6, false});
  }
  /// All its parts; how many there were goes to `parts`.
  result<referred_file> refer(const upload_id& id, const fs::path& source, const std::string& path = {}) {
    parts = 1;
    auto got = ask<referred_file>(domain_tree.content, refer_file{id, path, source.string(), 0});
    for (; got && got->more != 0; ++parts)
      got = ask<referred_file>(domain_tree.content, refer_file{id, {}, {}, got->more});
    return got;
  }
  content add() {
    auto id = open("data");
    EXPECT_TRUE(refer(id, file));
    auto made = ask<content>(domain_tree.content, atom::commit_v, id);
    EXPECT_TRUE(made) << to_string(made.error());
    return made ? *made : content{};
  }
  void change_a_byte(std::uint64_t at) {
    std::fstream io{file, std::ios::in | std::ios::out | std::ios::binary};
    io.seekp(static_cast<std::streamoff>(at));
    io.put(static_cast<char>(~data[at]));
  }
  std::uint64_t lists() const { return blocks->stat()->reference_packs; }

  int parts = 0;
};

TEST_F(referred, a_file_is_a_content_like_any_other_and_not_copied) {
  auto id = open("data");
  auto got = refer(id, file);
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(parts, 3);
  EXPECT_EQ(got->made.size, data.size());
  auto made = *ask<content>(domain_tree.content, atom::commit_v, id);
  no_blocks nowhere;
  unixfs::file_importer importer{nowhere};
  ASSERT_TRUE(importer.write(data));
  EXPECT_EQ(made.cid, importer.finish()->id);
  EXPECT_EQ(made.size, data.size());
  EXPECT_EQ(made.blocks, 4u);
  EXPECT_EQ(lists(), 1u);
  EXPECT_LT(blocks->own_bytes(), 20'000u) << "nothing of the data was written";
  EXPECT_EQ(*read_all(made.id, read_from::local), data);
  restart();
  EXPECT_EQ(*read_all(made.id, read_from::local), data);
  ASSERT_TRUE((block_ledger{records, blocks}.collect(*records->snapshot(), []() -> weir::status { return {}; })));
  EXPECT_EQ(*read_all(made.id, read_from::local), data) << "what is held is no garbage";
}

TEST_F(referred, a_piece_has_the_bytes_and_then_the_file_is_the_users_again) {
  auto made = add();
  ASSERT_TRUE(close_global());
  settle();
  EXPECT_EQ(get<content>(made.id).state, content_state::active);
  EXPECT_EQ(lists(), 0u) << "the piece serves them now";
  fs::remove(file);
  EXPECT_EQ(*read_all(made.id, read_from::local), data);
  restart();
  EXPECT_EQ(*read_all(made.id, read_from::local), data);
  ASSERT_TRUE(ask<content>(domain_tree.content, offload_content{{}, made.id}));
  live(1);
  EXPECT_FALSE(read_all(made.id, read_from::local));
  EXPECT_EQ(*read_all(made.id, read_from::local_or_provider), data);
}

TEST_F(referred, a_file_that_changed_is_named_to_whoever_needs_it) {
  auto made = add();
  change_a_byte(1'500'000);
  auto got = read_all(made.id, read_from::local);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, errc::corrupt);
  EXPECT_EQ(got.error().value, file.string());
  run();
  auto said = events(event_kind::store_damaged);
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].owner, owner_id{"local"});
  EXPECT_EQ(said[0].fields,
            (std::vector<std::pair<std::string, std::string>>{{"content", made.id.value}, {"file", file.string()}}));
}

TEST_F(referred, what_changed_before_it_was_packed_is_not_packed_and_says_why) {
  auto made = add();
  auto other = upload("other", random_bytes(1000));
  change_a_byte(10);
  ASSERT_TRUE(close_global());
  live(3);
  EXPECT_EQ(get<content>(other.id).state, content_state::proposed) << "it holds up nobody";
  auto stuck = get<content>(made.id);
  EXPECT_LT(stuck.state, content_state::packed);
  EXPECT_EQ(stuck.problem.code, errc::corrupt);
  EXPECT_NE(stuck.problem.message.find(file.string()), std::string::npos) << stuck.problem.message;
}

TEST_F(referred, removing_it_leaves_the_users_file_and_nothing_else) {
  auto made = add();
  ASSERT_TRUE(ask<content>(domain_tree.content, remove_content{{}, made.id}));
  run();
  EXPECT_EQ(lists(), 0u);
  EXPECT_EQ(blocks->stat()->packed_blocks + blocks->stat()->loose_blocks, 0u);
  EXPECT_EQ(read_whole(file), data);
}

TEST_F(referred, an_upload_that_ends_early_leaves_nothing) {
  auto id = open("aborted");
  ASSERT_TRUE(refer(id, file, "a"));
  ASSERT_TRUE(tell(domain_tree.content, atom::abort_v, id));
  EXPECT_EQ(lists(), 0u);
  ASSERT_TRUE(refer(open("dies"), file, "a"));
  restart();
  EXPECT_EQ(lists(), 0u);
  EXPECT_EQ(blocks->stat()->packed_blocks + blocks->stat()->loose_blocks, 0u);
  EXPECT_EQ(read_whole(file), data);
}

TEST_F(referred, who_sends_the_same_bytes_has_a_copy_of_his_own) {
  add();
  auto sent = upload("sent", data);
  EXPECT_GT(blocks->own_bytes(), data.size());
  fs::remove(file);
  EXPECT_EQ(*read_all(sent.id, read_from::local), data);
}

TEST_F(referred, a_file_that_changes_while_it_is_read_is_not_added) {
  auto id = open("data");
  auto first = ask<referred_file>(domain_tree.content, refer_file{id, "grows", file.string(), 0});
  ASSERT_TRUE(first && first->more != 0);
  EXPECT_EQ(first->done, 1u << 20);
  fs::resize_file(file, 2'000'000);
  result<referred_file> last = *first;
  while (last && last->more != 0)
    last = ask<referred_file>(domain_tree.content, refer_file{id, {}, {}, first->more});
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().code, errc::changed);
  EXPECT_EQ(last.error().value, file.string());
  auto again = ask<referred_file>(domain_tree.content, refer_file{id, {}, {}, first->more});
  EXPECT_EQ(again.error().code, errc::not_found) << "it is forgotten";
  ASSERT_TRUE(refer(id, file, "whole"));
  auto made = ask<content>(domain_tree.content, atom::commit_v, id);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->files, 1u);
  EXPECT_EQ(made->size, 2'000'000u);
}

TEST_F(referred, what_is_no_regular_file_under_its_own_name_is_refused) {
  auto id = open("odd");
  const auto folder = file.parent_path();
  fs::create_symlink(file, folder / "link");
  fs::create_directory_symlink(folder, folder.parent_path() / "way");
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  auto refused = [&](const fs::path& what) {
    auto got = refer(id, what, "x");
    return got ? errc::none : got.error().code;
  };
  EXPECT_EQ(refused(folder / "link"), errc::invalid_argument);
  EXPECT_EQ(refused(folder.parent_path() / "way" / "data.bin"), errc::invalid_argument);
  EXPECT_EQ(refused(folder / "pipe"), errc::invalid_argument);
  EXPECT_EQ(refused(folder), errc::invalid_argument);
  EXPECT_EQ(refused(folder / "nothing"), errc::not_found);
  EXPECT_EQ(refused("user/data.bin"), errc::not_found);
  ASSERT_TRUE(refer(id, file, "good"));
  EXPECT_EQ(ask<content>(domain_tree.content, atom::commit_v, id)->files, 1u);
}

} // namespace
} // namespace weir::test
