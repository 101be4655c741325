#pragma once
// The links of a block, by its codec, and the walk over a whole DAG.
#include "storage/blocks/block_io.hpp"

#include <functional>
#include <memory>

namespace weir {

/// Appends the CIDs that `block` links to, in their order. Raw blocks have
/// none. errc::unsupported for a codec that Weir does not read.
status links_of(const cid& id, bytes_view block, std::vector<cid>& out);

struct walk_limits {
  std::size_t depth = 1024;          ///< links on a way from the root
  std::size_t pending = 1 << 20;     ///< links on that way and beside it, about 100 bytes each
  std::uint64_t blocks = 1ull << 32; ///< different blocks
};

/// A walk over a DAG that its caller drives block by block, so that it can
/// stop, wait for a block and go on. The order is that of `walk_dag`.
class dag_walk {
public:
  explicit dag_walk(const cid& root, const walk_limits& limits = {});
  ~dag_walk();
  dag_walk(dag_walk&&) noexcept;

  /// The block to be opened now, the same until `opened`; null at the end.
  const cid* next();
  /// It has these links. errc::too_large.
  status opened(std::vector<cid> links);
  /// Different blocks that were opened.
  std::uint64_t blocks() const;

private:
  struct state;
  std::unique_ptr<state> state_;
};

/// Every CID below and with `root` once, a parent before its children, depth
/// first in the order of the links: the order of `ipfs dag export`. `open`
/// reads the block and appends its links. Memory: the links of one way down,
/// and 16 bytes (in a hash set) for each different block.
status walk_dag(const cid& root, const std::function<status(const cid&, std::vector<cid>& links)>& open,
                const walk_limits& limits = {});

/// `walk_dag` over the blocks themselves. Stops at the first error, its own or
/// of `visit`.
status for_each_block(const cid& root, block_source& source, const std::function<status(const cid&, bytes_view)>& visit,
                      const walk_limits& limits = {});

} // namespace weir
