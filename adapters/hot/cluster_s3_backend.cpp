// HotS3IpfsCluster of seed 000: each DAG in a cluster and, as one CAR, in a bucket.
#include "adapters/hot/backend.hpp"

namespace weir::hot {

namespace {

std::string key_of(const cid& id) {
  return id.text() + ".car";
}

struct cluster_s3_backend : backend {
  cluster_s3_backend(backend_ptr c, std::shared_ptr<s3_client> b) : cluster{std::move(c)}, bucket{std::move(b)} {}

  std::string_view kind() const override { return "cluster-s3"; }
  bool copies() const override { return true; }

  void add(const cid& id, const feed_maker& source, loop::milliseconds timeout, const holder_ptr& hold,
           then_status done) override {
    // The holder keeps itself out of what it holds.
    auto next = [cluster = cluster, id, source, timeout, weak = std::weak_ptr{hold},
                 done = std::move(done)](const status& how) {
      auto hold = weak.lock();
      if (!how || !hold)
        return done(how);
      cluster->add(id, source, timeout, hold, done);
    };
    hold->what = upload_s3(bucket, key_of(id), source(), next);
  }
  /// The cluster finds the blocks; the bucket gets them from there.
  void pin(const cid& id, loop::milliseconds timeout, const holder_ptr& hold, then<std::uint64_t> done) override {
    auto next = [cluster = cluster, bucket = bucket, id, timeout, weak = std::weak_ptr{hold},
                 done = std::move(done)](const result<std::uint64_t>& pinned) {
      auto hold = weak.lock();
      if (!pinned || !hold)
        return done(pinned);
      auto inner = cluster->open(id, false, timeout);
      if (!inner)
        return done(fail(errc::unsupported, "The bucket gets what the cluster finds from an IPFS node of the cluster: "
                                            "name one in the configuration of this hot layer (ipfs)."));
      auto source = std::make_shared<checked_reader>(std::move(inner), id);
      hold->what = upload_s3(bucket, key_of(id), feed_of(source), [source, done](const status& how) {
        done(how ? result<std::uint64_t>{source->block_bytes()} : result<std::uint64_t>{how.error()});
      });
    };
    cluster->pin(id, timeout, hold, next);
  }
  void pinned(const cid& id, then<bool> done) override {
    bucket->head(key_of(id), [cluster = cluster, id, done = std::move(done)](const result<s3_object>& got) {
      if (!got && got.error().code == errc::not_found)
        return done(false);
      if (!got)
        return done(got.error());
      cluster->pinned(id, done);
    });
  }
  void unpin(const cid& id, then_status done) override {
    cluster->unpin(id, [bucket = bucket, id, done = std::move(done)](const status& how) {
      if (!how)
        return done(how);
      bucket->remove(key_of(id), done);
    });
  }

  /// From the bucket, or else from the cluster: which one is known with the first bytes.
  struct either : car_reader, std::enable_shared_from_this<either> {
    void next(then<bytes> done) override {
      if (begun || !second)
        return first->next(std::move(done));
      first->next([weak = weak_from_this(), done = std::move(done)](result<bytes> got) {
        auto self = weak.lock();
        if (!self)
          return;
        self->begun = true;
        if (got)
          return done(std::move(got));
        self->first = self->second();
        if (!self->first)
          return done(std::move(got));
        self->first->next(done);
      });
    }
    car_reader_ptr first;
    std::function<car_reader_ptr()> second;
    bool begun = false;
  };

  car_reader_ptr open(const cid& id, bool strict, loop::milliseconds timeout) override {
    auto stored = read_s3(bucket, key_of(id));
    if (strict)
      return stored;
    auto out = std::make_shared<either>();
    out->first = std::move(stored);
    out->second = [cluster = cluster, id, timeout] { return cluster->open(id, false, timeout); };
    return out;
  }

  backend_ptr cluster;
  std::shared_ptr<s3_client> bucket;
};

} // namespace

backend_ptr make_cluster_s3(backend_ptr cluster, std::shared_ptr<s3_client> bucket) {
  return std::make_shared<cluster_s3_backend>(std::move(cluster), std::move(bucket));
}

} // namespace weir::hot
