#include "tests/adapters/hot/fake_cluster.hpp"
#include "tests/adapters/hot/fake_kubo.hpp"

using namespace weir;

namespace {

struct cluster_layer : test::hot_fixture {
  void start(bool with_node = true, bool with_bucket = false) {
    cluster.serve(routes);
    kubo.serve(routes);
    s3.serve(routes);
    begin();
    layer_at([&] {
      hot::cluster_backend_options looks;
      looks.first_look = looks.slowest_look = loop::milliseconds{1};
      looks.replication_min = 2;
      looks.replication_max = 3;
      auto node = std::make_shared<hot::kubo_client>(*client, hot::kubo_options{.url = base});
      auto there =
          hot::make_cluster(later, std::make_shared<hot::cluster_client>(*client, hot::cluster_options{.url = base}),
                            with_node ? node : nullptr, looks);
      if (!with_bucket)
        return there;
      hot::s3_options how;
      how.url = base;
      how.bucket = "bucket";
      how.who = {"key", "secret", ""};
      how.again = {loop::milliseconds{1}, loop::milliseconds{5}, 4};
      how.part_size = 1 << 20;
      bucket = std::make_shared<hot::s3_client>(later, *client, how);
      return hot::make_cluster_s3(there, bucket);
    });
  }
  ~cluster_layer() override { bucket.reset(); }
  template <class F>
  void change(F what) {
    loop.run(what);
  }
  test::fake_cluster cluster;
  test::fake_kubo kubo;
  test::fake_s3 s3;
  std::shared_ptr<hot::s3_client> bucket;
};

} // namespace

TEST_F(cluster_layer, waits_until_enough_peers_have_it) {
  start();
  auto id = make_file(3'000'000);
  auto info = add(id);
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_EQ(info->layer, "cluster");
  EXPECT_NE(cluster.options.find("replication-min=2&replication-max=3"), std::string::npos) << cluster.options;
  EXPECT_GE(cluster.pins.at(id.text()), 3); // it was looked at until they had
  auto other = make_file(1000, 9);
  EXPECT_EQ(pin(other)->size, 4711u);
  EXPECT_TRUE(remove(id));
  EXPECT_FALSE(cluster.pins.contains(id.text()));
  EXPECT_TRUE(cluster.pins.contains(other.text()));
}

TEST_F(cluster_layer, a_partition_ends_with_the_time_and_names_the_peers) {
  start();
  cluster.states = {"pinned", "cluster_error", "cluster_error"};
  auto got = pin(make_file(1000), "a", 1);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, errc::unreachable);
  EXPECT_NE(got.error().message.find("n1: cluster_error"), std::string::npos) << got.error().message;
  EXPECT_TRUE(cluster.pins.empty()); // nothing is left behind
}

TEST_F(cluster_layer, peers_that_cannot_are_told_at_once) {
  start();
  cluster.states = {"pinned", "pin_error", "remote"};
  auto got = pin(make_file(1000));
  EXPECT_EQ(got.error().code, errc::unreachable);
  EXPECT_EQ(got.error().value, "1");
  EXPECT_EQ(got.error().limit, "2");
  cluster.refuse_add = true;
  auto added = add(make_file(1000, 2));
  EXPECT_NE(added.error().message.find("not enough peers"), std::string::npos) << added.error().message;
}

TEST_F(cluster_layer, without_a_node_it_gives_nothing_out) {
  start(false);
  auto id = make_file(1000);
  ASSERT_TRUE(add(id));
  EXPECT_TRUE(check(id)->enabled);
  EXPECT_EQ(read(id).error().code, errc::unsupported);
  change([&] { cluster.states = {"pinned", "unexpectedly_unpinned", "remote"}; });
  EXPECT_FALSE(check(id)->enabled);
}

TEST_F(cluster_layer, with_a_bucket_each_dag_is_an_object_too) {
  start(true, true);
  auto small = make_file(1000), large = make_file(5'000'000, 2);
  for (const auto& id : {small, large}) {
    auto info = add(id);
    ASSERT_TRUE(info) << to_string(info.error());
    EXPECT_EQ(info->layer, "cluster-s3");
    auto car = test::car_of(blocks, id);
    EXPECT_TRUE(s3.objects.at(id.text() + ".car") == as_text(car));
    EXPECT_TRUE(check(id)->enabled);
    EXPECT_TRUE(test::same(read(id), car));
  }
  EXPECT_TRUE(s3.uploads.empty());
  EXPECT_TRUE(remove(small));
  EXPECT_FALSE(s3.objects.contains(small.text() + ".car"));
  EXPECT_FALSE(cluster.pins.contains(small.text()));
  std::promise<std::size_t> listed;
  loop.run([&] { bucket->list("", "", [&](const auto& got) { listed.set_value(got ? got->objects.size() : 99); }); });
  EXPECT_EQ(listed.get_future().get(), 1u);
}

TEST_F(cluster_layer, a_bucket_that_says_503_or_cuts_bodies_off_is_asked_again) {
  start(true, true);
  auto id = make_file(5'000'000);
  change([&] { s3.busy = 3; });
  ASSERT_TRUE(add(id));
  change([&] {
    s3.busy = 3;
    s3.short_ = 2;
  });
  EXPECT_TRUE(test::same(read(id), test::car_of(blocks, id)));
  change([&] { s3.short_ = 1000; });
  EXPECT_EQ(check(id).error().code, errc::unreachable);
  change([&] {
    s3.short_ = 0;
    s3.busy = 1000;
  });
  EXPECT_EQ(add(make_file(10, 7)).error().code, errc::overloaded);
}

TEST_F(cluster_layer, what_the_bucket_has_wrong_is_not_there) {
  start(true, true);
  auto id = make_file(3'000'000);
  ASSERT_TRUE(add(id));
  change([&] { s3.objects[id.text() + ".car"][2'000'000] ^= 1; });
  EXPECT_FALSE(check(id)->enabled);
  EXPECT_EQ(read(id).error().code, errc::corrupt);
  change([&] { s3.objects.clear(); });
  EXPECT_FALSE(check(id)->enabled);
  ASSERT_TRUE(add(id));
  EXPECT_TRUE(check(id)->enabled);
}

TEST_F(cluster_layer, what_the_cluster_finds_goes_into_the_bucket_and_is_read_from_there) {
  start(true, true);
  auto id = make_file(3'000'000);
  auto car = test::car_of(blocks, id);
  car_parser parser{[&](const cid& c, bytes_view b, const car_position&) { return kubo.blocks.put(c, b); }};
  ASSERT_TRUE(parser.feed(car));
  auto info = pin(id);
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_GT(info->size, 3'000'000u);
  EXPECT_TRUE(s3.objects.at(id.text() + ".car") == as_text(car));
  change([&] { s3.objects.clear(); });
  EXPECT_TRUE(test::same(read(id), car)); // from the cluster
  kubo.flip_export = true;
  EXPECT_EQ(pin(id, "b").error().code, errc::corrupt);
  EXPECT_TRUE(s3.objects.empty());
}
