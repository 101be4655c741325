// A node without a network: bytes in and out, whose they are, and restarts.
#include "node/cli/context.hpp"
#include "tests/node/runtime/node_fixture.hpp"

#include <chrono>
#include <fstream>
#include <set>
#include <sstream>

namespace weir {
namespace {

struct storing : testing::Test {
  test::temp_dir folder;
  std::string big = [] {
    std::string s(3'000'000, '\0');
    for (std::size_t i = 0; i < s.size(); ++i)
      s[i] = static_cast<char>(i * 2654435761u >> 13);
    return s;
  }();
};

TEST_F(storing, bytes_come_back_whole_and_by_range) {
  test::running_node node{folder.path()};
  auto c = node.add("tree", {{"a/big.bin", big}, {"a/small.txt", "hello"}});
  auto data = "/api/v1/contents/" + c["id"].text + "/data/a/";
  auto whole = node.call("GET", data + "big.bin");
  EXPECT_EQ(whole.status, 200);
  EXPECT_TRUE(whole.body == big);
  EXPECT_EQ(whole.fields.get("x-content-type-options"), "nosniff");
  EXPECT_TRUE(whole.fields.get("content-disposition").value_or("").starts_with("attachment"));
  auto part = node.call("GET", data + "big.bin", "", {{"Range", "bytes=1048570-1048580"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, big.substr(1048570, 11));
  auto beyond = node.call("GET", data + "big.bin", "", {{"Range", "bytes=9999999-"}});
  EXPECT_EQ(beyond.status, 416);
  EXPECT_EQ(beyond.fields.get("content-type"), "application/problem+json");
  EXPECT_NE(beyond.body.find("invalid-range"), std::string::npos) << beyond.body;
  http::headers known{{"If-None-Match", std::string{whole.fields.get("etag").value_or("")}}};
  EXPECT_EQ(node.call("GET", data + "big.bin", "", known).status, 304);
  auto head = node.call("HEAD", data + "small.txt");
  EXPECT_EQ(head.fields.get("content-length"), "5");
  EXPECT_EQ(node.call("GET", data + "missing").status, 404);
  EXPECT_EQ(node.call("GET", "/ipfs/" + c["cid"].text + "/a/small.txt", "", {}, "gateway").body, "hello");
}

TEST_F(storing, folders_are_listed_by_pages) {
  test::running_node node{folder.path()};
  auto c = node.add("tree", {{"b", "2"}, {"a/x", "1"}, {"c", "33"}});
  auto files = "/contents/" + c["id"].text + "/files";
  auto all = node.get(files).json["entries"].items;
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0]["name"].text, "a");
  EXPECT_EQ(all[0]["type"].text, "dir");
  EXPECT_EQ(all[2]["size"].u64(), 2u);
  auto first = node.get(files + "?limit=2");
  EXPECT_EQ(first.json["next"].text, "b");
  EXPECT_EQ(node.get(files + "?limit=2&after=b").json["entries"].items.size(), 1u);
  EXPECT_EQ(node.get(files + "?path=a").json["entries"].items[0]["name"].text, "x");
}

TEST_F(storing, somebody_elses_content_does_not_exist) {
  test::running_node node{folder.path()};
  auto mine = node.add("mine", {{"", "x"}});
  auto token = node.post("/tokens", R"({"name":"alice"})").json["token"].text;
  http::headers alice{{"Authorization", "Bearer " + token}};
  auto path = "/api/v1/contents/" + mine["id"].text;
  EXPECT_EQ(node.call("GET", path, "", alice).status, 404);
  EXPECT_EQ(node.call("DELETE", path, "", alice).status, 404);
  EXPECT_EQ(node.call("GET", path + "/data/", "", alice).status, 404);
  EXPECT_EQ(node.call("GET", "/api/v1/contents", "", alice).json["items"].items.size(), 0u);
  EXPECT_EQ(node.call("GET", "/api/v1/summary", "", alice).json["contents"]["count"].u64(), 0u);
  EXPECT_EQ(node.get("/summary").json["contents"]["count"].u64(), 1u);
  auto events = node.call("GET", "/api/v1/events?kind=content", "", alice);
  EXPECT_EQ(events.json["items"].items.size(), 0u) << events.body;
}

TEST_F(storing, what_was_removed_is_listed_only_for_who_asks) {
  test::running_node node{folder.path()};
  auto kept = node.add("kept", {{"", "1"}});
  auto gone = node.add("gone", {{"", "2"}});
  EXPECT_EQ(node.call("DELETE", "/api/v1/contents/" + gone["id"].text).status, 200);
  auto names = [&](const std::string& query) {
    std::set<std::string> out;
    auto listed = node.get("/contents" + query).json;
    for (const auto& item : listed["items"].items)
      out.insert(item["name"].text);
    return out;
  };
  using set = std::set<std::string>;
  EXPECT_EQ(names(""), set{"kept"});
  EXPECT_EQ(names("?cid=" + gone["cid"].text), set{});
  EXPECT_EQ(names("?removed=1"), (set{"gone", "kept"}));
  EXPECT_EQ(names("?state=removed"), set{"gone"});
  EXPECT_EQ(node.get("/contents/" + gone["id"].text).json["state"].text, "removed");
}

/// What names nobody as its owner is the node's.
TEST_F(storing, a_tenant_hears_of_its_own_things_only) {
  test::running_node node{folder.path()};
  auto a = node.post("/ffs/instances", R"({"name":"a"})").json;
  auto b = node.post("/ffs/instances", R"({"name":"b"})").json;
  node.add("the-operators", {{"", "x"}});
  node.post("/tokens", R"({"name":"boss","admin":true})");
  auto wallet = [&](const json::value& of) {
    return node.post("/ffs/instances/" + of["id"].text + "/wallets", R"({"name":"w"})").json["addr"].text;
  };
  auto mine = wallet(a);
  auto theirs = wallet(b);
  ASSERT_NE(mine, theirs);
  node.post("/wallets", R"({"name":"nodes"})");
  http::headers as_a{{"Authorization", "Bearer " + a["token"].text}};
  std::set<std::string> owners, subjects;
  auto heard = node.call("GET", "/api/v1/events?limit=1000", "", as_a).json;
  for (const auto& t : heard["items"].items)
    for (const auto& e : t["events"].items) {
      owners.insert(e["owner"].text);
      subjects.insert(e["subject"].text);
    }
  EXPECT_EQ(owners, std::set<std::string>{"ffs/" + a["id"].text});
  EXPECT_TRUE(subjects.contains(mine));
  std::set<std::string> all;
  auto everything = node.get("/events?limit=1000").json;
  for (const auto& t : everything["items"].items)
    for (const auto& e : t["events"].items)
      all.insert(e["subject"].text);
  EXPECT_TRUE(all.contains(mine) && all.contains(theirs) && all.contains("boss")) << "the operator hears of all";
}

TEST_F(storing, a_restart_finds_everything_and_the_same_ports) {
  std::string id, pieces;
  {
    test::running_node node{folder.path()};
    id = node.add("kept", {{"", "kept bytes"}})["id"].text;
    pieces = node.url("pieces");
    EXPECT_TRUE(std::filesystem::exists(folder / "addresses.json"));
    auto begin = std::chrono::steady_clock::now();
    node.node->stop();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{2});
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "addresses.json"));
  test::running_node node{folder.path()};
  EXPECT_EQ(node.url("pieces"), pieces);
  EXPECT_EQ(node.call("GET", "/api/v1/contents/" + id + "/data/").body, "kept bytes");
  EXPECT_EQ(node.get("/summary").json["contents"]["bytes"].u64(), 10u);
  EXPECT_EQ(node.get("/node").json["chain"]["problem"]["code"].text, "no-network");
}

