#include "node/runtime/hot_layers.hpp"

#include "node/runtime/ask.hpp"
#include "tests/support/temp_dir.hpp"

#include <caf/actor_system_config.hpp>
#include <fstream>
#include <gtest/gtest.h>

using namespace weir;

namespace {

struct hot_layers_of_a_node : testing::Test {
  hot_layers_of_a_node() {
    auto opened = records::record_store::open(dir / "records");
    EXPECT_TRUE(opened);
    records = std::move(*opened);
    std::ofstream{dir / "who"} << "joe:very-secret\n";
    std::ofstream{dir / "torn"} << "very-secret\n";
  }
  hot_layer_options layer(const std::string& kind) const {
    hot_layer_options o;
    o.kind = kind;
    o.url = o.ipfs = o.s3_url = "http://localhost:1"; // nobody is there
    o.credentials_file = o.s3_credentials_file = dir / "who";
    o.s3_bucket = "b";
    return o;
  }
  test::temp_dir dir;
  std::shared_ptr<records::record_store> records;
  caf::actor_system_config config;
  caf::actor_system system{config};
};

} // namespace

TEST_F(hot_layers_of_a_node, each_is_there_though_nobody_answers_yet) {
  auto opened =
      hot_layers::open(system, {{"a", layer("ipfs")}, {"b", layer("cluster")}, {"c", layer("cluster-s3")}}, records);
  ASSERT_TRUE(opened) << to_string(opened.error());
  auto id = *cid::parse("bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e");
  for (auto [name, kind] : {std::pair{"a", "ipfs"}, {"b", "cluster"}, {"c", "cluster-s3"}}) {
    auto has = ask_and_wait<ffs::hot_info>(system, std::chrono::seconds{10}, (*opened)->all().at(name),
                                           ffs::hot_check{instance_id{"i"}, id});
    ASSERT_TRUE(has) << to_string(has.error());
    EXPECT_FALSE(has->enabled);
    EXPECT_EQ(has->layer, kind);
  }
  (*opened)->stop();
}

TEST_F(hot_layers_of_a_node, credentials_that_cannot_be_read_are_named_and_not_shown) {
  for (const char* file : {"none", "torn"}) {
    auto o = layer("ipfs");
    o.credentials_file = dir / file;
    auto opened = hot_layers::open(system, {{"fast", o}}, records);
    ASSERT_FALSE(opened);
    EXPECT_NE(opened.error().message.find("'fast'"), std::string::npos);
    EXPECT_EQ(opened.error().value, o.credentials_file);
    EXPECT_EQ(to_string(opened.error()).find("very-secret"), std::string::npos);
  }
}
