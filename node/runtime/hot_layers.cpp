#include "node/runtime/hot_layers.hpp"

#include "adapters/hot/layer.hpp"
#include "node/runtime/wall_clock.hpp"
#include "storage/support/file.hpp"

namespace weir {

struct hot_layers::impl {
  std::unique_ptr<loop::uv_loop> loop;
  std::unique_ptr<loop::host> host;
  std::unique_ptr<http::client> client;
  std::shared_ptr<hot::delays> later;
  std::shared_ptr<hot::node_side> node = std::make_shared<hot::node_side>();
  std::map<std::string, ffs::hot_layer_actor> all;

  hot::backend_ptr make(const hot_layer_options& o, const hot::credentials& who, const hot::credentials& ipfs_who,
                        const hot::credentials& s3_who) const;
};

namespace {

result<hot::credentials> read_secret(const std::string& layer, const std::string& file) {
  if (file.empty())
    return hot::credentials{};
  auto text = read_small_file(file);
  auto parsed = text ? hot::parse_credentials(*text) : result<hot::credentials>{text.error()};
  if (parsed)
    return parsed;
  auto e = parsed.error();
  e.message = "Hot layer '" + layer + "': " + e.message;
  e.value = file;
  return e;
}

} // namespace

/// On the loop thread.
hot::backend_ptr hot_layers::impl::make(const hot_layer_options& o, const hot::credentials& who,
                                        const hot::credentials& ipfs_who, const hot::credentials& s3_who) const {
  auto node_at = [&](const std::string& url, const hot::credentials& as) {
    hot::kubo_options k;
    k.url = url;
    k.who = as;
    return std::make_shared<hot::kubo_client>(*client, k);
  };
  if (o.kind == "ipfs")
    return hot::make_ipfs(node_at(o.url, who));
  hot::cluster_options c;
  c.url = o.url;
  c.who = who;
  hot::cluster_backend_options promise;
  promise.replication_min = o.replication_min;
  promise.replication_max = o.replication_max;
  auto cluster = hot::make_cluster(later, std::make_shared<hot::cluster_client>(*client, c),
                                   o.ipfs.empty() ? nullptr : node_at(o.ipfs, ipfs_who), promise);
  if (o.kind == "cluster")
    return cluster;
  hot::s3_options s;
  s.url = o.s3_url;
  s.bucket = o.s3_bucket;
  s.prefix = o.s3_prefix;
  s.region = o.s3_region;
  s.who = s3_who;
  return hot::make_cluster_s3(cluster, std::make_shared<hot::s3_client>(later, *client, s));
}

hot_layers::hot_layers(std::unique_ptr<impl> i) : impl_{std::move(i)} {}

hot_layers::~hot_layers() {
  stop();
}

result<std::unique_ptr<hot_layers>> hot_layers::open(caf::actor_system& system, const hot_layer_map& layers,
                                                     std::shared_ptr<records::record_store> records) {
  std::unique_ptr<hot_layers> out{new hot_layers{std::make_unique<impl>()}};
  auto& i = *out->impl_;
  if (layers.empty())
    return out;
  i.loop = std::make_unique<loop::uv_loop>("hot");
  i.loop->start();
  i.host = std::make_unique<loop::host>(system, *i.loop);
  // Pins that wait hold a connection each; what is quick must not queue behind them.
  i.client =
      std::make_unique<http::client>(*i.loop, http::client_options{.connections_per_host = 192, .connections = 1024});
  i.loop->run([&] { i.later = std::make_shared<hot::delays>(*i.loop); });
  for (const auto& [name, o] : layers) {
    WEIR_TRY(auto who, read_secret(name, o.credentials_file));
    WEIR_TRY(auto ipfs_who, read_secret(name, o.ipfs_credentials_file));
    WEIR_TRY(auto s3_who, read_secret(name, o.s3_credentials_file));
    hot::backend_ptr there;
    i.loop->run([&] { there = i.make(o, who, ipfs_who, s3_who); });
    hot::layer_options how;
    how.wall = wall_clock;
    i.all[name] = hot::spawn_hot_layer(*i.host, {there, hot::claim_book{records, name}, i.later, i.node}, how);
  }
  return out;
}

const std::map<std::string, ffs::hot_layer_actor>& hot_layers::all() const {
  return impl_->all;
}

void hot_layers::read_from(const retriever_actor& retriever) {
  if (impl_->loop)
    impl_->loop->run([&] { impl_->node->retriever = retriever; });
}

void hot_layers::stop() {
  auto& i = *impl_;
  if (!i.loop)
    return;
  i.all.clear();
  i.client->stop();
  i.host->shutdown();
  i.loop->run([&] {
    i.later.reset();
    i.node->retriever = nullptr;
  });
  i.loop->stop();
}

} // namespace weir
