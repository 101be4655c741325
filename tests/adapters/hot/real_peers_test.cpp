// The hot layers against real peers, started by tests/interop/hot_test.py, which
// says where they are; skipped without it.
#include "tests/adapters/hot/hot_fixture.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <thread>

using namespace weir;
using namespace std::chrono_literals;

namespace {

std::string env(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

struct real_peers : test::hot_fixture {
  void SetUp() override {
    if (env("WEIR_TEST_KUBO").empty())
      GTEST_SKIP() << "no peers: run ./dev test interop";
    begin();
    loop.run([&] { later = std::make_shared<hot::delays>(loop); });
    node = std::make_shared<hot::kubo_client>(*client, hot::kubo_options{.url = env("WEIR_TEST_KUBO")});
    reader = std::make_shared<hot::kubo_client>(*client, hot::kubo_options{.url = env("WEIR_TEST_PROXY")});
    hot::cluster_options c;
    c.url = env("WEIR_TEST_CLUSTER");
    c.who = {"joe", "secret", ""};
    cluster = std::make_shared<hot::cluster_client>(*client, c);
    s3.url = env("WEIR_TEST_S3");
    s3.bucket = "weir-hot";
    s3.prefix = "a b+c/"; // must be coded right
    s3.who = {"minio-user", "minio-secret", ""};
    s3.part_size = 5 << 20;
    bucket = std::make_shared<hot::s3_client>(later, *client, s3);
    options.again = {100ms, 2s, 20};
  }
  ~real_peers() override {
    if (!node)
      return; // skipped: the loop does not run
    node.reset();
    reader.reset();
    cluster.reset();
    bucket.reset();
    loop.run([&] { later.reset(); });
  }
  hot::backend_ptr cluster_backend(int replicas) {
    hot::cluster_backend_options how;
    how.replication_min = how.replication_max = replicas;
    return hot::make_cluster(later, cluster, reader, how);
  }
  /// The answer of one call of a client.
  template <class T, class F>
  result<T> call(F what) {
    std::promise<result<T>> answer;
    loop.run([&] {
      what([&](auto got) {
        if constexpr (std::is_same_v<decltype(got), status>)
          answer.set_value(got ? result<T>{T{}} : result<T>{got.error()});
        else
          answer.set_value(std::move(got));
      });
    });
    return answer.get_future().get();
  }
  template <class F>
  result<nothing> done(F what) {
    return call<nothing>(what);
  }
  void round(const cid& id, const std::string& kind) {
    auto info = add(id);
    ASSERT_TRUE(info) << to_string(info.error());
    EXPECT_EQ(info->layer, kind);
    auto checked = check(id);
    ASSERT_TRUE(checked) << to_string(checked.error());
    EXPECT_TRUE(checked->enabled);
    auto read_back = read(id);
    ASSERT_TRUE(read_back) << to_string(read_back.error());
    EXPECT_TRUE(test::same(read_back, test::car_of(blocks, id)));
    EXPECT_TRUE(remove(id));
    EXPECT_FALSE(check(id)->enabled);
  }

  std::shared_ptr<hot::kubo_client> node, reader;
  std::shared_ptr<hot::cluster_client> cluster;
  std::shared_ptr<hot::s3_client> bucket;
  hot::s3_options s3;
};

double seconds_of(const std::function<void()>& what) {
  auto start = std::chrono::steady_clock::now();
  what();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace

TEST_F(real_peers, kubo_answers_every_call_of_the_client) {
  EXPECT_EQ(*call<std::string>([&](auto f) { node->version(f); }), "0.43.0");
  EXPECT_TRUE(call<hot::kubo_id>([&](auto f) { node->id(f); })->agent.starts_with("kubo/"));
  EXPECT_GT(call<hot::kubo_repo>([&](auto f) { node->repo_stat(f); })->most, 0u);
  auto id = make_file(700'000);
  auto block = *blocks.get(id);
  EXPECT_TRUE(done([&](auto f) { node->put_block(id, block, f); }));
  auto back = call<bytes>([&](auto f) { node->get_block(id, true, f); });
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_TRUE(*back == block);
  auto other = make_file(1000, 99);
  EXPECT_EQ(call<bytes>([&](auto f) { node->get_block(other, true, f); }).error().code, errc::not_found);
  EXPECT_FALSE(*call<bool>([&](auto f) { node->pinned(id, f); }));
  std::uint64_t heard = 0;
  EXPECT_TRUE(done([&](auto f) {
    node->pin(
        id, "a name", 10s, [&](std::uint64_t n) { heard = n + 1; }, f);
  }));
  std::vector<hot::kubo_pin> pins;
  EXPECT_TRUE(done([&](auto f) { node->pins([&](const hot::kubo_pin& p) { pins.push_back(p); }, f); }));
  EXPECT_TRUE(std::any_of(pins.begin(), pins.end(), [&](auto& p) { return p.id == id && p.name == "a name"; }));
  EXPECT_EQ(*call<std::uint64_t>([&](auto f) { node->dag_size(id, f); }), block.size());
  EXPECT_TRUE(done([&](auto f) { node->unpin(id, f); }));
  EXPECT_TRUE(done([&](auto f) { node->unpin(id, f); }));
}

TEST_F(real_peers, a_layer_over_kubo) {
  layer_at([&] { return hot::make_ipfs(node); });
  round(make_file(10), "ipfs");
  round(make_file(5'000'000, 2), "ipfs");
  auto absent = make_file(3'000'000, 77);
  EXPECT_EQ(pin(absent, "a", 2).error().code, errc::timeout);
  EXPECT_EQ(read(absent, 2).error().code, errc::timeout);
  auto large = make_file(200 << 20, 3);
  auto in = seconds_of([&] { EXPECT_TRUE(add(large)); });
  auto seen = seconds_of([&] { EXPECT_TRUE(check(large)->enabled); });
  auto out = seconds_of([&] { EXPECT_TRUE(read(large)); });
  std::printf("kubo: 200 MiB in %.1f s, checked in %.1f s, out in %.1f s\n", in, seen, out);
  EXPECT_TRUE(remove(large));
}

TEST_F(real_peers, kubo_killed_and_started_in_the_middle_of_a_pin) {
  layer_at([&] { return hot::make_ipfs(node); });
  auto id = make_file(3'000'000, 55);
  {
    std::ofstream car{env("WEIR_TEST_FOLDER") + "/late.car", std::ios::binary};
    car << as_text(test::car_of(blocks, id));
  }
  // From now on the script kills it, starts it and gives it the blocks.
  std::ofstream{env("WEIR_TEST_FOLDER") + "/restart-kubo"};
  auto info = ask_long(ffs::hot_pin{instance_id{"a"}, id, 60});
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_TRUE(check(id)->enabled);
}

TEST_F(real_peers, the_cluster_answers_every_call_of_the_client) {
  EXPECT_TRUE(done([&](auto f) { cluster->health(f); }));
  EXPECT_EQ(call<std::string>([&](auto f) { cluster->version(f); })->substr(0, 5), "1.1.6");
  EXPECT_EQ(call<std::vector<hot::cluster_peer>>([&](auto f) { cluster->peers(f); })->size(), 2u);
  hot::cluster_options wrong;
  wrong.url = env("WEIR_TEST_CLUSTER");
  wrong.who = {"joe", "other", ""};
  hot::cluster_client stranger{*client, wrong};
  EXPECT_EQ(call<std::string>([&](auto f) { stranger.version(f); }).error().code, errc::unauthenticated);
  auto id = make_file(1000, 31);
  hot::cluster_pin_options how;
  how.name = "named";
  how.expire_in = 3600;
  how.metadata["by"] = "weir";
  ASSERT_TRUE(done([&](auto f) { node->put_block(id, *blocks.get(id), f); }));
  auto pin = call<hot::cluster_pin>([&](auto f) { cluster->pin(id, how, f); });
  ASSERT_TRUE(pin) << to_string(pin.error());
  EXPECT_EQ(pin->name, "named");
  EXPECT_EQ(call<hot::cluster_pin>([&](auto f) { cluster->allocation(id, f); })->id, id);
  std::size_t listed = 0;
  EXPECT_TRUE(done([&](auto f) { cluster->allocations([&](const auto& p) { listed += p.id == id ? 1 : 0; }, f); }));
  EXPECT_EQ(listed, 1u);
  EXPECT_EQ(call<hot::cluster_status>([&](auto f) { cluster->status_of(id, f); })->peers.size(), 2u);
  EXPECT_TRUE(call<hot::cluster_status>([&](auto f) { cluster->recover(id, f); }));
  EXPECT_TRUE(done([&](auto f) { cluster->unpin(id, f); }));
  EXPECT_EQ(call<hot::cluster_pin>([&](auto f) { cluster->allocation(id, f); }).error().code, errc::not_found);
}

TEST_F(real_peers, a_layer_over_a_cluster_of_two) {
  layer_at([&] { return cluster_backend(2); });
  round(make_file(1000, 11), "cluster");
  round(make_file(5'000'000, 12), "cluster");
  auto too_many = make_file(1000, 13);
  EXPECT_FALSE(call<hot::cluster_pin>([&](auto f) {
    hot::cluster_pin_options three;
    three.replication_min = three.replication_max = 3;
    cluster->pin(too_many, three, f);
  }));
}

TEST_F(real_peers, a_cluster_whose_second_peer_hangs) {
  layer_at([&] { return cluster_backend(2); });
  auto pid = std::stoi(env("WEIR_TEST_CLUSTER_PEER"));
  ::kill(pid, SIGSTOP);
  auto got = ask_long(ffs::hot_add{instance_id{"a"}, make_file(1000, 21), 5});
  ::kill(pid, SIGCONT);
  ASSERT_FALSE(got);
  std::printf("a hanging peer: %s\n", to_string(got.error()).c_str());
}

TEST_F(real_peers, minio_answers_every_call_of_the_client) {
  auto made = s3;
  made.prefix.clear();
  hot::s3_client maker{later, *client, made};
  (void)done([&](auto f) { maker.put("", {}, f); }); // the bucket; it may be there
  auto data = *blocks.get(make_file(900'000, 41));
  auto stored = done([&](auto f) { bucket->put("k&e y.car", data, f); });
  ASSERT_TRUE(stored) << to_string(stored.error());
  auto head = call<hot::s3_object>([&](auto f) { bucket->head("k&e y.car", f); });
  ASSERT_TRUE(head) << to_string(head.error());
  EXPECT_EQ(head->size, data.size());
  auto part = call<bytes>([&](auto f) { bucket->get(*head, {1000, 5000}, f); });
  ASSERT_TRUE(part) << to_string(part.error());
  EXPECT_TRUE(*part == bytes(data.begin() + 1000, data.begin() + 6000));
  auto listed = call<hot::s3_listing>([&](auto f) { bucket->list("k", "", f); });
  ASSERT_TRUE(listed) << to_string(listed.error());
  ASSERT_EQ(listed->objects.size(), 1u);
  EXPECT_EQ(listed->objects[0].key, "k&e y.car");
  EXPECT_EQ(listed->objects[0].size, data.size());
  auto stale = *head;
  stale.etag = "\"other\"";
  EXPECT_EQ(call<bytes>([&](auto f) { bucket->get(stale, {0, 10}, f); }).error().code, errc::changed);
  EXPECT_TRUE(done([&](auto f) { bucket->remove("k&e y.car", f); }));
  EXPECT_TRUE(done([&](auto f) { bucket->remove("k&e y.car", f); }));
  EXPECT_EQ(call<hot::s3_object>([&](auto f) { bucket->head("k&e y.car", f); }).error().code, errc::not_found);
  auto wrong = s3;
  wrong.who.secret = "other";
  hot::s3_client stranger{later, *client, wrong};
  EXPECT_EQ(call<hot::s3_listing>([&](auto f) { stranger.list("", "", f); }).error().code, errc::forbidden);
}

TEST_F(real_peers, a_layer_over_a_cluster_and_a_bucket) {
  layer_at([&] { return hot::make_cluster_s3(cluster_backend(2), bucket); });
  round(make_file(1000, 51), "cluster-s3");
  auto large = make_file(23'000'000, 52); // five parts
  round(large, "cluster-s3");
  auto there = make_file(3'000'000, 53);
  // In the IPFS node only: the cluster finds it, the bucket gets it from there.
  struct whole : hot::car_feed {
    bytes car;
    std::size_t at = 0;
    http::upload_step read(std::span<std::uint8_t> into) override {
      auto step = std::min(into.size(), car.size() - at);
      std::copy_n(car.begin() + static_cast<std::ptrdiff_t>(at), step, into.begin());
      at += step;
      return step == 0 ? http::upload_step::end() : http::upload_step::bytes(step);
    }
    error problem() const override { return {errc::none, {}, {}, {}}; }
  };
  auto feed = std::make_shared<whole>();
  feed->car = test::car_of(blocks, there);
  ASSERT_TRUE(call<hot::kubo_import>([&](auto f) { node->import_car(there, feed, 30s, f); }));
  auto info = ask_long(ffs::hot_pin{instance_id{"a"}, there, 60});
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_TRUE(call<hot::s3_object>([&](auto f) { bucket->head(there.text() + ".car", f); }));
  EXPECT_TRUE(check(there)->enabled);
  EXPECT_TRUE(remove(there));
}
