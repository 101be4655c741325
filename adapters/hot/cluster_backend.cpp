// HotIpfsCluster of seed 000: a cluster pins when it has time; this waits until
// as many peers have pinned as it promised.
#include "adapters/hot/backend.hpp"

#include <algorithm>

namespace weir::hot {

namespace {

/// How many peers must have it, of those that the answer names.
std::size_t wanted(const cluster_pin& pin, const cluster_status& now) {
  if (pin.replication_min > 0)
    return static_cast<std::size_t>(pin.replication_min);
  return std::max<std::size_t>(1, now.peers.size() - now.count("remote"));
}

bool may_still_pin(const cluster_peer_status& p) {
  return p.status != "remote" && p.status != "pin_error" && p.status != "unpin_error" && p.status != "error";
}

std::string complaints(const cluster_status& now) {
  std::string out;
  for (const auto& p : now.peers)
    if (p.status != "remote" && p.status != "pinned")
      out += (out.empty() ? "" : "; ") + (p.name.empty() ? p.peer : p.name) + ": " + p.status
             + (p.error.empty() ? "" : " (" + p.error + ")");
  return words(out);
}

struct cluster_backend : backend {
  cluster_backend(std::shared_ptr<delays> l, std::shared_ptr<cluster_client> c, std::shared_ptr<kubo_client> n,
                  cluster_backend_options o)
      : later{std::move(l)}, cluster{std::move(c)}, node{std::move(n)}, options{o} {}

  std::string_view kind() const override { return "cluster"; }

  cluster_pin_options pin_options() const {
    cluster_pin_options out;
    out.replication_min = options.replication_min;
    out.replication_max = options.replication_max;
    out.name = "weir";
    return out;
  }

  /// Looks until enough peers have it, or cannot, or the time is over.
  struct vigil : std::enable_shared_from_this<vigil> {
    std::weak_ptr<delays> later;
    std::shared_ptr<cluster_client> cluster;
    cluster_pin pin;
    loop::milliseconds deadline{0}, pause{0}, slowest{0};
    then_status done;

    void look() {
      cluster->status_of(pin.id, [self = shared_from_this()](const result<cluster_status>& got) { self->saw(got); });
    }
    void saw(const result<cluster_status>& got) {
      auto waiting = later.lock();
      if (!waiting)
        return;
      bool hopeless = false;
      if (got) {
        auto need = wanted(pin, *got);
        if (got->count("pinned") >= need)
          return done({});
        auto possible = std::count_if(got->peers.begin(), got->peers.end(), may_still_pin);
        hopeless = static_cast<std::size_t>(possible) < need;
        if (hopeless)
          return done(fail(errc::unreachable, "Too few peers of the cluster can pin it: " + complaints(*got),
                           std::to_string(got->count("pinned")), std::to_string(need)));
      }
      if (waiting->now() + pause >= deadline)
        return done(late(got));
      waiting->after(pause, [self = shared_from_this()] { self->look(); });
      pause = std::min(pause * 2, slowest);
    }
    error late(const result<cluster_status>& got) const {
      if (!got)
        return got.error();
      bool cut_off = got->count("cluster_error") > 0;
      return fail(cut_off ? errc::unreachable : errc::timeout,
                  "Too few peers of the cluster have pinned it by now: " + complaints(*got),
                  std::to_string(got->count("pinned")), std::to_string(wanted(pin, *got)));
    }
  };

  void wait(const cid& id, loop::milliseconds deadline, then_status done) {
    auto v = std::make_shared<vigil>();
    v->later = later;
    v->cluster = cluster;
    v->deadline = deadline;
    v->pause = options.first_look;
    v->slowest = options.slowest_look;
    v->done = std::move(done);
    cluster->allocation(id, [v](const result<cluster_pin>& got) {
      if (!got)
        return v->done(got.error());
      v->pin = *got;
      v->look();
    });
  }

  void add(const cid& id, const feed_maker& source, loop::milliseconds timeout, const holder_ptr& hold,
           then_status done) override {
    auto feed = source();
    hold->what = feed;
    auto deadline = later->now() + timeout;
    cluster->add_car(id, feed, pin_options(), timeout, after_pinning(id, deadline, std::move(done)));
  }
  then_status after_pinning(const cid& id, loop::milliseconds deadline, then_status done) {
    return [weak = weak_self(), id, deadline, done = std::move(done)](const status& how) {
      auto self = weak.lock();
      if (!how || !self)
        return done(how);
      self->wait(id, deadline, done);
    };
  }
  void pin(const cid& id, loop::milliseconds timeout, const holder_ptr&, then<std::uint64_t> done) override {
    auto deadline = later->now() + timeout;
    auto pinned = [node = node, id, done = std::move(done)](const status& how) {
      if (!how)
        return done(how.error());
      if (!node)
        return done(std::uint64_t{0});
      node->dag_size(id, done);
    };
    auto next = after_pinning(id, deadline, std::move(pinned));
    cluster->pin(id, pin_options(),
                 [next](const result<cluster_pin>& got) { next(got ? status{} : status{got.error()}); });
  }
  void pinned(const cid& id, then<bool> done) override {
    cluster->allocation(id, [cluster = cluster, id, done = std::move(done)](const result<cluster_pin>& pin) {
      if (!pin && pin.error().code == errc::not_found)
        return done(false);
      if (!pin)
        return done(pin.error());
      cluster->status_of(id, [done, pin = *pin](const result<cluster_status>& got) {
        if (!got)
          return done(got.error());
        done(got->count("pinned") >= wanted(pin, *got));
      });
    });
  }
  void unpin(const cid& id, then_status done) override { cluster->unpin(id, std::move(done)); }
  car_reader_ptr open(const cid& id, bool, loop::milliseconds timeout) override {
    // Any peer may have it: the node that is asked may have to ask its neighbours.
    return node ? read_kubo(*node, id, false, timeout) : nullptr;
  }

  std::weak_ptr<cluster_backend> weak_self() { return self; }

  std::weak_ptr<cluster_backend> self;
  std::shared_ptr<delays> later;
  std::shared_ptr<cluster_client> cluster;
  std::shared_ptr<kubo_client> node;
  cluster_backend_options options;
};

} // namespace

backend_ptr make_cluster(std::shared_ptr<delays> later, std::shared_ptr<cluster_client> cluster,
                         std::shared_ptr<kubo_client> node, cluster_backend_options options) {
  auto out = std::make_shared<cluster_backend>(std::move(later), std::move(cluster), std::move(node), options);
  out->self = out;
  return out;
}

} // namespace weir::hot
