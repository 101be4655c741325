#include "storage/unixfs/file_layout.hpp"

namespace weir::unixfs {

namespace {

/// All leaves at the same depth, every node full but the last of its level.
class balanced_layout : public file_layout {
public:
  explicit balanced_layout(node_writer& writer) : writer_{writer} {}

  status add(child leaf) override { return add(0, std::move(leaf)); }

  result<child> finish(const attributes& attr) override {
    for (std::size_t level = 0;; ++level) {
      bool top = level + 1 == levels_.size();
      if (top && levels_[level].size() == 1)
        return levels_[level].front(); // a file of one leaf
      WEIR_TRY(auto node, writer_.put_file_node(levels_[level], top ? attr : attributes{}));
      if (top)
        return node;
      WEIR_CHECK(add(level + 1, std::move(node)));
    }
  }

private:
  /// A full node is only written when its next sibling comes: else it could be
  /// the root.
  status add(std::size_t level, child c) {
    if (level == levels_.size())
      levels_.emplace_back();
    if (levels_[level].size() == writer_.settings().file_links) {
      WEIR_TRY(auto full, writer_.put_file_node(levels_[level]));
      levels_[level].clear();
      WEIR_CHECK(add(level + 1, std::move(full)));
    }
    levels_[level].push_back(std::move(c));
    return {};
  }

  node_writer& writer_;
  std::vector<std::vector<child>> levels_; ///< the open node of each level, leaves first
};

/// Leaves near the root first: a node has its leaves, then four subtrees of
/// depth 1, four of depth 2 and so on, for reading while it arrives.
class trickle_layout : public file_layout {
public:
  explicit trickle_layout(node_writer& writer) : writer_{writer} { open_.emplace_back(); }

  status add(child leaf) override {
    for (;;) {
      auto& node = open_.back();
      if (node.children.size() < writer_.settings().file_links) {
        node.children.push_back(std::move(leaf));
        return {};
      }
      if (node.max_depth > 0 && node.depth == node.max_depth)
        WEIR_CHECK(close_last());
      else
        open_.push_back({.max_depth = node.depth});
    }
  }

  result<child> finish(const attributes& attr) override {
    while (open_.size() > 1)
      WEIR_CHECK(close_last());
    return writer_.put_file_node(open_.front().children, attr);
  }

private:
  static constexpr int subtrees_of_one_depth = 4;

  struct open_node {
    int max_depth = 0; ///< 0 for the root, which has no limit
    int depth = 1;     ///< of the subtree that comes next
    int subtrees = 0;  ///< of that depth so far
    std::vector<child> children;
  };

  status close_last() {
    WEIR_TRY(auto node, writer_.put_file_node(open_.back().children));
    open_.pop_back();
    auto& parent = open_.back();
    parent.children.push_back(std::move(node));
    if (++parent.subtrees == subtrees_of_one_depth) {
      parent.subtrees = 0;
      ++parent.depth;
    }
    return {};
  }

  node_writer& writer_;
  std::vector<open_node> open_; ///< from the root down
};

} // namespace

std::unique_ptr<file_layout> make_layout(node_writer& writer) {
  if (writer.settings().layout == dag_layout::trickle)
    return std::make_unique<trickle_layout>(writer);
  return std::make_unique<balanced_layout>(writer);
}

} // namespace weir::unixfs
