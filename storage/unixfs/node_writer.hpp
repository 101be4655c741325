#pragma once
// Makes nodes of a profile and puts them into a sink.
#include "storage/blocks/block_io.hpp"
#include "storage/unixfs/data.hpp"
#include "storage/unixfs/profile.hpp"

namespace weir::unixfs {

/// A child as its parent sees it.
struct child {
  cid id;
  std::uint64_t dag_size = 0;  ///< bytes of its block and of all below it
  std::uint64_t file_size = 0; ///< bytes of content
};

class node_writer {
public:
  node_writer(block_sink& sink, const profile& p) : sink_{sink}, profile_{p} {}

  const profile& settings() const { return profile_; }
  /// Blocks made so far, equal ones counted each time.
  std::uint64_t blocks() const { return blocks_; }
  /// A block that was made before counts, too.
  void count_known() { ++blocks_; }

  /// A chunk: raw, or wrapped (type raw in trickle DAGs, as Kubo has it).
  result<child> put_leaf(bytes_view chunk);
  /// Several chunks in their order; those of one size are hashed together.
  status put_leaves(std::span<const bytes_view> chunks, std::vector<child>& out);
  /// A file that is one wrapped chunk and carries attributes.
  result<child> put_leaf(bytes_view chunk, const attributes& attr);
  /// A file node over its children.
  result<child> put_file_node(const std::vector<child>& children, const attributes& attr = {});
  result<child> put_symlink(std::string_view target, const attributes& attr = {});
  /// A whole dag-pb block; `below` is the DAG size of its children.
  result<child> put_node(bytes_view block, std::uint64_t below, std::uint64_t file_size);

private:
  bool hashes_together() const;
  status put_equal_leaves(std::span<const bytes_view> chunks, std::vector<child>& out);
  result<cid> put_block(std::uint64_t codec, bytes_view block);

  block_sink& sink_;
  profile profile_;
  std::uint64_t blocks_ = 0;
  bytes buffer_;
};

} // namespace weir::unixfs
