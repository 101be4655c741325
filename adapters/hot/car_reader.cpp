#include "adapters/hot/car_reader.hpp"

#include <algorithm>
#include <cstring>

namespace weir::hot {

namespace {

constexpr std::size_t part_size = 1 << 20;

struct kubo_reader : car_reader, std::enable_shared_from_this<kubo_reader> {
  ~kubo_reader() override {
    if (call)
      call->cancel();
  }
  void start(kubo_client& node, const cid& root, bool offline, loop::milliseconds timeout) {
    std::weak_ptr weak = weak_from_this();
    call = node.export_car(
        root, offline, timeout,
        [weak](bytes_view part) {
          if (auto self = weak.lock())
            self->came(part);
        },
        [weak](const status& how) {
          if (auto self = weak.lock())
            self->end(how);
        });
  }
  void came(bytes_view part) {
    held.insert(held.end(), part.begin(), part.end());
    if (held.size() >= part_size && !paused && call) {
      paused = true;
      call->pause();
    }
    give();
  }
  void end(const status& how) {
    over = true;
    outcome = how;
    give();
  }
  void next(then<bytes> done) override {
    waiting = std::move(done);
    give();
  }
  void give() {
    if (!waiting || (held.empty() && !over))
      return;
    auto done = std::exchange(waiting, {});
    if (held.empty())
      return done(outcome ? result<bytes>{bytes{}} : result<bytes>{outcome.error()});
    auto step = static_cast<std::ptrdiff_t>(std::min(held.size(), part_size));
    bytes out{held.begin(), held.begin() + step};
    held.erase(held.begin(), held.begin() + step);
    if (paused && held.size() < part_size && !over) {
      paused = false;
      call->resume();
    }
    done(std::move(out));
  }

  http::call_ptr call;
  bytes held;
  then<bytes> waiting;
  bool paused = false, over = false;
  status outcome;
};

struct s3_reader : car_reader, std::enable_shared_from_this<s3_reader> {
  static constexpr std::uint64_t range_size = 4 << 20;

  s3_reader(std::shared_ptr<s3_client> b, std::string k) : bucket{std::move(b)}, key{std::move(k)} {}

  void next(then<bytes> done) override {
    if (at < held.size())
      return give(done);
    if (known && offset == object.size)
      return done(bytes{});
    if (known)
      return fetch(std::move(done));
    bucket->head(key, [weak = weak_from_this(), done = std::move(done)](result<s3_object> got) mutable {
      auto self = weak.lock();
      if (!self)
        return;
      if (!got)
        return done(got.error());
      self->object = *std::move(got);
      self->known = true;
      self->next(std::move(done));
    });
  }
  void fetch(then<bytes> done) {
    http::byte_range range{offset, std::min(range_size, object.size - offset)};
    bucket->get(object, range, [weak = weak_from_this(), done = std::move(done)](result<bytes> got) {
      auto self = weak.lock();
      if (!self)
        return;
      if (!got)
        return done(got.error());
      self->held = *std::move(got);
      self->offset += self->held.size();
      self->at = 0;
      self->give(done);
    });
  }
  void give(const then<bytes>& done) {
    auto from = held.begin() + static_cast<std::ptrdiff_t>(at);
    auto step = std::min(held.size() - at, part_size);
    at += step;
    done(bytes{from, from + static_cast<std::ptrdiff_t>(step)});
  }

  std::shared_ptr<s3_client> bucket;
  std::string key;
  s3_object object;
  bool known = false;
  std::uint64_t offset = 0; ///< behind what is held
  bytes held;
  std::size_t at = 0;
};

struct reader_feed : car_feed, std::enable_shared_from_this<reader_feed> {
  explicit reader_feed(car_reader_ptr r) : reader{std::move(r)} {}

  http::upload_step read(std::span<std::uint8_t> into) override {
    if (at == held.size() && !over && !asked)
      ask();
    if (at < held.size()) {
      auto step = std::min(held.size() - at, into.size());
      std::memcpy(into.data(), held.data() + at, step);
      at += step;
      return http::upload_step::bytes(step);
    }
    if (why.code != errc::none)
      return http::upload_step::failed();
    return over ? http::upload_step::end() : http::upload_step::wait();
  }
  void ask() {
    asked = asking = true;
    reader->next([weak = weak_from_this()](result<bytes> got) {
      if (auto self = weak.lock())
        self->came(std::move(got));
    });
    asking = false;
  }
  void came(result<bytes> got) {
    asked = false;
    at = 0;
    held.clear();
    over = !got || got->empty();
    if (got)
      held = *std::move(got);
    else
      why = got.error();
    if (!asking && more)
      more();
  }
  error problem() const override { return why; }

  car_reader_ptr reader;
  bytes held;
  std::size_t at = 0;
  bool asked = false, asking = false, over = false;
  error why{errc::none, {}, {}, {}};
};

struct drain : std::enable_shared_from_this<drain> {
  std::shared_ptr<checked_reader> from;
  then<std::uint64_t> done;

  void go() {
    from->next([self = shared_from_this()](const result<bytes>& got) {
      if (got && !got->empty())
        return self->go();
      self->done(got ? result<std::uint64_t>{self->from->block_bytes()} : result<std::uint64_t>{got.error()});
    });
  }
};

} // namespace

car_reader_ptr read_kubo(kubo_client& node, const cid& root, bool offline, loop::milliseconds timeout) {
  auto out = std::make_shared<kubo_reader>();
  out->start(node, root, offline, timeout);
  return out;
}

car_reader_ptr read_s3(std::shared_ptr<s3_client> bucket, std::string key) {
  return std::make_shared<s3_reader>(std::move(bucket), std::move(key));
}

void checked_reader::next(then<bytes> done) {
  inner_->next([weak = weak_from_this(), done = std::move(done)](result<bytes> got) {
    auto self = weak.lock();
    if (!self)
      return;
    auto right = !got ? status{got.error()} : got->empty() ? self->check_.finish() : self->check_.feed(*got);
    if (right)
      done(std::move(got));
    else
      done(right.error());
  });
}

void read_through(std::shared_ptr<checked_reader> from, then<std::uint64_t> done) {
  auto d = std::make_shared<drain>();
  d->from = std::move(from);
  d->done = std::move(done);
  d->go();
}

car_feed_ptr feed_of(car_reader_ptr reader) {
  return std::make_shared<reader_feed>(std::move(reader));
}

} // namespace weir::hot
