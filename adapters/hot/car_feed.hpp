#pragma once
// CARs on their way through a hot layer: a source that an upload pulls from,
// and the check that a CAR is the whole DAG below its root.
#include "adapters/http/client_types.hpp"
#include "messages/types/cid.hpp"
#include "storage/car/car_parser.hpp"

#include <memory>
#include <unordered_map>
#include <unordered_set>

namespace weir::hot {

/// Bytes of a CAR in their order, from somebody who may have to fetch them first.
class car_feed {
public:
  virtual ~car_feed() = default;
  /// Never blocks: `wait` means that `more` will be called.
  virtual http::upload_step read(std::span<std::uint8_t> into) = 0;
  /// Why it answered `failed`.
  virtual error problem() const = 0;

  std::function<void()> more;
};
using car_feed_ptr = std::shared_ptr<car_feed>;

/// A feed from the beginning, for each try.
using feed_maker = std::function<car_feed_ptr()>;

/// A feed as the one file of a multipart/form-data body.
struct form_body {
  http::upload source;
  std::string content_type;
};
form_body form_of(car_feed_ptr feed);

/// Sees that a CAR holds every block of the DAG below `root`, each of them what
/// its CID says. Memory: one block, 16 bytes for each different block, and
/// the CIDs that are still to come.
class car_check {
public:
  explicit car_check(cid root);

  /// errc::corrupt names the block that is not what its CID says; errc::malformed.
  status feed(bytes_view data) { return parser_.feed(data); }
  /// errc::not_found names a block that did not come.
  status finish();

  std::uint64_t blocks() const { return seen_.size(); }
  std::uint64_t bytes() const { return bytes_; } ///< of the different blocks

private:
  using key = std::pair<std::uint64_t, std::uint64_t>; ///< of the digest
  struct key_hash {
    std::size_t operator()(const key& k) const { return k.first ^ k.second; }
  };
  static key key_of(const cid& id);
  status take(const cid& id, bytes_view block);
  void want(const cid& id);

  cid root_;
  std::unordered_set<key, key_hash> seen_;
  std::unordered_map<key, cid, key_hash> missing_;
  std::uint64_t bytes_ = 0;
  car_parser parser_;
};

} // namespace weir::hot
