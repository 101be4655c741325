#pragma once
// What a hot layer outside of the node can do, whatever it is made of: a Kubo
// node, a cluster, a cluster with a bucket. The actor (layer.hpp) keeps the
// books and tries again; a backend does one thing once.
#include "adapters/hot/car_reader.hpp"
#include "adapters/hot/cluster_client.hpp"

namespace weir::hot {

/// Holds what a running action consists of; emptying it ends the action without a word.
struct holder {
  std::shared_ptr<void> what;
};
using holder_ptr = std::shared_ptr<holder>;

class backend {
public:
  virtual ~backend() = default;
  /// As `hot_info::layer` has it.
  virtual std::string_view kind() const = 0;
  /// A pin moves the DAG through the node.
  virtual bool copies() const { return false; }
  /// Takes the DAG in and pins it.
  virtual void add(const cid& id, const feed_maker& source, loop::milliseconds timeout, const holder_ptr& hold,
                   then_status done) = 0;
  /// Pins what it has or finds; answers with the bytes of the blocks, 0 if it cannot know.
  virtual void pin(const cid& id, loop::milliseconds timeout, const holder_ptr& hold, then<std::uint64_t> done) = 0;
  /// As the layer itself sees it.
  virtual void pinned(const cid& id, then<bool> done) = 0;
  /// Fine when it is not pinned.
  virtual void unpin(const cid& id, then_status done) = 0;
  /// The DAG. `strict`: only from where it has to be. Null: the layer gives nothing out.
  virtual car_reader_ptr open(const cid& id, bool strict, loop::milliseconds timeout) = 0;
};
using backend_ptr = std::shared_ptr<backend>;

backend_ptr make_ipfs(std::shared_ptr<kubo_client> node);

struct cluster_backend_options {
  int replication_min = 0, replication_max = 0; ///< 0: the cluster's own
  loop::milliseconds first_look{50}, slowest_look{2'000};
};
/// `node` reads from the cluster (its proxy on port 9095, or a peer's IPFS node); may be null.
backend_ptr make_cluster(std::shared_ptr<delays> later, std::shared_ptr<cluster_client> cluster,
                         std::shared_ptr<kubo_client> node, cluster_backend_options options = {});
/// Each DAG also as the object CID.car of a bucket, from which it is read.
backend_ptr make_cluster_s3(backend_ptr cluster, std::shared_ptr<s3_client> bucket);

} // namespace weir::hot