TEST_F(storing, one_folder_one_node) {
  test::running_node node{folder.path()};
  auto second = runtime::start(node.options);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, errc::data_in_use);
  test::temp_dir other;
  auto taken = node.options;
  taken.data = other.path();
  taken.api = node.url("api").substr(7);
  auto third = runtime::start(taken);
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, errc::already_exists);
}

TEST_F(storing, the_stream_replays_without_a_gap) {
  test::running_node node{folder.path()};
  node.add("one", {{"", "1"}});
  node.add("two", {{"", "2"}});
  std::ostringstream out, err;
  auto head = node.get("/node").json["revision"].string();
  EXPECT_EQ(cli::run({"watch", "--from", "0", "--count", head, "--json", "--api", node.url("api")}, out, err), 0)
      << err.str();
  std::istringstream lines{out.str()};
  std::uint64_t expected = 0;
  for (std::string line; std::getline(lines, line);)
    EXPECT_EQ((*json::parse(line))["revision"].u64(), ++expected);
  EXPECT_EQ(std::to_string(expected), head);
}

struct against_a_node : storing {
  test::running_node node{folder.path()};
  std::ostringstream out, err;
  int weir(std::vector<std::string> words) {
    out.str("");
    err.str("");
    words.insert(words.end(), {"--api", node.url("api")});
    return cli::run(std::move(words), out, err);
  }
};

TEST_F(against_a_node, adds_and_gets_a_tree) {
  test::temp_dir files;
  std::filesystem::create_directories(files / "tree/sub/empty");
  std::ofstream{files / "tree/sub/big"} << big;
  std::ofstream{files / "tree/new\nline"} << "n";
  std::filesystem::create_symlink("..", files / "tree/sub/loop");
  ASSERT_EQ(weir({"add", files / "tree", "--json"}), 0) << err.str();
  auto made = *json::parse(out.str());
  EXPECT_EQ(made["name"].text, "tree");
  ASSERT_EQ(weir({"get", made["cid"].text, "-o", files / "back"}), 0) << err.str();
  std::ifstream back{files / "back/sub/big"};
  std::string text{std::istreambuf_iterator<char>{back}, {}};
  EXPECT_TRUE(text == big);
  EXPECT_TRUE(std::filesystem::is_directory(files / "back/sub/empty"));
  EXPECT_EQ(std::filesystem::read_symlink(files / "back/sub/loop"), "..");
  EXPECT_TRUE(std::filesystem::exists(files / "back/new\nline"));
  ASSERT_EQ(weir({"get", made["cid"].text + "/sub/big", "-o", files / "one"}), 0) << err.str();
  EXPECT_EQ(std::filesystem::file_size(files / "one"), big.size());
  ASSERT_EQ(weir({"status", made["cid"].text, "--json"}), 0) << err.str();
  auto status = *json::parse(out.str());
  for (auto name : {"cid", "size", "state", "bucket", "piece", "pieceSize", "deals"})
    EXPECT_FALSE(status[name].is_null()) << name;
}

