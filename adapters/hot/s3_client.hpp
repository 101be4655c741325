#pragma once
// One bucket of an S3 server (path style), signed with SigV4. Each request is
// repeated with back-off while the server says 500, 503 or 429, or is not there;
// all of them can be: a body is in memory (a part of 16 MiB at most) and its
// SHA-256 is signed, so the server takes nothing that is damaged.
//
// Errors: unreachable, timeout, overloaded (503 to the last), forbidden (wrong
// keys), not_found, protocol, changed (the object is another one by now).
#include "adapters/hot/delays.hpp"
#include "adapters/hot/peer.hpp"

#include <chrono>

namespace weir::hot {

struct s3_options {
  std::string url; ///< "https://host:9000", without a path
  std::string bucket;
  std::string prefix; ///< before every key
  std::string region = "us-east-1";
  credentials who;
  loop::milliseconds connect_timeout{5'000};
  loop::milliseconds quiet{30'000};
  loop::milliseconds timeout{300'000}; ///< for one request
  back_off again;
  std::size_t part_size = 16 << 20;        ///< bytes; 10,000 parts are the most that S3 takes
  std::function<std::int64_t()> now = [] { ///< Unix seconds
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  };
};

struct s3_object {
  std::string key;
  std::uint64_t size = 0;
  std::string etag; ///< with its quotes
};
struct s3_listing {
  std::vector<s3_object> objects;
  std::string next; ///< token for the rest; empty at the end
};

class s3_client {
public:
  s3_client(std::shared_ptr<delays> later, http::client& client, s3_options options);

  const s3_options& options() const;

  void put(const std::string& key, bytes body, then_status done);
  void head(const std::string& key, then<s3_object> done);
  /// Exactly these bytes of that very object.
  void get(const s3_object& of, http::byte_range range, then<bytes> done);
  /// Fine when there is none.
  void remove(const std::string& key, then_status done);
  /// In the order of the keys, at most 1000.
  void list(const std::string& prefix, const std::string& token, then<s3_listing> done);

  /// A large object: parts from 1 on, each of at least 5 MiB but the last.
  void start_parts(const std::string& key, then<std::string> done);
  void put_part(const std::string& key, const std::string& upload, int number, bytes body, then<std::string> etag);
  void finish_parts(const std::string& key, const std::string& upload, const std::vector<std::string>& etags,
                    then_status done);
  void drop_parts(const std::string& key, const std::string& upload, then_status done);

private:
  struct core;
  std::shared_ptr<core> core_;
};

} // namespace weir::hot
