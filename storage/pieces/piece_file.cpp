#include "storage/pieces/piece_file.hpp"

#include "storage/pieces/piece_cid.hpp"
#include "storage/support/crash_point.hpp"
#include "storage/support/file.hpp"
#include "storage/support/page_buffer.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace weir {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t buffer_size = 1 << 20;

/// Bytes of one segment on their way to the file: gathered into large writes.
class segment_writer {
public:
  segment_writer(int fd, const fs::path& path, std::uint64_t offset, std::uint64_t size)
      : fd_{fd}, path_{path}, at_{offset}, left_{size} {
    buffer_.reserve(buffer_size);
  }

  status take(bytes_view data) {
    if (data.size() > left_)
      return fail(errc::changed, "a content gives more bytes than it has", path_.string());
    left_ -= data.size();
    commp_.update(data);
    while (!data.empty()) {
      auto part = data.first(std::min(data.size(), buffer_size - buffer_.size()));
      buffer_.insert(buffer_.end(), part.begin(), part.end());
      data = data.subspan(part.size());
      if (buffer_.size() == buffer_size)
        WEIR_CHECK(flush());
    }
    return {};
  }

  result<commitment> finish() {
    if (left_ != 0)
      return fail(errc::changed, "a content gives fewer bytes than it has", path_.string());
    WEIR_CHECK(flush());
    return commp_.finish();
  }

private:
  status flush() {
    WEIR_CHECK(write_all_at(fd_, buffer_, at_, path_));
    at_ += buffer_.size();
    buffer_.clear();
    return {};
  }

  int fd_;
  const fs::path& path_;
  std::uint64_t at_, left_;
  bytes buffer_;
  commp_stream commp_;
};

/// Where the segments go. A single one needs no index.
result<aggregate_layout> lay_out(std::span<const std::uint64_t> sizes, const piece_limits& limits) {
  if (sizes.empty() || !valid_piece_size(limits.least) || !valid_piece_size(limits.most))
    return fail(errc::invalid_argument, "a piece needs a segment and limits that are powers of two");
  std::vector<std::uint64_t> padded;
  for (auto size : sizes)
    padded.push_back(piece_size_for(size));
  if (sizes.size() > 1)
    return lay_out_aggregate(padded, limits.least, limits.most);
  if (padded[0] > limits.most)
    return fail(errc::too_large, "the content does not fit into one piece", std::to_string(sizes[0]),
                std::to_string(unpadded_size_of(limits.most)));
  return aggregate_layout{std::max(padded[0], limits.least), {0}};
}

std::vector<std::uint64_t> sizes_of(std::span<const segment_source> sources) {
  std::vector<std::uint64_t> sizes;
  for (auto& s : sources)
    sizes.push_back(s.size);
  return sizes;
}

result<written_segment> write_segment(int fd, const fs::path& path, const segment_source& source,
                                      std::uint64_t offset) {
  segment_writer out{fd, path, unpadded_size_of(offset), source.size};
  WEIR_CHECK(source.produce([&](bytes_view data) { return out.take(data); }));
  WEIR_TRY(auto made, out.finish());
  return written_segment{made.root, made.padded_size, unpadded_size_of(offset), made.payload_size};
}

/// Root of the whole; of an aggregate the index is written, too.
result<piece_node> finish_tree(int fd, const fs::path& path, const written_piece& made) {
  if (made.segments.size() == 1) {
    auto& only = made.segments[0];
    return extended_to({only.root, only.padded_size, only.length}, made.padded_size).root;
  }
  std::vector<data_segment> parts;
  for (auto& s : made.segments)
    parts.push_back({s.root, padded_size_of(s.offset), s.padded_size});
  WEIR_TRY(auto whole, aggregate::create(made.padded_size, std::move(parts)));
  WEIR_CHECK(write_all_at(fd, whole.index_bytes(), unpadded_size_of(index_offset(made.padded_size)), path));
  return whole.root();
}

result<written_piece> write_all_segments(const fs::path& path, std::span<const segment_source> sources,
                                         const aggregate_layout& layout) {
  WEIR_TRY(auto file, open_file(path, O_WRONLY | O_CREAT | O_TRUNC));
  if (::ftruncate(file.get(), static_cast<off_t>(unpadded_size_of(layout.padded_size))) != 0)
    return os_error(errno, "the piece file could not be made", path);
  written_piece out;
  out.padded_size = layout.padded_size;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    WEIR_TRY(auto segment, write_segment(file.get(), path, sources[i], layout.offsets[i]));
    out.payload_size = std::max(out.payload_size, segment.offset + segment.length);
    out.segments.push_back(std::move(segment));
  }
  WEIR_TRY(auto root, finish_tree(file.get(), path, out));
  out.id = piece_cid_v1(root);
  WEIR_CHECK(sync_file(file.get(), path));
  return out;
}

} // namespace

result<std::uint64_t> planned_piece_size(std::span<const std::uint64_t> sizes, const piece_limits& limits) {
  WEIR_TRY(auto layout, lay_out(sizes, limits));
  return layout.padded_size;
}

result<written_piece> write_piece_file(const fs::path& path, std::span<const segment_source> sources,
                                       const piece_limits& limits) {
  WEIR_TRY(auto layout, lay_out(sizes_of(sources), limits));
  auto out = write_all_segments(path, sources, layout);
  if (!out)
    ::unlink(path.c_str());
  return out;
}

status name_piece_file(const fs::path& from, const fs::path& to) {
  crash_point("piece.written");
  if (::rename(from.c_str(), to.c_str()) != 0)
    return os_error(errno, "the piece file could not be named", to);
  crash_point("piece.named");
  return sync_folder(to.parent_path());
}

result<commitment> commp_of_file(const fs::path& path, const std::function<status()>& go_on) {
  WEIR_TRY(auto file, open_file(path, O_RDONLY));
  commp_stream stream;
  page_buffer buffer{8 * commp::chunk_size}; // whole chunks: none has to wait for its rest
  for (;;) {
    WEIR_TRY(auto size, read_at(file.get(), buffer, stream.size(), path));
    if (size == 0)
      return stream.finish();
    stream.update({buffer.data(), size});
    if (go_on)
      WEIR_CHECK(go_on());
  }
}

result<std::vector<data_segment>> read_piece_index(const fs::path& path, std::uint64_t padded_size) {
  if (!valid_piece_size(padded_size))
    return fail(errc::invalid_argument, "no piece has this size", std::to_string(padded_size));
  WEIR_TRY(auto file, open_file(path, O_RDONLY));
  auto at = unpadded_size_of(index_offset(padded_size)), end = unpadded_size_of(padded_size);
  constexpr std::size_t slice = buffer_size / quad_payload * quad_payload;
  bytes buffer(std::min<std::uint64_t>(slice, end - at));
  std::vector<data_segment> out;
  while (at < end) {
    auto wanted = std::span{buffer}.first(std::min<std::uint64_t>(buffer.size(), end - at));
    WEIR_TRY(auto size, read_at(file.get(), wanted, at, path));
    if (size != wanted.size())
      return fail(errc::corrupt, "the piece file is shorter than its piece", path.string());
    auto found = parse_index(wanted, padded_size);
    out.insert(out.end(), found.begin(), found.end());
    at += size;
  }
  return out;
}

} // namespace weir
