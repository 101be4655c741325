// The commands that need no node, as a person types them.
#include "node/json/value.hpp"
#include "tests/node/cli/typed.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>

#include <gtest/gtest.h>

namespace weir::cli {
namespace {

struct tools : testing::Test {
  tools() { std::ofstream{path("hello")} << "hello world"; }
  std::string path(const std::string& name) const { return (folder / name).string(); }
  test::temp_dir folder;
};

TEST_F(tools, cid_is_what_ipfs_add_says) {
  auto first_word = [&](std::vector<std::string> options) {
    options.insert(options.begin(), {"cid", path("hello")});
    auto said = typed(options);
    EXPECT_EQ(said.status, 0) << said.err;
    return said.out.substr(0, said.out.find(' '));
  };
  EXPECT_EQ(first_word({}), "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e");
  EXPECT_EQ(first_word({"--profile=unixfs-v0-2015"}), "Qmf412jQZiuVUtdgnB36FXFX7xg5V6KEbSJ4dpQuhkLyfD");
  EXPECT_EQ(first_word({"--cid-version", "0"}), "Qmf412jQZiuVUtdgnB36FXFX7xg5V6KEbSJ4dpQuhkLyfD");
}

TEST_F(tools, options_that_cannot_be_are_usage_errors) {
  EXPECT_EQ(typed({"cid", path("hello"), "--chunker=size-0"}).status, 2);
  EXPECT_EQ(typed({"cid", path("hello"), "--hash=md5"}).status, 2);
  EXPECT_EQ(typed({"cid", path("hello"), "--preserve-mode", "--raw-leaves=true"}).status, 2);
  EXPECT_EQ(typed({"car", "create", path("hello")}).status, 2);
  EXPECT_NE(typed({"cid", path("none")}).status, 0);
}

TEST_F(tools, a_car_and_its_piece) {
  auto made = typed({"car", "create", path("hello"), "-o", path("x.car"), "--json"});
  ASSERT_EQ(made.status, 0) << made.err;
  auto said = *json::parse(made.out);
  EXPECT_EQ(said["size"].u64(), 107u);
  EXPECT_EQ(said["pieceCid"].text, "baga6ea4seaqd26hbub2fkcmqzscsc3x5fn5y25b2v5qccqkdvyxz5ag2kvqmmdy");
  EXPECT_EQ((*json::parse(typed({"commp", path("x.car"), "--json"}).out))["pieceCid"].text, said["pieceCid"].text);
  EXPECT_EQ(typed({"car", "verify", path("x.car")}).status, 0);
  std::fstream{path("x.car"), std::ios::in | std::ios::out}.seekp(100).put('X');
  EXPECT_NE(typed({"car", "verify", path("x.car")}).status, 0);
}

TEST_F(tools, proofs_hold_for_their_piece_only) {
  std::ofstream{path("other")} << std::string(1000, 'x');
  auto made = typed({"piece", "aggregate", path("hello"), path("other"), "-o", path("p.piece"), "--json"});
  ASSERT_EQ(made.status, 0) << made.err;
  auto piece = (*json::parse(made.out))["pieceCid"].text;
  auto proofs = typed({"piece", "prove", path("p.piece")});
  ASSERT_EQ(proofs.status, 0) << proofs.err;
  std::ofstream{path("proofs")} << proofs.out;
  EXPECT_EQ(typed({"piece", "verify", path("proofs"), "--piece", piece}).status, 0);
  auto other = "baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq";
  EXPECT_NE(typed({"piece", "verify", path("proofs"), "--piece", other}).status, 0);
  auto tampered = proofs.out;
  auto at = tampered.find("\"path\":[\"") + 9;
  tampered[at] = tampered[at] == '0' ? '1' : '0';
  std::ofstream{path("proofs")} << tampered;
  EXPECT_NE(typed({"piece", "verify", path("proofs"), "--piece", piece}).status, 0);
  EXPECT_NE(typed({"piece", "prove", path("hello")}).status, 0) << "not an aggregate";
}

} // namespace
} // namespace weir::cli
