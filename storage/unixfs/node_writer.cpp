#include "storage/unixfs/node_writer.hpp"

#include "storage/commp/kernel.hpp"
#include "storage/hash/block_cid.hpp"
#include "storage/ipld/dag_pb.hpp"
#include "storage/ipld/protobuf.hpp"

#include <algorithm>

namespace weir::unixfs {

result<cid> node_writer::put_block(std::uint64_t codec, bytes_view block) {
  cid_format format{profile_.cid_version, codec, profile_.hash};
  if (codec == codec::raw)
    format.version = 1;
  if (profile_.inline_limit > 0 && block.size() <= profile_.inline_limit)
    format = {1, codec, hash_code::identity};
  WEIR_TRY(auto id, cid_of(format, block));
  WEIR_CHECK(sink_.put(id, block));
  ++blocks_;
  return id;
}

result<child> node_writer::put_leaf(bytes_view chunk) {
  if (profile_.raw_leaves) {
    WEIR_TRY(auto id, put_block(codec::raw, chunk));
    return child{std::move(id), chunk.size(), chunk.size()};
  }
  // Written in one go: dag-pb's data field, and in it the UnixFS message.
  buffer_.clear();
  buffer_.reserve(chunk.size() + 64);
  put_varint(buffer_, 1 << 3 | static_cast<unsigned>(protobuf::wire::bytes));
  put_varint(buffer_, leaf_size(chunk.size()));
  unixfs::put_leaf(buffer_, profile_.layout == dag_layout::trickle ? data_type::raw : data_type::file, chunk);
  return put_node(buffer_, 0, chunk.size());
}

bool node_writer::hashes_together() const {
  return profile_.raw_leaves && profile_.hash == hash_code::sha2_256 && profile_.inline_limit == 0;
}

status node_writer::put_equal_leaves(std::span<const bytes_view> chunks, std::vector<child>& out) {
  const std::uint8_t* messages[commp::lanes];
  for (std::size_t i = 0; i < chunks.size(); ++i)
    messages[i] = chunks[i].data();
  std::uint8_t digests[commp::lanes * commp::node_size];
  commp::best_kernel().sha256_lanes(messages, chunks.size(), chunks[0].size(), digests);
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    auto id = cid::v1(codec::raw, hash_code::sha2_256, {digests + i * commp::node_size, commp::node_size});
    WEIR_CHECK(sink_.put(id, chunks[i]));
    ++blocks_;
    out.push_back({std::move(id), chunks[i].size(), chunks[i].size()});
  }
  return {};
}

status node_writer::put_leaves(std::span<const bytes_view> chunks, std::vector<child>& out) {
  while (!chunks.empty()) {
    std::size_t equal = 1;
    while (equal < std::min(chunks.size(), commp::lanes) && chunks[equal].size() == chunks[0].size())
      ++equal;
    if (equal >= commp::best_kernel().worthwhile_lanes && hashes_together()) {
      WEIR_CHECK(put_equal_leaves(chunks.first(equal), out));
    } else {
      equal = 1;
      WEIR_TRY(auto leaf, put_leaf(chunks[0]));
      out.push_back(std::move(leaf));
    }
    chunks = chunks.subspan(equal);
  }
  return {};
}

result<child> node_writer::put_leaf(bytes_view chunk, const attributes& attr) {
  data message{.type = data_type::file, .file_size = chunk.size(), .attr = attr};
  if (!chunk.empty())
    message.content = to_bytes(chunk);
  buffer_.clear();
  put_pb_data(buffer_, encode(message));
  return put_node(buffer_, 0, chunk.size());
}

result<child> node_writer::put_file_node(const std::vector<child>& children, const attributes& attr) {
  data message{.type = data_type::file, .file_size = 0, .attr = attr};
  message.block_sizes.reserve(children.size());
  std::uint64_t below = 0;
  buffer_.clear();
  for (const auto& c : children) {
    put_pb_link(buffer_, c.id, {}, c.dag_size);
    message.block_sizes.push_back(c.file_size);
    *message.file_size += c.file_size;
    below += c.dag_size;
  }
  put_pb_data(buffer_, encode(message));
  return put_node(buffer_, below, *message.file_size);
}

result<child> node_writer::put_symlink(std::string_view target, const attributes& attr) {
  // The mode of a link means nothing (always 0777 here), and Kubo leaves it out.
  data message{.type = data_type::symlink, .content = to_bytes(as_bytes(target)), .attr = {{}, attr.mtime}};
  buffer_.clear();
  put_pb_data(buffer_, encode(message));
  return put_node(buffer_, 0, target.size());
}

result<child> node_writer::put_node(bytes_view block, std::uint64_t below, std::uint64_t file_size) {
  WEIR_TRY(auto id, put_block(codec::dag_pb, block));
  return child{std::move(id), block.size() + below, file_size};
}

} // namespace weir::unixfs
