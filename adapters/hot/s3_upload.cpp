// upload_s3: a feed into one object, in parts when it is large.
#include "adapters/hot/car_reader.hpp"

namespace weir::hot {

namespace {

constexpr std::size_t most_parts = 10'000;

struct upload : std::enable_shared_from_this<upload> {
  upload(std::shared_ptr<s3_client> b, std::string k, car_feed_ptr f, then_status d)
      : bucket{std::move(b)}, key{std::move(k)}, feed{std::move(f)}, done{std::move(d)},
        size{bucket->options().part_size} {
    part.resize(size);
  }

  void begin() {
    feed->more = [weak = weak_from_this()] {
      if (auto self = weak.lock(); self && self->waiting) // a part may be on its way
        self->pull();
    };
    pull();
  }

  /// Fills the part; goes on when the feed has more.
  void pull() {
    waiting = false;
    while (filled < size && !ended) {
      auto step = feed->read(std::span{part}.subspan(filled));
      if (step.what == http::upload_step::kind::wait) {
        waiting = true;
        return;
      }
      if (step.what == http::upload_step::kind::failed)
        return give_up(feed->problem());
      ended = step.what == http::upload_step::kind::end;
      filled += step.size;
    }
    send();
  }
  bytes take() {
    bytes out{part.begin(), part.begin() + static_cast<std::ptrdiff_t>(filled)};
    filled = 0;
    return out;
  }
  /// A callback that forgets what came too late.
  template <class F>
  auto guarded(F what) {
    return [weak = weak_from_this(), what](auto got) {
      if (auto self = weak.lock())
        what(*self, std::move(got));
    };
  }

  void send() {
    if (id.empty() && ended)
      return bucket->put(key, take(), guarded([](upload& self, const status& how) { self.end(how); }));
    if (id.empty())
      return bucket->start_parts(key, guarded([](upload& self, result<std::string> got) {
                                   if (!got)
                                     return self.end(got.error());
                                   self.id = *std::move(got);
                                   self.send();
                                 }));
    if (filled == 0)
      return bucket->finish_parts(key, id, etags, guarded([](upload& self, const status& how) {
                                    how ? self.end(how) : self.give_up(how.error());
                                  }));
    if (etags.size() == most_parts)
      return give_up(fail(errc::too_large, "S3 takes no object of more than 10,000 parts.", key,
                          std::to_string(most_parts * size)));
    bucket->put_part(key, id, static_cast<int>(etags.size() + 1), take(),
                     guarded([](upload& self, result<std::string> etag) {
                       if (!etag)
                         return self.give_up(etag.error());
                       self.etags.push_back(*std::move(etag));
                       self.ended ? self.send() : self.pull();
                     }));
  }
  void give_up(const error& why) {
    if (id.empty())
      return end(why);
    // Parts cost money until they are dropped; a server that is down keeps them.
    bucket->drop_parts(key, id, guarded([why](upload& self, const status&) { self.end(why); }));
  }
  void end(const status& how) {
    feed->more = {};
    if (auto told = std::exchange(done, {}))
      told(how);
  }

  std::shared_ptr<s3_client> bucket;
  std::string key;
  car_feed_ptr feed;
  then_status done;
  std::size_t size;
  bytes part;
  std::size_t filled = 0;
  bool ended = false, waiting = false;
  std::string id;
  std::vector<std::string> etags;
};

} // namespace

std::shared_ptr<void> upload_s3(std::shared_ptr<s3_client> bucket, std::string key, car_feed_ptr feed,
                                then_status done) {
  auto out = std::make_shared<upload>(std::move(bucket), std::move(key), std::move(feed), std::move(done));
  out->begin();
  return out;
}

} // namespace weir::hot
