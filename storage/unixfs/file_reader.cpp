#include "storage/unixfs/file_reader.hpp"

#include "storage/ipld/dag_pb.hpp"

#include <algorithm>

namespace weir::unixfs {

/// A file node or a leaf, checked in itself.
struct file_reader::node {
  bytes content; ///< comes before the children
  std::vector<cid> children;
  std::vector<std::uint64_t> sizes; ///< of the children
  std::uint64_t size = 0;           ///< of everything
  attributes attr;
};

namespace {

error bad_file(const cid& id, std::string why) {
  return fail(errc::malformed, "not a UnixFS file: " + std::move(why), id.text());
}

} // namespace

file_reader::file_reader(block_source& source) : source_{source} {}

file_reader::~file_reader() = default;

result<std::unique_ptr<file_reader>> file_reader::open(block_source& source, const cid& root) {
  std::unique_ptr<file_reader> reader{new file_reader{source}};
  WEIR_TRY(reader->root_, reader->load(root));
  WEIR_CHECK(reader->seek(0));
  return reader;
}

std::uint64_t file_reader::size() const {
  return root_->size;
}

const attributes& file_reader::attr() const {
  return root_->attr;
}

result<std::shared_ptr<const file_reader::node>> file_reader::load(const cid& id) {
  WEIR_CHECK(source_.get(id, block_));
  auto n = std::make_shared<node>();
  if (id.codec() == codec::raw) {
    n->size = block_.size();
    n->content = std::move(block_);
    return std::shared_ptr<const node>{n};
  }
  if (id.codec() != codec::dag_pb)
    return fail(errc::unsupported, "files are made of raw and dag-pb blocks only", id.text());
  auto pb = decode_dag_pb(block_);
  if (!pb || !pb->data)
    return bad_file(id, pb ? "it has no data" : pb.error().message);
  auto message = decode(*pb->data);
  if (!message)
    return bad_file(id, message.error().message);
  if (message->type != data_type::file && message->type != data_type::raw)
    return fail(errc::precondition, "this is not a file", id.text());
  if (message->block_sizes.size() != pb->links.size())
    return bad_file(id, "it has not as many sizes as links");
  if (message->content)
    n->content = *std::move(message->content);
  n->size = n->content.size();
  for (auto size : message->block_sizes)
    if (__builtin_add_overflow(n->size, size, &n->size))
      return bad_file(id, "it is larger than any file");
  if (message->file_size.value_or(n->size) != n->size)
    return bad_file(id, "its sizes do not add up");
  n->sizes = std::move(message->block_sizes);
  for (auto& link : pb->links)
    n->children.push_back(std::move(link.hash));
  n->attr = message->attr;
  return std::shared_ptr<const node>{n};
}

void file_reader::enter(std::shared_ptr<const node> n) {
  leaf_ = n->content;
  leaf_owner_ = n;
  auto passed = std::min<std::uint64_t>(skip_, leaf_.size());
  leaf_ = leaf_.subspan(passed);
  skip_ -= passed;
  if (!n->children.empty())
    way_.push_back({std::move(n), 0});
}

status file_reader::seek(std::uint64_t offset) {
  if (offset > root_->size)
    return fail(errc::invalid_range, "the file ends before this byte", std::to_string(offset),
                std::to_string(root_->size));
  way_.clear();
  position_ = skip_ = offset;
  enter(root_);
  return {};
}

status file_reader::to_next_leaf() {
  while (leaf_.empty() && !way_.empty()) {
    auto& top = way_.back();
    if (top.next_child == top.parent->children.size()) {
      way_.pop_back();
      continue;
    }
    const auto child = top.next_child++;
    const auto size = top.parent->sizes[child];
    if (size <= skip_) { // an empty one, or all of it is before the offset
      skip_ -= size;
      continue;
    }
    if (way_.size() >= max_file_depth)
      return fail(errc::too_large, "the DAG of this file is too deep", top.parent->children[child].text(),
                  std::to_string(max_file_depth));
    auto keep = top.parent; // `enter` may move `way_`
    WEIR_TRY(auto n, load(keep->children[child]));
    if (n->size != size)
      return bad_file(keep->children[child], "its size is not what its parent says");
    enter(std::move(n));
  }
  return {};
}

result<bytes_view> file_reader::next(std::size_t max) {
  WEIR_CHECK(to_next_leaf());
  auto part = leaf_.first(std::min(max, leaf_.size()));
  leaf_ = leaf_.subspan(part.size());
  position_ += part.size();
  return part;
}

status read_file(block_source& source, const cid& root, std::uint64_t offset, std::uint64_t length,
                 const std::function<status(bytes_view)>& sink) {
  WEIR_TRY(auto reader, file_reader::open(source, root));
  WEIR_CHECK(reader->seek(offset));
  while (length > 0) {
    WEIR_TRY(auto part, reader->next(std::min<std::uint64_t>(length, max_block_size)));
    if (part.empty())
      return {};
    WEIR_CHECK(sink(part));
    length -= part.size();
  }
  return {};
}

} // namespace weir::unixfs
