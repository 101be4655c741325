#pragma once
// Hot layers outside of the node, as its configuration file names them:
//
//   [hot-layers.fast]                     # JSON: {"hot-layers":{"fast":{…}}}
//   kind = "ipfs"                         # ipfs | cluster | cluster-s3
//   url = "http://127.0.0.1:5001"         # RPC of the Kubo node, or REST of the cluster
//   credentials-file = "/etc/weir/kubo"   # one line: USER:PASSWORD or bearer:TOKEN
//
// Of a cluster also: ipfs (URL of its proxy or of a peer's node, for reading),
// ipfs-credentials-file, replication-min, replication-max. With a bucket also:
// s3-url, s3-bucket, s3-prefix, s3-region, s3-credentials-file (ACCESS:SECRET).
// Secrets stand in files of their own and are never shown.
#include "messages/types/result.hpp"

#include <map>
#include <string>

namespace weir {

struct hot_layer_options {
  std::string kind;
  std::string url, credentials_file;
  std::string ipfs, ipfs_credentials_file;
  int replication_min = 0, replication_max = 0; ///< -1: every peer; 0: the cluster's own
  std::string s3_url, s3_bucket, s3_prefix, s3_region = "us-east-1", s3_credentials_file;
};
using hot_layer_map = std::map<std::string, hot_layer_options>;

/// The layer inside the node; no other may have its name.
inline constexpr std::string_view built_in_layer = "store";
inline constexpr std::string_view hot_layers_section = "hot-layers";

/// `path`: "NAME.KEY". errc::usage for a key that there is not.
status apply_hot_layer(hot_layer_map& into, std::string_view path, const std::string& value);
/// Each has what its kind needs.
status check_hot_layers(const hot_layer_map& layers);
/// "hot-layers.NAME.KEY" and what is in force.
std::map<std::string, std::string> hot_layers_in_force(const hot_layer_map& layers);

} // namespace weir
