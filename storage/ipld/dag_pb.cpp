#include "storage/ipld/dag_pb.hpp"

#include "storage/ipld/protobuf.hpp"

namespace weir {

namespace {

using protobuf::field;
using protobuf::wire;

constexpr std::uint32_t node_data = 1, node_links = 2;
constexpr std::uint32_t link_hash = 1, link_name = 2, link_tsize = 3;

error bad_node(std::string why) {
  return fail(errc::malformed, "not a dag-pb node: " + std::move(why));
}

status read_link_field(pb_link& link, const field& f) {
  switch (f.number) {
  case link_hash: {
    if (f.type != wire::bytes || !link.hash.empty())
      return bad_node("bad hash in a link");
    auto hash = cid::from_bytes(f.data);
    if (!hash)
      return bad_node("bad hash in a link: " + hash.error().message);
    link.hash = *std::move(hash);
    return {};
  }
  case link_name:
    if (f.type != wire::bytes || link.name)
      return bad_node("bad name in a link");
    link.name = as_text(f.data);
    return {};
  case link_tsize:
    if (f.type != wire::varint || link.tsize)
      return bad_node("bad size in a link");
    link.tsize = f.value;
    return {};
  default:
    return bad_node("unknown field in a link");
  }
}

result<pb_link> read_link(bytes_view data) {
  pb_link link;
  std::uint32_t last = 0;
  for (protobuf::reader in{data}; !in.done();) {
    auto f = in.next();
    if (!f)
      return bad_node("broken field in a link");
    WEIR_CHECK(read_link_field(link, *f));
    if (f->number < last)
      return bad_node("fields of a link are out of order");
    last = f->number;
  }
  if (link.hash.empty())
    return bad_node("a link without a hash");
  return link;
}

void put_link(bytes& out, const pb_link& link) {
  auto size = protobuf::bytes_field_size(link.hash.data().size());
  if (link.name)
    size += protobuf::bytes_field_size(link.name->size());
  if (link.tsize)
    size += protobuf::varint_field_size(*link.tsize);
  put_varint(out, node_links << 3 | static_cast<unsigned>(wire::bytes));
  put_varint(out, size);
  protobuf::put_bytes_field(out, link_hash, link.hash.data());
  if (link.name)
    protobuf::put_bytes_field(out, link_name, as_bytes(*link.name));
  if (link.tsize)
    protobuf::put_varint_field(out, link_tsize, *link.tsize);
}

} // namespace

bytes encode_dag_pb(const pb_node& node) {
  bytes out;
  for (const auto& link : node.links)
    put_link(out, link);
  if (node.data)
    put_pb_data(out, *node.data);
  return out;
}

result<pb_node> decode_dag_pb(bytes_view block) {
  pb_node node;
  bool links_ended = false;
  for (protobuf::reader in{block}; !in.done();) {
    auto f = in.next();
    if (!f || f->type != wire::bytes)
      return bad_node("broken field");
    if (f->number == node_links) {
      if (links_ended)
        return bad_node("links on both sides of the data");
      WEIR_TRY(auto link, read_link(f->data));
      node.links.push_back(std::move(link));
    } else if (f->number == node_data && !node.data) {
      node.data = to_bytes(f->data);
      links_ended = !node.links.empty();
    } else {
      return bad_node(f->number == node_data ? "data twice" : "unknown field");
    }
  }
  return node;
}

void put_pb_link(bytes& out, const cid& hash, std::string_view name, std::uint64_t tsize) {
  put_varint(out, node_links << 3 | static_cast<unsigned>(wire::bytes));
  put_varint(out, protobuf::bytes_field_size(hash.data().size()) + protobuf::bytes_field_size(name.size())
                      + protobuf::varint_field_size(tsize));
  protobuf::put_bytes_field(out, link_hash, hash.data());
  protobuf::put_bytes_field(out, link_name, as_bytes(name));
  protobuf::put_varint_field(out, link_tsize, tsize);
}

std::size_t pb_link_size(std::size_t hash_size, std::size_t name_size, std::uint64_t tsize) {
  return protobuf::bytes_field_size(protobuf::bytes_field_size(hash_size) + protobuf::bytes_field_size(name_size)
                                    + protobuf::varint_field_size(tsize));
}

void put_pb_data(bytes& out, bytes_view data) {
  protobuf::put_bytes_field(out, node_data, data);
}

} // namespace weir
