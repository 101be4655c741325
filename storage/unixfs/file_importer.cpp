#include "storage/unixfs/file_importer.hpp"

#include <algorithm>

namespace weir::unixfs {

file_importer::file_importer(block_sink& sink, const profile& p, attributes attr)
    : writer_{sink, p}, layout_{make_layout(writer_)}, attr_{attr}, usable_{check(p)} {
  if (usable_ && p.raw_leaves && !attr.empty())
    usable_ = fail(errc::invalid_argument, "mode and time cannot be kept with raw leaves");
}

status file_importer::put_chunk(bytes_view chunk) {
  WEIR_TRY(auto leaf, writer_.put_leaf(chunk));
  return layout_->add(std::move(leaf));
}

status file_importer::write(bytes_view data) {
  WEIR_CHECK(usable_);
  const auto chunk_size = writer_.settings().chunk_size;
  // The last chunk stays here until more comes: a file of one leaf carries its
  // attributes in that leaf.
  while (!data.empty()) {
    if (chunk_.size() == chunk_size) {
      WEIR_CHECK(put_chunk(chunk_));
      chunk_.clear();
    }
    bytes_view part;
    if (chunk_.empty() && (data.size() > chunk_size || (data.size() == chunk_size && attr_.empty()))) {
      part = data.first(chunk_size);
      WEIR_CHECK(put_chunk(part));
    } else {
      part = data.first(std::min(data.size(), chunk_size - chunk_.size()));
      chunk_.insert(chunk_.end(), part.begin(), part.end());
    }
    size_ += part.size();
    data = data.subspan(part.size());
  }
  return {};
}

result<imported> file_importer::finish() {
  WEIR_CHECK(usable_);
  const bool balanced = writer_.settings().layout == dag_layout::balanced;
  if (balanced && size_ == chunk_.size() && !attr_.empty()) { // all of it is one leaf
    WEIR_TRY(auto leaf, writer_.put_leaf(chunk_, attr_));
    return imported{std::move(leaf.id), size_, leaf.dag_size, writer_.blocks()};
  }
  if (!chunk_.empty() || (size_ == 0 && balanced))
    WEIR_CHECK(put_chunk(chunk_));
  chunk_ = {};
  WEIR_TRY(auto root, layout_->finish(attr_));
  return imported{std::move(root.id), size_, root.dag_size, writer_.blocks()};
}

} // namespace weir::unixfs
