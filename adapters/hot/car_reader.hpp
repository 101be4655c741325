#pragma once
// CARs that come out of a hot layer, part after part, as their reader asks.
// Letting go of a reader ends it. Loop thread only.
#include "adapters/hot/kubo_client.hpp"
#include "adapters/hot/s3_client.hpp"

namespace weir::hot {

class car_reader {
public:
  virtual ~car_reader() = default;
  /// The next bytes, at most 1 MiB; none at the end. One at a time; the answer
  /// may come before this returns.
  virtual void next(then<bytes> done) = 0;
};
using car_reader_ptr = std::shared_ptr<car_reader>;

/// Memory: 1 MiB and what one socket holds.
car_reader_ptr read_kubo(kubo_client& node, const cid& root, bool offline, loop::milliseconds timeout);
/// Memory: 4 MiB.
car_reader_ptr read_s3(std::shared_ptr<s3_client> bucket, std::string key);
/// The bytes of `inner`, and its end only if they are the whole DAG below `root`
/// (car_check); the bytes before an error are right.
class checked_reader : public car_reader, public std::enable_shared_from_this<checked_reader> {
public:
  checked_reader(car_reader_ptr inner, const cid& root) : inner_{std::move(inner)}, check_{root} {}
  void next(then<bytes> done) override;
  std::uint64_t block_bytes() const { return check_.bytes(); }

private:
  car_reader_ptr inner_;
  car_check check_;
};

/// Reads to the end and forgets it all: the bytes of the different blocks.
void read_through(std::shared_ptr<checked_reader> from, then<std::uint64_t> done);

/// A reader as the source of an upload.
car_feed_ptr feed_of(car_reader_ptr reader);

/// A feed into an object of a bucket, in parts when it is large; at the end it
/// is whole there, or not there. Memory: one part. Letting go of what it
/// returns ends it without a word.
std::shared_ptr<void> upload_s3(std::shared_ptr<s3_client> bucket, std::string key, car_feed_ptr feed,
                                then_status done);

} // namespace weir::hot
