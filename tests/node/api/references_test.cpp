// Which files may be referred to, and by whom.
#include "node/api/reference_paths.hpp"
#include "tests/node/runtime/node_fixture.hpp"

#include <fstream>

#include <sys/stat.h>

namespace weir {
namespace {

namespace fs = std::filesystem;

struct reference_paths : testing::Test {
  test::temp_dir dir;
  fs::path folder = fs::canonical(dir.path());
  fs::path root = folder / "allowed", other = folder / "allowed-not", file = root / "deep" / "data.bin";
  std::string roots = other.string() + "-either:" + root.string();

  reference_paths() {
    fs::create_directories(file.parent_path());
    fs::create_directories(other);
    std::ofstream{file} << "the bytes of a user";
    std::ofstream{other / "secret"} << "secret";
  }
  errc refused(const fs::path& path) const {
    auto got = api::allowed_reference(roots, path.string());
    return got ? errc::none : got.error().code;
  }
};

TEST_F(reference_paths, are_below_a_folder_that_the_operator_named) {
  EXPECT_EQ(*api::allowed_reference(roots, file.string()), file.string());
  EXPECT_EQ(*api::allowed_reference(roots, (root / "deep" / "." / "data.bin").string()), file.string());
  EXPECT_EQ(*api::allowed_reference("/", file.string()), file.string());
  EXPECT_EQ(refused(other / "secret"), errc::forbidden) << "a name that only begins as the root's";
  EXPECT_EQ(refused(root / ".." / "allowed-not" / "secret"), errc::forbidden);
  EXPECT_EQ(refused(root / ".."), errc::forbidden);
  auto none = api::allowed_reference("", file.string());
  EXPECT_EQ(none.error().code, errc::forbidden);
  EXPECT_NE(none.error().message.find("--reference-root"), std::string::npos);
}

TEST_F(reference_paths, are_whole_and_name_regular_files) {
  EXPECT_EQ(refused("data.bin"), errc::invalid_argument);
  EXPECT_EQ(refused(""), errc::invalid_argument);
  EXPECT_EQ(refused(file.string() + std::string(1, '\0')), errc::invalid_argument);
  EXPECT_EQ(refused(root / "deep" / "nothing"), errc::not_found);
  EXPECT_EQ(refused(root / "nowhere" / "x"), errc::not_found);
  EXPECT_EQ(refused(file / "x"), errc::not_found);
  EXPECT_EQ(refused(root / "deep"), errc::invalid_argument);
  ASSERT_EQ(::mkfifo((root / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(refused(root / "pipe"), errc::invalid_argument);
}

TEST_F(reference_paths, do_not_lead_out_by_links) {
  fs::create_symlink(other / "secret", root / "link");
  fs::create_symlink(file, root / "inside");
  fs::create_directory_symlink(other, root / "way");
  fs::create_directory_symlink(file.parent_path(), other / "in");
  EXPECT_EQ(refused(root / "link"), errc::invalid_argument);
  EXPECT_EQ(refused(root / "inside"), errc::invalid_argument);
  EXPECT_EQ(refused(root / "way" / "secret"), errc::forbidden);
  EXPECT_EQ(*api::allowed_reference(roots, (other / "in" / "data.bin").string()), file.string())
      << "its own name is below a root";
}

struct reference_requests : reference_paths {
  test::running_node node{folder / "node", false, root.string()};
  std::string upload = node.post("/uploads", R"({"name":"data"})").json["id"].text;

  std::string body(const fs::path& path, const std::string& more = {}) const {
    return R"({"path":"x","file":")" + path.string() + "\"" + more + "}";
  }
  test::answer refer(const std::string& text) { return node.post("/uploads/" + upload + "/references", text); }
};

TEST_F(reference_requests, make_a_content_of_a_file_that_stays) {
  auto made = refer(body(file, R"(,"size":19)"));
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.json["size"].u64(), 19u);
  auto c = node.post("/uploads/" + upload + "/commit");
  ASSERT_EQ(c.status, 201) << c.body;
  auto data = "/api/v1/contents/" + c.json["id"].text + "/data/x";
  EXPECT_EQ(node.call("GET", data).body, "the bytes of a user");
  EXPECT_EQ(node.get("/store").json["packs"]["references"].u64(), 1u);
  std::ofstream{file} << "the bytes of a loser";
  auto changed = node.call("GET", data);
  EXPECT_GE(changed.status, 500);
  EXPECT_NE(changed.body.find(file.string()), std::string::npos) << changed.body;
}

TEST_F(reference_requests, that_are_wrong_say_what) {
  auto larger = refer(body(file, R"(,"size":20)"));
  EXPECT_EQ(larger.json["code"].text, "changed");
  EXPECT_EQ(refer(body(other / "secret")).json["code"].text, "forbidden");
  EXPECT_EQ(refer(body("data.bin")).json["code"].text, "invalid-argument");
  EXPECT_EQ(refer(R"({"more":0})").json["code"].text, "invalid-argument");
  EXPECT_EQ(refer(R"({"more":7})").json["code"].text, "not-found");
  EXPECT_EQ(refer("{}").json["code"].text, "invalid-argument");
  auto token = node.post("/tokens", R"({"name":"plain"})").json["token"].text;
  auto plain = node.call("POST", "/api/v1/uploads/" + upload + "/references", body(file),
                         {{"Authorization", "Bearer " + token}});
  EXPECT_EQ(plain.status, 403) << "only the operator names paths";
}

} // namespace
} // namespace weir
