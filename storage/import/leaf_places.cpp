#include "storage/import/leaf_places.hpp"

#include "storage/commp/kernel.hpp"
#include "storage/support/file.hpp"

#include <algorithm>

namespace weir {

namespace {

/// Each chunk is a system call of its own.
constexpr std::size_t least_chunk = 64 << 10;
/// What the narrowest kernel hashes at once.
constexpr std::size_t streams = 4;
constexpr std::uint64_t read_ahead_size = 32 << 20;

bool can_be_placed(const unixfs::profile& how) {
  return how.raw_leaves && how.hash == hash_code::sha2_256 && how.inline_limit == 0
         && how.chunks.how == unixfs::chunking::method::size && how.chunks.most >= least_chunk;
}

} // namespace

placed_reader::placed_reader(leaf_places* places, const unixfs::profile& how)
    : places_{can_be_placed(how) ? places : nullptr} {
  if (places_ == nullptr)
    return;
  chunk_ = how.chunks.most;
  crossing_.resize(chunk_);
}

/// The kernel fetches what is needed next while this is hashed: its own window
/// is so small that a file that is not in memory would be waited for in between.
void placed_reader::read_ahead(int fd, std::uint64_t at, std::uint64_t size) {
  if (at == 0)
    ahead_ = 0;
  if (ahead_ >= std::min(at + read_ahead_size / 2, size))
    return;
  const auto from = std::max(at, ahead_);
  ahead_ = std::min(at + read_ahead_size, size);
  if (from < ahead_)
    fetch_soon(fd, from, ahead_ - from);
}

result<std::uint64_t> placed_reader::read(int fd, std::uint64_t size, unixfs::file_importer& importer,
                                          const std::filesystem::path& path) {
  if (places_ == nullptr)
    return std::uint64_t{0};
  std::uint8_t* to[commp::lanes + 1];
  const auto placed = places_->places(chunk_, {to, commp::lanes});
  if (placed + 1 < commp::best_kernel().worthwhile_lanes)
    return std::uint64_t{0};     // too few to be hashed together
  to[placed] = crossing_.data(); // is copied, so it is used only where the others do not fill the kernel
  auto at = importer.size();
  auto count = static_cast<std::size_t>(std::min<std::uint64_t>(
      {placed < streams ? placed + 1 : placed, importer.together(), (size - at) / chunk_, commp::lanes}));
  if (count > streams) // some of the last ones would have nothing to do
    count -= count % streams;
  read_ahead(fd, at, size);
  bytes_view chunks[commp::lanes];
  for (std::size_t i = 0; i < count; ++i, at += chunk_) {
    WEIR_TRY(auto n, read_at(fd, {to[i], chunk_}, at, path));
    if (n != chunk_)
      return fail(errc::changed, "a file changed while it was read: start again", path.string());
    chunks[i] = {to[i], chunk_};
  }
  WEIR_CHECK(importer.write_chunks({chunks, count}));
  return count * chunk_;
}

} // namespace weir
