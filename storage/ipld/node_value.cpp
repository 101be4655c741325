#include "storage/ipld/node_value.hpp"

#include "storage/ipld/dag_cbor.hpp"
#include "storage/ipld/dag_pb.hpp"

namespace weir::ipld {

namespace {

value value_of(const pb_link& link) {
  map out{{"Hash", {link.hash}}};
  if (link.name)
    out.emplace_back("Name", value{*link.name});
  if (link.tsize)
    out.emplace_back("Tsize", from_unsigned(*link.tsize));
  return {std::move(out)};
}

} // namespace

result<value> decode_node(const cid& id, bytes_view block) {
  switch (id.codec()) {
  case codec::raw:
    return value{to_bytes(block)};
  case codec::dag_cbor:
    return decode_dag_cbor(block);
  case codec::dag_pb: {
    WEIR_TRY(auto node, decode_dag_pb(block));
    map out;
    if (node.data)
      out.emplace_back("Data", value{std::move(*node.data)});
    list links;
    for (const auto& link : node.links)
      links.push_back(value_of(link));
    out.emplace_back("Links", value{std::move(links)});
    return value{std::move(out)};
  }
  default:
    return fail(errc::unsupported, "Weir does not read blocks of this codec.", id.text());
  }
}

} // namespace weir::ipld