TEST_F(against_a_node, nothing_half_added_stays) {
  test::temp_dir files;
  std::filesystem::create_directories(files / "tree");
  std::ofstream{files / "tree/a"} << "a";
  std::ofstream{files / "tree/z\xff"} << "z";
  EXPECT_EQ(weir({"add", files / "tree"}), 1);
  EXPECT_NE(err.str().find("z\\xff"), std::string::npos) << err.str();
  EXPECT_EQ(weir({"add", files / "missing"}), 1);
  ASSERT_EQ(weir({"ls", "--json"}), 0);
  EXPECT_EQ(out.str(), "");
}

TEST_F(against_a_node, explains_and_removes) {
  auto c = node.add("one", {{"", "x"}});
  ASSERT_EQ(weir({"explain", c["cid"].text}), 0) << err.str();
  EXPECT_NE(out.str().find("not yet safe"), std::string::npos);
  EXPECT_EQ(weir({"offload", c["cid"].text}), 1) << "no deal is active";
  EXPECT_NE(err.str().find("precondition"), std::string::npos) << err.str();
  EXPECT_EQ(weir({"rm", c["cid"].text}), 0) << err.str();
  EXPECT_EQ(weir({"status", "bafkqaaa"}), 1);
}

/// Three small contents that share a segment, and one that has its own.
struct with_a_piece : against_a_node {
  with_a_piece() {
    node.post("/buckets", R"({"name":"b","maxCount":4})");
    auto into = R"(,"bucket":"b")";
    for (auto name : {"one", "two", "three"})
      ids.push_back(
          node.add(name, {{"x/" + std::string{name}, std::string(3000, name[1])}, {"same", "same"}}, into)["id"].text);
    std::ofstream{folder / "big"} << big;
    EXPECT_EQ(weir({"add", folder / "big", "--bucket", "b", "--wait", "packed", "--json"}), 0) << err.str();
    ids.push_back((*json::parse(out.str()))["id"].text);
  }
  /// The status of `weir piece verify` over these lines.
  int check(const std::string& proofs, std::vector<std::string> more = {}) {
    std::ofstream{folder / "proofs"} << proofs;
    std::vector<std::string> words{"piece", "verify", folder / "proofs", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    out.str("");
    return cli::run(words, out, err);
  }
  std::vector<std::string> ids;
};

TEST_F(with_a_piece, every_content_of_a_bucket_is_proved) {
  ASSERT_EQ(weir({"piece", "prove", "--bucket", "b"}), 0) << err.str();
  auto proofs = out.str();
  auto piece = node.get("/contents/" + ids[0]).json["pieces"].items[0].text;
  ASSERT_EQ(check(proofs, {"--piece", piece}), 0) << err.str();
  auto said = *json::parse(out.str());
  EXPECT_EQ(said["proofs"].u64(), 4u);
  EXPECT_EQ(said["whole"].u64(), 3u) << "of the large one the root is shown";
  ASSERT_EQ(weir({"piece", "prove", piece}), 0) << err.str();
  EXPECT_EQ(std::count(proofs.begin(), proofs.end(), '\n'), 4);
  auto one = node.get("/contents/" + ids[1] + "/proof");
  EXPECT_EQ(check(one.body + "\n"), 0) << "as it was downloaded: " << err.str();
  for (auto what : {"\"data\":\"m", "\"nodes\":[\"", "\"path\":[\"", "\"cid\":\"bafybe"}) {
    auto at = one.body.find(what) + std::string_view{what}.size() + 3;
    auto tampered = one.body;
    tampered[at] = tampered[at] == 'a' ? 'b' : 'a';
    EXPECT_NE(check(tampered), 0) << what;
  }
}

TEST_F(with_a_piece, proofs_are_their_owners) {
  auto token = node.post("/tokens", R"({"name":"alice"})").json["token"].text;
  http::headers alice{{"Authorization", "Bearer " + token}};
  EXPECT_EQ(node.call("GET", "/api/v1/contents/" + ids[0] + "/proof", "", alice).status, 404);
  auto loose = node.add("loose", {{"", "x"}});
  auto none = node.get("/contents/" + loose["id"].text + "/proof");
  EXPECT_EQ(none.json["code"].text, "precondition") << none.body;
  EXPECT_EQ(weir({"piece", "prove"}), 2);
}

} // namespace
} // namespace weir
