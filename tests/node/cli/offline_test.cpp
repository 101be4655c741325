// `weir offline`: a manifest says what CARs are, and finds what was changed.
#include "node/cli/tools/manifest.hpp"
#include "node/json/value.hpp"
#include "storage/pieces/piece_cid.hpp"
#include "tests/node/cli/typed.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>

#include <gtest/gtest.h>

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

// "hello world" as `ipfs add` stores it, and the CAR of it.
constexpr auto root = "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e";
constexpr auto piece = "baga6ea4seaqd26hbub2fkcmqzscsc3x5fn5y25b2v5qccqkdvyxz5ag2kvqmmdy";

struct offline : testing::Test {
  offline() {
    std::ofstream{path("hello")} << "hello world";
    std::ofstream{path("other")} << std::string(5000, 'o');
    fs::create_directories(folder / "cars/more");
    make("hello", "cars/b.car");
    make("other", "cars/more/a, \"quoted\".car");
  }
  void make(const std::string& from, const std::string& to) {
    auto made = typed({"offline", "car", path(from), "-o", path(to)});
    EXPECT_EQ(made.status, 0) << made.err;
  }
  std::string path(const std::string& name) const { return (folder / name).string(); }
  std::string manifest(const std::string& name, std::vector<std::string> more = {}) {
    std::vector<std::string> words{"offline", "manifest", path("cars"), "-o", path(name)};
    words.insert(words.end(), more.begin(), more.end());
    auto made = typed(words);
    EXPECT_EQ(made.status, 0) << made.err;
    return path(name);
  }
  std::string text_in(const std::string& name) const {
    std::ifstream file{path(name)};
    return {std::istreambuf_iterator<char>{file}, {}};
  }
  void write(const std::string& name, const std::string& text) { std::ofstream{path(name)} << text; }
  test::temp_dir folder;
};

TEST_F(offline, a_manifest_in_csv_has_what_a_deal_needs) {
  auto said = typed({"offline", "manifest", path("cars")});
  ASSERT_EQ(said.status, 0) << said.err;
  auto row = std::string{root} + ",b.car," + piece + ",107,128\n";
  EXPECT_TRUE(said.out.starts_with("payload_cid,filename,piece_cid,payload_size,piece_size\n" + row)) << said.out;
  EXPECT_NE(said.out.find("\"more/a, \"\"quoted\"\".car\""), std::string::npos) << said.out;
  EXPECT_EQ(typed({"offline", "manifest", path("cars"), "-o", path("m.csv")}).status, 0);
  EXPECT_EQ(text_in("m.csv"), said.out);
}

TEST_F(offline, a_manifest_in_json_has_the_same) {
  auto said = typed({"offline", "manifest", path("cars"), "--json"});
  ASSERT_EQ(said.status, 0) << said.err;
  auto first = json::parse(said.out.substr(0, said.out.find('\n')));
  ASSERT_TRUE(first) << said.out;
  EXPECT_EQ((*first)["file"].text, "b.car");
  EXPECT_EQ((*first)["payloadCid"].text, root);
  EXPECT_EQ((*first)["pieceCid"].text, piece);
  EXPECT_EQ((*first)["carSize"].u64(), 107u);
  EXPECT_EQ((*first)["pieceSize"].u64(), 128u);
  manifest("m.jsonl");
  EXPECT_EQ(text_in("m.jsonl"), said.out);
}

TEST_F(offline, what_is_as_it_was_is_good) {
  for (auto name : {"cars/m.csv", "cars/m.jsonl"}) {
    auto said = typed({"offline", "verify", manifest(name)});
    EXPECT_EQ(said.status, 0) << said.out << said.err;
    EXPECT_EQ(said.out, "2 of 2 CARs are what the manifest says.\n");
  }
  EXPECT_EQ(typed({"offline", "verify", manifest("elsewhere.csv"), path("cars")}).status, 0);
  auto large = manifest("large.csv", {"--piece-size", "1MiB"});
  EXPECT_NE(text_in("large.csv").find(",1048576\n"), std::string::npos);
  EXPECT_EQ(typed({"offline", "verify", large, path("cars")}).status, 0);
}

