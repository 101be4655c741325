#pragma once
// AWS Signature Version 4 in the Authorization field, with the hash of the
// whole body: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
// libcurl's own (CURLOPT_AWS_SIGV4, 7.88) signs neither queries nor keys with
// odd characters as S3 wants them, and cannot be tested against the published vectors.
#include "adapters/hot/peer.hpp"

#include <utility>
#include <vector>

namespace weir::hot {

struct signing {
  credentials who; ///< access key, secret key
  std::string region;
  std::string service = "s3";
  std::string time; ///< "20130524T000000Z"
};

struct signed_request {
  std::string verb;
  std::string path; ///< coded, begins with "/"
  /// Not coded; sorted here.
  std::vector<std::pair<std::string, std::string>> query;
  http::headers fields;     ///< Host is one of them; all are signed
  std::string payload_hash; ///< hexadecimal SHA-256 of the body
};

/// The query as it was signed: "a=b&c=".
std::string canonical_query(const signed_request& what);
/// Value of the Authorization field. `fields` has x-amz-date and x-amz-content-sha256 already.
std::string sign(const signed_request& what, const signing& how);
/// "20130524T000000Z" of a Unix time in seconds.
std::string amz_time(std::int64_t unix_seconds);

} // namespace weir::hot
