// The DAG of a content at a running node: out as a CAR, counted, shown, and in.
#include "node/cli/context.hpp"
#include "tests/node/runtime/node_fixture.hpp"

#include <fstream>
#include <sstream>

namespace weir {
namespace {

struct dags : testing::Test {
  dags() {
    c = node.add("tree", {{"a/big", std::string(2'500'000, 'b')}, {"a/other", "other"}, {"c", "c"}});
    root = c["cid"].text;
  }
  int weir(std::vector<std::string> words) {
    out.str("");
    err.str("");
    words.insert(words.end(), {"--api", node.url("api")});
    return cli::run(std::move(words), out, err);
  }
  std::string path(const std::string& name) const { return (files / name).string(); }

  test::temp_dir folder, files;
  test::running_node node{folder.path()};
  json::value c;
  std::string root;
  std::ostringstream out, err;
};

TEST_F(dags, a_content_goes_out_as_a_car_and_comes_in_again) {
  ASSERT_EQ(weir({"dag", "export", root, "-o", path("t.car"), "--json"}), 0) << err.str();
  auto said = *json::parse(out.str());
  EXPECT_EQ(said["blocks"].string(), c["blocks"].string());
  EXPECT_EQ(weir({"car", "verify", path("t.car")}), 0) << err.str();
  EXPECT_EQ(weir({"dag", "export", root, "-o", path("t.car")}), 1) << "a file is there";
  test::temp_dir elsewhere;
  test::running_node other{elsewhere.path()};
  std::ostringstream answer, problem;
  ASSERT_EQ(cli::run({"dag", "import", path("t.car"), "--json", "--api", other.url("api")}, answer, problem), 0)
      << problem.str();
  auto taken = *json::parse(answer.str());
  EXPECT_EQ(taken["cid"].text, root);
  EXPECT_EQ(taken["name"].text, "t");
  for (auto name : {"size", "dagSize", "blocks", "files"})
    EXPECT_EQ(taken[name].string(), c[name].string()) << name;
  auto data = "/api/v1/contents/" + taken["id"].text + "/data/";
  EXPECT_EQ(other.call("GET", data + "a/other").body, "other");
  EXPECT_EQ(other.call("GET", data + "a/big").body, std::string(2'500'000, 'b'));
}

TEST_F(dags, a_part_is_counted_and_shown) {
  ASSERT_EQ(weir({"dag", "stat", root + "/a/big", "--json"}), 0) << err.str();
  auto counted = *json::parse(out.str());
  EXPECT_EQ(counted["blocks"].u64(), 3u) << "two equal leaves, another, and their node";
  EXPECT_EQ(counted["size"].u64(), 2'500'000u);
  ASSERT_EQ(weir({"dag", "get", root}), 0) << err.str();
  auto shown = *json::parse(out.str());
  ASSERT_EQ(shown["Links"].items.size(), 2u);
  EXPECT_EQ(shown["Links"].items[0]["Name"].text, "a");
  ASSERT_EQ(weir({"dag", "get", root + "/c", "--raw"}), 0) << err.str();
  EXPECT_EQ(out.str(), "c");
  EXPECT_EQ(weir({"dag", "get", root + "/none"}), 1);
}

TEST_F(dags, garbage_does_not_come_in) {
  ASSERT_EQ(weir({"dag", "export", root, "-o", path("t.car")}), 0) << err.str();
  std::ifstream file{path("t.car"), std::ios::binary};
  std::string good{std::istreambuf_iterator<char>{file}, {}};
  auto flipped = good;
  flipped[good.size() / 2] ^= 1;
  for (const auto& bad : {flipped, good.substr(0, good.size() / 2), std::string(5000, 'x'), std::string{}}) {
    std::ofstream{path("bad.car"), std::ios::binary} << bad;
    EXPECT_EQ(weir({"dag", "import", path("bad.car")}), 1);
  }
  EXPECT_EQ(node.get("/contents").json["items"].items.size(), 1u);
  auto upload = node.post("/uploads", R"({"name":"again"})").json["id"].text;
  EXPECT_EQ(node.call("PUT", "/api/v1/uploads/" + upload + "/car", flipped).json["code"].text, "corrupt");
  EXPECT_EQ(node.call("PUT", "/api/v1/uploads/" + upload + "/car", good).status, 201) << "another try";
  EXPECT_EQ(node.post("/uploads/" + upload + "/commit").json["cid"].text, root);
}

TEST_F(dags, somebody_elses_dag_does_not_exist) {
  auto token = node.post("/tokens", R"({"name":"alice"})").json["token"].text;
  http::headers alice{{"Authorization", "Bearer " + token}};
  for (auto what : {"/car", "/dag"})
    EXPECT_EQ(node.call("GET", "/api/v1/contents/" + c["id"].text + what, "", alice).status, 404) << what;
  EXPECT_EQ(node.get("/contents/" + c["id"].text + "/car?scope=half").status, 400);
}

} // namespace
} // namespace weir