TEST_F(offline, every_mismatch_is_named) {
  auto file = manifest("cars/m.csv");
  std::fstream{path("cars/b.car"), std::ios::in | std::ios::out}.seekp(100).put('X');
  fs::remove(path("cars/more/a, \"quoted\".car"));
  auto said = typed({"offline", "verify", file});
  EXPECT_EQ(said.status, 1);
  EXPECT_NE(said.out.find("b.car: piece CID is "), std::string::npos) << said.out;
  EXPECT_NE(said.out.find(", wanted " + std::string{piece}), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("b.car: blocks is "), std::string::npos) << said.out;
  EXPECT_EQ(said.out.find("b.car: root"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find(".car: file is "), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("0 of 2 CARs"), std::string::npos) << said.out;
  auto object = json::parse([&] {
    auto all = typed({"offline", "verify", file, "--json"}).out;
    return all.substr(0, all.find('\n'));
  }());
  ASSERT_TRUE(object);
  EXPECT_FALSE((*object)["good"].boolean());
  EXPECT_EQ((*object)["mismatches"].items.size(), 2u);
}

TEST_F(offline, another_car_of_the_same_name_has_other_size_root_and_piece) {
  auto file = manifest("cars/m.csv");
  fs::remove(path("cars/b.car"));
  make("other", "cars/b.car");
  auto said = typed({"offline", "verify", file});
  EXPECT_EQ(said.status, 1);
  for (auto what : {"size", "root", "piece CID", "piece size"})
    EXPECT_NE(said.out.find(std::string{"b.car: "} + what + " is "), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("1 of 2 CARs"), std::string::npos) << said.out;
}

TEST_F(offline, a_manifest_of_others_is_read_by_its_header) {
  write("m.csv", std::string{"piece_size,detail,piece_cid,filename,payload_cid,payload_size\r\n"}
                     + "128,\"{\"\"Name\"\":\"\"\"\",\"\"Link\"\":[]}\"," + piece + ",b.car," + root + ",107\r\n");
  auto said = typed({"offline", "verify", path("m.csv"), path("cars")});
  EXPECT_EQ(said.status, 0) << said.out << said.err;
}

TEST_F(offline, what_is_no_manifest_is_refused_with_the_line) {
  const std::string head = "payload_cid,filename,piece_cid,payload_size,piece_size\n";
  const std::string good = std::string{root} + ",b.car," + piece + ",107,128\n";
  struct row {
    std::string text, says;
  };
  for (const auto& [text, says] : {
           row{"", "no CAR"},
           row{head, "no CAR"},
           row{good, "Line 1"},
           row{"payload_cid,filename\n", "piece_cid"},
           row{head + good + "a,b\n", "Line 3"},
           row{head + std::string{root} + ",," + piece + ",107,128\n", "A file has a name."},
           row{head + "x,b.car," + piece + ",107,128\n", "Line 2"},
           row{head + std::string{root} + ",b.car," + root + ",107,128\n", "Line 2"},
           row{head + std::string{root} + ",b.car," + piece + ",-1,256\n", "number of bytes"},
           row{head + std::string{root} + ",b.car," + piece + ",107,300\n", "power of two"},
           row{head + std::string{root} + ",\"b.car," + piece + ",107,128\n", "not closed"},
           row{head + std::string{root} + ",b\"x\".car," + piece + ",107,128\n", "middle"},
           row{"{\"file\":\"b.car\"}\n", "Line 1"},
           row{"{\"file\"\n", "Line 1"},
       }) {
    write("m.csv", text);
    auto said = typed({"offline", "verify", path("m.csv"), path("cars")});
    EXPECT_EQ(said.status, 1) << text;
    EXPECT_NE(said.err.find(says), std::string::npos) << text << said.err;
  }
}

TEST_F(offline, what_is_no_car_gets_into_no_manifest) {
  write("cars/z.car", "no CAR at all");
  auto said = typed({"offline", "manifest", path("cars"), "-o", path("m.csv")});
  EXPECT_EQ(said.status, 1);
  EXPECT_NE(said.err.find("z.car: "), std::string::npos) << said.err;
  EXPECT_FALSE(fs::exists(path("m.csv")));
  fs::create_directory(folder / "empty");
  EXPECT_EQ(typed({"offline", "manifest", path("empty")}).status, 1);
  EXPECT_EQ(typed({"offline", "manifest", path("none.car")}).status, 1);
  EXPECT_EQ(typed({"offline", "manifest"}).status, 2);
  EXPECT_EQ(typed({"offline", "manifest", path("cars/b.car"), "--piece-size", "300"}).status, 2);
  EXPECT_EQ(typed({"offline", "manifest", path("cars/b.car"), "--format", "xml"}).status, 2);
}

TEST_F(offline, the_rest_are_the_commands_that_there_are) {
  auto commp = typed({"offline", "commp", path("cars/b.car"), "--json"});
  EXPECT_EQ(commp.out, typed({"commp", path("cars/b.car"), "--json"}).out);
  auto made = typed({"offline", "aggregate", path("cars/b.car"), path("other"), "-o", path("p.piece"), "--json"});
  ASSERT_EQ(made.status, 0) << made.err;
  write("proofs", typed({"piece", "prove", path("p.piece")}).out);
  EXPECT_EQ(typed({"piece", "verify", path("proofs"), "--piece", (*json::parse(made.out))["pieceCid"].text}).status, 0);
}

} // namespace
} // namespace weir::cli
