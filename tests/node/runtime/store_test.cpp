// The block store from outside: figures, check, garbage and pins, of a node
// that runs and of one that stands.
#include "node/cli/context.hpp"
#include "tests/node/runtime/node_fixture.hpp"

#include <fstream>
#include <sstream>

namespace weir {
namespace {

struct store_commands : testing::Test {
  test::temp_dir folder;
  std::ostringstream out, err;

  int weir(std::vector<std::string> words) {
    out.str("");
    err.str("");
    return cli::run(std::move(words), out, err);
  }
  json::value said() { return *json::parse(out.str()); }
  /// Changes a byte of the largest loose block.
  void damage() {
    std::filesystem::path largest;
    for (auto& e : std::filesystem::recursive_directory_iterator{folder.path() / "blocks"})
      if (e.path().extension() == ".data" && (largest.empty() || e.file_size() > std::filesystem::file_size(largest)))
        largest = e.path();
    std::fstream io{largest, std::ios::in | std::ios::out | std::ios::binary};
    io.seekp(100);
    io.put('\x7f');
  }
};

TEST_F(store_commands, pins_keep_what_is_removed) {
  test::running_node node{folder.path()};
  auto api = node.url("api");
  auto c = node.add("one", {{"a", std::string(5000, 'a')}, {"b", "bbb"}});
  ASSERT_EQ(weir({"pin", "add", c["cid"].text, "--name", "mine", "--json", "--api", api}), 0) << err.str();
  EXPECT_EQ(said()["mode"].text, "recursive");
  EXPECT_EQ(said()["blocks"].u64(), 3u);
  ASSERT_EQ(node.call("DELETE", "/api/v1/contents/" + c["id"].text).status, 200);
  ASSERT_EQ(weir({"store", "gc", "--json", "--api", api}), 0) << err.str();
  EXPECT_EQ(said()["blocks"].u64(), 0u);
  ASSERT_EQ(weir({"store", "stat", "--json", "--api", api}), 0) << err.str();
  EXPECT_EQ(said()["packed"]["blocks"].u64(), 3u) << "small ones share a pack";
  ASSERT_EQ(weir({"pin", "ls", "--api", api}), 0) << err.str();
  EXPECT_NE(out.str().find("mine"), std::string::npos) << out.str();
  ASSERT_EQ(weir({"pin", "rm", c["cid"].text, "--api", api}), 0) << err.str();
  ASSERT_EQ(weir({"store", "gc", "--json", "--api", api}), 0) << err.str();
  ASSERT_EQ(weir({"store", "stat", "--json", "--api", api}), 0) << err.str();
  EXPECT_EQ(said()["packed"]["blocks"].u64(), 0u);
  EXPECT_EQ(weir({"pin", "rm", c["cid"].text, "--api", api}), 1);
  EXPECT_EQ(node.post("/pins", R"({"cid":"nonsense"})").status, 400);
}

TEST_F(store_commands, pins_are_their_owners) {
  test::running_node node{folder.path()};
  auto c = node.add("one", {{"", "some bytes"}});
  auto token = node.post("/tokens", R"({"name":"alice"})").json["token"].text;
  http::headers alice{{"Authorization", "Bearer " + token}};
  ASSERT_EQ(node.post("/pins", R"({"cid":")" + c["cid"].text + R"("})").status, 201);
  EXPECT_EQ(node.call("GET", "/api/v1/pins", "", alice).json["items"].items.size(), 0u);
  EXPECT_EQ(node.call("DELETE", "/api/v1/pins/" + c["cid"].text, "", alice).status, 404);
  EXPECT_EQ(node.call("GET", "/api/v1/store", "", alice).status, 403);
  EXPECT_EQ(node.get("/pins").json["items"].items.size(), 1u);
}

TEST_F(store_commands, a_stopped_node_is_checked_on_its_folder) {
  std::string cid;
  {
    test::running_node node{folder.path()};
    cid = node.add("checked", {{"", std::string(100'000, 'x')}})["cid"].text;
    EXPECT_EQ(weir({"store", "check", "--data", folder.path()}), 1) << "it runs";
    EXPECT_NE(err.str().find("another node uses"), std::string::npos) << err.str();
    ASSERT_EQ(weir({"store", "check", "--json", "--api", node.url("api")}), 0) << err.str();
    EXPECT_TRUE(said()["whole"].boolean());
    node.node->stop();
  }
  ASSERT_EQ(weir({"store", "check", "--data", folder.path(), "--json"}), 0) << err.str();
  EXPECT_EQ(said()["blocks"].u64(), 1u);
  damage();
  EXPECT_EQ(weir({"store", "check", "--data", folder.path(), "--json"}), 1) << err.str();
  EXPECT_EQ(said()["damaged"].items.size(), 1u);
  ASSERT_EQ(said()["missing"].items.size(), 1u);
  EXPECT_EQ(said()["missing"].items[0]["cid"].text, cid);
  EXPECT_EQ(said()["missing"].items[0]["name"].text, "checked");
  EXPECT_EQ(weir({"store", "check", "--data", folder.path(), "--repair"}), 1) << "nobody here has it";
  EXPECT_NE(out.str().find("missing  " + cid), std::string::npos) << out.str();
  ASSERT_EQ(weir({"store", "stat", "--data", folder.path(), "--json"}), 0);
  EXPECT_EQ(said()["quarantined"].u64(), 1u);
  EXPECT_EQ(weir({"store", "stat", "--data", folder.path() / "nowhere"}), 1);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "nowhere"));
}

TEST_F(store_commands, damage_is_an_event) {
  test::running_node node{folder.path()};
  auto c = node.add("broken", {{"", std::string(100'000, 'x')}});
  damage();
  ASSERT_EQ(weir({"store", "check", "--json", "--api", node.url("api")}), 1);
  std::string found;
  ASSERT_EQ(
      weir({"watch", "--kind", "store.damaged", "--from", "0", "--count", "1", "--json", "--api", node.url("api")}), 0)
      << err.str();
  auto e = said()["events"].items.at(0);
  EXPECT_EQ(e["subject"].text.substr(0, 4), "bafk");
  EXPECT_EQ(e["fields"]["content"].text, c["id"].text);
}

} // namespace
} // namespace weir
