// Uploads, what they may be called, what is left of unfinished ones, and who
// may download the pieces that they become.
#include "tests/actors/support/domain_fixture.hpp"

#include <algorithm>

namespace weir::test {
namespace {

struct contents : domain_fixture {
  void SetUp() override {
    add_providers(6);
    start();
  }
  result<upload_id> open(const std::string& name) {
    return ask<upload_id>(domain_tree.content, open_upload{owner_id{"local"}, name, {}, 6, false});
  }
  file_ticket file(const upload_id& id, const std::string& path) {
    return *ask<file_ticket>(domain_tree.content, open_file{id, path});
  }
  status write(const upload_id& id, file_ticket f, const std::string& text) {
    auto data = to_bytes(as_bytes(text));
    return tell(domain_tree.content, write_file{id, f.file, std::make_shared<bytes>(data)});
  }
  result<imported_file> close(const upload_id& id, file_ticket f, bool abandon = false) {
    return ask<imported_file>(domain_tree.content, close_file{id, f.file, abandon});
  }
  std::size_t blocks_here() const {
    std::size_t n = 0;
    EXPECT_TRUE(blocks->for_each([&](bytes_view, std::uint64_t) {
      ++n;
      return status{};
    }));
    return n;
  }
};

TEST_F(contents, a_folder_is_listed_and_read_by_path) {
  auto id = *open("tree");
  auto a = file(id, "docs/a.txt"), b = file(id, "b.txt"); // two open at once
  ASSERT_TRUE(write(id, a, "hello "));
  ASSERT_TRUE(write(id, b, "other"));
  ASSERT_TRUE(write(id, a, "weir"));
  ASSERT_TRUE(close(id, a));
  ASSERT_TRUE(close(id, b));
  ASSERT_TRUE(tell(domain_tree.content, add_symlink{id, "link", "b.txt"}));
  auto made = ask<content>(domain_tree.content, atom::commit_v, id);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->files, 2u);
  EXPECT_EQ(made->size, 15u);
  auto root = ask<read_ticket>(domain_tree.retriever, open_read{{}, made->id, {}, read_from::local});
  ASSERT_TRUE(root);
  auto entries = ask<std::vector<directory_entry>>(domain_tree.retriever, list_folder{root->read, {}, 10});
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 3u);
  EXPECT_EQ(entries->at(0).name, "b.txt");
  EXPECT_EQ(entries->at(2).type, directory_entry::kind::symlink);
  auto one = ask<read_ticket>(domain_tree.retriever, open_read{{}, made->id, "docs/a.txt", read_from::local});
  auto part = ask<chunk>(domain_tree.retriever, read_bytes{one->read, 6, 100});
  EXPECT_EQ(as_text(**part), "weir");
  auto none = ask<read_ticket>(domain_tree.retriever, open_read{{}, made->id, "docs/none", read_from::local});
  EXPECT_EQ(none.error().code, errc::not_found);
  auto theirs = ask<read_ticket>(domain_tree.retriever, open_read{owner_id{"eve"}, made->id, {}, read_from::local});
  EXPECT_EQ(theirs.error().code, errc::not_found);
}

TEST_F(contents, bad_names_and_paths_are_refused_with_the_offender) {
  EXPECT_EQ(open("").error().code, errc::invalid_argument);
  EXPECT_EQ(open("a\nb").error().code, errc::invalid_argument);
  EXPECT_EQ(open("\xff\xfe").error().code, errc::invalid_argument);
  EXPECT_EQ(open(std::string(2000, 'x')).error().code, errc::too_large);
  auto id = *open("paths");
  auto f = file(id, "../escape");
  auto closed = close(id, f);
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().code, errc::invalid_path);
}

TEST_F(contents, an_abandoned_file_is_not_part_of_it) {
  auto id = *open("half");
  auto a = file(id, "kept"), b = file(id, "broken");
  ASSERT_TRUE(write(id, a, "kept"));
  ASSERT_TRUE(write(id, b, "brok"));
  ASSERT_TRUE(close(id, a));
  auto early = ask<content>(domain_tree.content, atom::commit_v, id);
  EXPECT_EQ(early.error().code, errc::precondition);
  ASSERT_TRUE(close(id, b, true));
  auto made = ask<content>(domain_tree.content, atom::commit_v, id);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->size, 4u);
  EXPECT_EQ(made->files, 1u);
}

TEST_F(contents, what_an_unfinished_upload_wrote_is_taken_back) {
  auto kept = upload("kept", random_bytes(1000));
  auto before = blocks_here();
  auto id = *open("aborted");
  auto f = file(id, "x");
  ASSERT_TRUE(write(id, f, "some bytes that nobody will want"));
  ASSERT_TRUE(close(id, f));
  ASSERT_TRUE(tell(domain_tree.content, atom::abort_v, id));
  EXPECT_EQ(blocks_here(), before);
  id = *open("dies");
  f = file(id, "y");
  ASSERT_TRUE(write(id, f, "other bytes"));
  ASSERT_TRUE(close(id, f));
  restart();
  EXPECT_EQ(blocks_here(), before);
  EXPECT_TRUE(read_all(kept.id, read_from::local));
}

