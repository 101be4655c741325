#include "storage/unixfs/file_importer.hpp"

#include "storage/commp/kernel.hpp"

namespace weir::unixfs {

file_importer::file_importer(block_sink& sink, const profile& p, attributes attr)
    : writer_{sink, p}, layout_{make_layout(writer_)}, attr_{attr}, usable_{check(p)} {
  if (usable_)
    chunker_ = make_chunker(p.chunks);
  if (usable_ && p.raw_leaves && !attr.empty())
    usable_ = fail(errc::invalid_argument, "mode and time cannot be kept with raw leaves");
}

status file_importer::put_chunk(bytes_view chunk) {
  WEIR_TRY(auto leaf, writer_.put_leaf(chunk));
  return add(std::move(leaf));
}

status file_importer::add(child leaf) {
  if (on_leaf_)
    on_leaf_(leaf);
  unlinked_.push_back(std::move(leaf));
  return ++count_ % commp::lanes == 0 ? link() : status{};
}

status file_importer::link() {
  for (auto& leaf : unlinked_)
    WEIR_CHECK(layout_->add(std::move(leaf)));
  unlinked_.clear();
  return {};
}

std::size_t file_importer::together() const {
  return commp::lanes - count_ % commp::lanes;
}

status file_importer::add_known(const child& leaf) {
  WEIR_CHECK(usable_);
  if (!chunk_.empty() || !attr_.empty())
    return fail(errc::precondition, "a known leaf begins a chunk, of a file without attributes");
  size_ += leaf.file_size;
  writer_.count_known();
  ++count_;
  WEIR_CHECK(link());
  return layout_->add(leaf);
}

status file_importer::write_chunks(std::span<const bytes_view> chunks) {
  WEIR_CHECK(usable_);
  const auto& how = writer_.settings().chunks;
  if (!chunk_.empty() || !attr_.empty() || how.how != chunking::method::size || chunks.size() > together())
    return fail(errc::precondition, "whole chunks begin on the edge of one, of a file without attributes");
  for (const auto& chunk : chunks) {
    if (chunk.size() != how.most)
      return fail(errc::precondition, "not a whole chunk", std::to_string(chunk.size()), std::to_string(how.most));
    size_ += chunk.size();
  }
  leaves_.clear();
  WEIR_CHECK(writer_.put_leaves(chunks, leaves_));
  for (auto& leaf : leaves_)
    WEIR_CHECK(add(std::move(leaf)));
  return {};
}

status file_importer::put_held() {
  WEIR_CHECK(put_chunk(chunk_));
  chunk_.clear();
  held_ = false;
  return {};
}

status file_importer::put_whole() {
  leaves_.clear();
  WEIR_CHECK(writer_.put_leaves(whole_, leaves_));
  whole_.clear();
  for (auto& leaf : leaves_)
    WEIR_CHECK(add(std::move(leaf)));
  return {};
}

status file_importer::write(bytes_view data) {
  WEIR_CHECK(usable_);
  while (!data.empty()) {
    if (held_)
      WEIR_CHECK(put_held());
    auto cut = chunker_->next_cut(data);
    auto part = data.first(cut.value_or(data.size()));
    data = data.subspan(part.size());
    size_ += part.size();
    // Whole chunks go out, several at once where they are; but one with which
    // the file could end is held: a file of one leaf carries its attributes in
    // that leaf.
    const bool hold = data.empty() && !attr_.empty();
    if (cut && chunk_.empty() && !hold) {
      whole_.push_back(part);
      if (whole_.size() == together())
        WEIR_CHECK(put_whole());
      continue;
    }
    WEIR_CHECK(put_whole());
    chunk_.insert(chunk_.end(), part.begin(), part.end());
    held_ = cut.has_value();
    if (held_ && !hold)
      WEIR_CHECK(put_held());
  }
  return put_whole();
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
  WEIR_CHECK(link());
  WEIR_TRY(auto root, layout_->finish(attr_));
  return imported{std::move(root.id), size_, root.dag_size, writer_.blocks()};
}

} // namespace weir::unixfs
