#pragma once
// The shape of a file's DAG over its leaves: leaves come in one at a time,
// nodes go out as soon as they are full, and only the open nodes from the
// root down are in memory.
#include "storage/unixfs/node_writer.hpp"

#include <memory>

namespace weir::unixfs {

class file_layout {
public:
  virtual ~file_layout() = default;
  virtual status add(child leaf) = 0;
  /// The root. A balanced layout has at least one leaf.
  virtual result<child> finish(const attributes& attr) = 0;
};

/// `writer` outlives it.
std::unique_ptr<file_layout> make_layout(node_writer& writer);

} // namespace weir::unixfs