TEST_F(contents, a_damaged_block_is_fetched_from_a_provider_and_put_back) {
  auto data = random_bytes(100'000);
  auto c = upload("damaged", data);
  ASSERT_TRUE(close_global());
  settle();
  auto piece_file = providers->piece_folder / (all<piece>()[0].cid.text() + ".piece");
  auto whole = read_whole(piece_file);
  auto at = std::search(whole.begin(), whole.end(), data.begin(), data.begin() + 100) - whole.begin();
  ASSERT_LT(static_cast<std::size_t>(at), whole.size());
  {
    std::fstream io{piece_file, std::ios::in | std::ios::out | std::ios::binary};
    io.seekp(at + 10);
    io.put(static_cast<char>(~data[10]));
  }
  ASSERT_NE(read_whole(piece_file), whole);
  EXPECT_EQ(*read_all(c.id, read_from::local), data);
  EXPECT_GE(providers->ranges, 1);
  EXPECT_EQ(read_whole(piece_file), whole) << "the piece is whole again";
  auto said = events(event_kind::store_damaged);
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].owner, owner_id{"local"});
  ASSERT_EQ(said[0].fields.size(), 1u);
  EXPECT_EQ(said[0].fields[0], (std::pair<std::string, std::string>{"content", c.id.value}));
  auto repaired = events(event_kind::store_repaired);
  ASSERT_EQ(repaired.size(), 1u);
  EXPECT_EQ(repaired[0].subject, said[0].subject);
  auto asked = providers->ranges;
  EXPECT_EQ(*read_all(c.id, read_from::local), data);
  EXPECT_EQ(providers->ranges, asked) << "it is here again";
}

TEST_F(contents, a_damaged_block_that_nobody_has_is_told_all_the_same) {
  auto data = random_bytes(100'000);
  auto c = upload("alone", data);
  int flipped = 0;
  for (auto& entry : std::filesystem::recursive_directory_iterator{dir / "blocks"})
    if (entry.path().extension() == ".data" && ++flipped) {
      std::fstream io{entry.path(), std::ios::in | std::ios::out | std::ios::binary};
      io.seekp(500);
      io.put(static_cast<char>(~data[500]));
    }
  ASSERT_EQ(flipped, 1);
  auto got = read_all(c.id, read_from::local);
  ASSERT_FALSE(got);
  run();
  auto said = events(event_kind::store_damaged);
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].subject, c.cid.text());
  EXPECT_EQ(said[0].fields.at(0).second, c.id.value);
  EXPECT_TRUE(events(event_kind::store_repaired).empty());
}

TEST_F(contents, what_the_check_finds_is_mended_without_anybody_reading) {
  auto data = random_bytes(300'000);
  auto c = upload("checked", data);
  ASSERT_TRUE(close_global());
  settle();
  auto piece_file = providers->piece_folder / (all<piece>()[0].cid.text() + ".piece");
  auto whole = read_whole(piece_file);
  auto at = std::search(whole.begin(), whole.end(), data.begin(), data.begin() + 100) - whole.begin();
  {
    std::fstream io{piece_file, std::ios::in | std::ios::out | std::ios::binary};
    io.seekp(at + 10);
    io.put(static_cast<char>(~data[10]));
  }
  EXPECT_EQ(blocks->check_all()->damaged.size(), 1u);
  run();
  EXPECT_EQ(read_whole(piece_file), whole);
  EXPECT_EQ(events(event_kind::store_damaged).size(), 1u);
  EXPECT_EQ(events(event_kind::store_repaired).size(), 1u);
  EXPECT_TRUE(blocks->check_all()->damaged.empty());
}

TEST_F(contents, what_is_not_here_any_more_comes_from_a_provider) {
  auto data = random_bytes(100'000);
  auto c = upload("lost", data);
  ASSERT_TRUE(close_global());
  settle();
  auto piece_file = providers->piece_folder / (all<piece>()[0].cid.text() + ".piece");
  ASSERT_TRUE(blocks->drop_pack(piece_file));
  std::filesystem::remove(piece_file);
  EXPECT_EQ(*read_all(c.id, read_from::local_or_provider), data);
  EXPECT_GE(providers->ranges, 1);
}

TEST_F(contents, a_piece_is_given_to_whoever_shows_the_token_of_a_live_deal) {
  upload("hosted", random_bytes(5000));
  ASSERT_TRUE(close_global());
  live(2);
  auto d = all<deal>().at(0);
  auto given = ask<hosted_piece>(domain_tree.piece_host, piece_access{d.piece, d.transfer_token});
  ASSERT_TRUE(given);
  EXPECT_EQ(given->size, d.padded_size / 128 * 127);
  EXPECT_EQ(std::filesystem::file_size(given->path), given->size);
  auto wrong = ask<hosted_piece>(domain_tree.piece_host, piece_access{d.piece, "guess"});
  EXPECT_EQ(wrong.error().code, errc::unauthenticated);
  auto empty = ask<hosted_piece>(domain_tree.piece_host, piece_access{d.piece, ""});
  EXPECT_EQ(empty.error().code, errc::unauthenticated);
}

TEST_F(contents, keys_come_in_as_digits_or_as_lotus_exports_them) {
  std::string digits(64, '1');
  auto a = ask<wallet_address>(domain_tree.wallet, import_key{"plain", digits});
  ASSERT_TRUE(a);
  auto json =
      std::string{R"({"Type":"secp256k1","PrivateKey":")"} + "ERERERERERERERERERERERERERERERERERERERERERE=" + "\"}";
  auto b = ask<wallet_address>(domain_tree.wallet, import_key{"lotus", to_hex(as_bytes(json))});
  ASSERT_TRUE(b) << to_string(b.error());
  EXPECT_EQ(a->addr, b->addr);
  auto bad = ask<wallet_address>(domain_tree.wallet, import_key{"bad", "not a key"});
  ASSERT_FALSE(bad);
  EXPECT_EQ(to_string(bad.error()).find("not a key"), std::string::npos) << "the text must not be repeated";
}

} // namespace
} // namespace weir::test
