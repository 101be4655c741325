#pragma once
// DAG-PB, the node format of UnixFS: links, then data, in the one canonical
// form. https://ipld.io/specs/codecs/dag-pb/spec/
//
// Reading is as strict as Kubo's: hash before name before size in a link, no
// field twice, none unknown, nothing after the end. Data before all links is
// accepted, because nodes like that exist; it is never written. Whether links
// are sorted by name is a matter of directories, not of nodes.
// Errors: errc::malformed.
#include "messages/types/cid.hpp"

#include <optional>

namespace weir {

struct pb_link {
  cid hash;
  std::optional<std::string> name;    ///< bytes, usually UTF-8
  std::optional<std::uint64_t> tsize; ///< bytes of the block and of all below it

  friend bool operator==(const pb_link&, const pb_link&) = default;
};

struct pb_node {
  std::vector<pb_link> links;
  std::optional<bytes> data;

  friend bool operator==(const pb_node&, const pb_node&) = default;
};

/// Links are written in their order.
bytes encode_dag_pb(const pb_node& node);
result<pb_node> decode_dag_pb(bytes_view block);

/// One link as it stands in a node, with name and size: for nodes that are
/// written without a `pb_node` in memory.
void put_pb_link(bytes& out, const cid& hash, std::string_view name, std::uint64_t tsize);
/// What `put_pb_link` appends, in bytes.
std::size_t pb_link_size(std::size_t hash_size, std::size_t name_size, std::uint64_t tsize);
/// The data field, which ends a node.
void put_pb_data(bytes& out, bytes_view data);

} // namespace weir
