// CoreIPFS of seed 000: one Kubo node.
#include "adapters/hot/backend.hpp"

namespace weir::hot {

namespace {

struct ipfs_backend : backend {
  explicit ipfs_backend(std::shared_ptr<kubo_client> n) : node{std::move(n)} {}

  std::string_view kind() const override { return "ipfs"; }

  void add(const cid& id, const feed_maker& source, loop::milliseconds timeout, const holder_ptr& hold,
           then_status done) override {
    auto feed = source();
    hold->what = feed;
    node->import_car(id, feed, timeout, [done = std::move(done)](const result<kubo_import>& got) {
      done(got ? status{} : status{got.error()});
    });
  }
  void pin(const cid& id, loop::milliseconds timeout, const holder_ptr&, then<std::uint64_t> done) override {
    node->pin(id, "weir", timeout, {}, [node = node, id, done = std::move(done)](const status& how) {
      if (!how)
        return done(how.error());
      node->dag_size(id, done);
    });
  }
  void pinned(const cid& id, then<bool> done) override { node->pinned(id, std::move(done)); }
  void unpin(const cid& id, then_status done) override { node->unpin(id, std::move(done)); }
  car_reader_ptr open(const cid& id, bool strict, loop::milliseconds timeout) override {
    return read_kubo(*node, id, strict, timeout);
  }

  std::shared_ptr<kubo_client> node;
};

} // namespace

backend_ptr make_ipfs(std::shared_ptr<kubo_client> node) {
  return std::make_shared<ipfs_backend>(std::move(node));
}

} // namespace weir::hot
