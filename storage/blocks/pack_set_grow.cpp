// Packs that grow, and what of them is whole after a crash.
#include "messages/types/varint.hpp"
#include "storage/blocks/own_pack_file.hpp"
#include "storage/blocks/pack_files.hpp"
#include "storage/blocks/pack_group.hpp"
#include "storage/car/car_file.hpp"
#include "storage/hash/block_cid.hpp"
#include "storage/support/crash_point.hpp"

#include <fcntl.h>

namespace weir {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t window = 4 << 20;
constexpr std::size_t largest_frame = most_small_block + 256;

/// Frames behind what is known to be good. A group that was being written when
/// power went may be there in part, in any part.
struct frames {
  std::uint64_t end = 0;         ///< of the last good one before the first that is not
  std::vector<car_entry> good;   ///< up to there
  std::vector<car_entry> beyond; ///< good ones behind that
  std::vector<car_entry> bad;    ///< as far as they have a CID
};

/// One frame off the front; its block is what remains of `frame`.
struct frame_seen {
  std::size_t size = 0; ///< 0: there is none
  bool good = false;
  cid id;
  bytes_view block;
};

frame_seen look_at(bytes_view in) {
  frame_seen f;
  const auto all = in.size();
  auto length = take_varint(in, multiformats_varint_max);
  if (!length || *length == 0 || *length > largest_frame || *length > in.size())
    return f;
  f.size = all - in.size() + static_cast<std::size_t>(*length);
  f.block = in.first(static_cast<std::size_t>(*length));
  auto id = cid::take(f.block);
  if (!id)
    return f;
  f.id = *std::move(id);
  auto whole = verify_block(f.id, f.block);
  f.good = whole || whole.error().code == errc::unsupported; // nobody could say that it is not
  return f;
}

result<frames> read_frames(const pack_set::pack& p, std::uint64_t from, std::uint64_t to) {
  frames found{.end = from, .good = {}, .beyond = {}, .bad = {}};
  bytes buffer(std::min<std::uint64_t>(window, to - from));
  bool torn = false;
  for (std::uint64_t at = from;;) {
    WEIR_TRY(auto size, read_at(p.fd.get(), buffer, at, p.file));
    const bytes_view read{buffer.data(), size};
    std::size_t done = 0;
    while (size < buffer.size() || at + size >= to || size - done >= largest_frame + multiformats_varint_max) {
      auto f = look_at(read.subspan(done));
      if (f.size == 0)
        return found;
      done += f.size;
      torn = torn || !f.good;
      auto& list = !f.good ? found.bad : torn ? found.beyond : found.good;
      if (!f.id.empty())
        list.push_back({std::move(f.id), at + done - f.block.size(), f.block.size()});
      if (!torn)
        found.end = at + done;
    }
    at += done;
  }
}

} // namespace

result<pack_set::pack_pointer> pack_set::list_growing(const fs::path& file, std::uint64_t size) {
  {
    std::unique_lock lock{mutex_};
    if (!index_)
      WEIR_CHECK(open_index());
  }
  auto absolute = absolute_name(file);
  pack_manifest manifest{next_id_++, absolute.lexically_proximate(absolute_name(store_)), {{0, size}}, true, false};
  WEIR_TRY(auto p, open_pack(std::move(manifest), std::move(absolute)));
  p->bytes = size;
  WEIR_CHECK(index_->commit(p->manifest.id, pack_state::done)); // its blocks are never loose as well
  WEIR_CHECK(list(p));
  return pack_pointer{std::move(p)};
}

status pack_set::extend(const pack_pointer& p, std::uint64_t end, std::span<const new_block> blocks) {
  std::vector<pack_index::entry> entries;
  entries.reserve(blocks.size());
  for (const auto& b : blocks)
    entries.push_back({b.multihash, {p->manifest.id, b.offset, b.size}, b.absent_at});
  WEIR_CHECK(index_->add_all(entries));
  p->bytes = end;
  return {};
}

status pack_set::note_growth(const pack_pointer& p, bool ended) {
  WEIR_TRY(auto state, index_->state_of(p->manifest.id));
  WEIR_CHECK(index_->commit(p->manifest.id, state)); // and all that was added before
  auto now = p->manifest;
  now.segments = p->segments();
  now.growing = !ended;
  WEIR_TRY(auto text, encode(now));
  WEIR_CHECK(write_file_durably(list_entry(p->manifest.id), as_bytes(text)));
  crash_point("packs.noted");
  return {};
}

status pack_set::recover_growing() {
  for (auto& p : packs()) {
    if (!p->manifest.growing || !p->fd)
      continue;
    if (growing_)
      WEIR_CHECK(note_growth(growing_, true)); // only the last one goes on
    WEIR_CHECK(recover(p));
    growing_ = p;
  }
  return {};
}

status pack_set::recover(const pack_pointer& p) {
  const auto known = p->manifest.segments[0].size;
  const std::uint64_t size = p->bytes;
  p->bytes = known;
  if (size <= known)
    return {}; // nothing came after it; or the file was damaged, which is found when it is read
  WEIR_TRY(auto found, read_frames(*p, known, size));
  WEIR_CHECK(save_beyond(*p, found.beyond));
  for (const auto& e : found.bad) // else nobody could put it again
    WEIR_CHECK(forget(e.id.multihash(), {p->manifest.id, e.offset, static_cast<std::uint32_t>(e.size)}));
  WEIR_TRY(auto fd, open_file(p->file, O_WRONLY));
  WEIR_CHECK(cut_file(fd.get(), found.end, p->file));
  std::vector<new_block> blocks;
  for (const auto& e : found.good)
    if (e.id.hash_code() != hash_code::identity)
      blocks.push_back({e.id.multihash(), e.offset, static_cast<std::uint32_t>(e.size)});
  WEIR_CHECK(extend(p, found.end, blocks));
  return found.good.empty() ? status{} : note_growth(p, false);
}

/// Committed blocks behind a damaged one must not go with it.
status pack_set::save_beyond(const pack& p, const std::vector<car_entry>& beyond) {
  if (beyond.empty())
    return {};
  WEIR_TRY(auto name, name_own_pack());
  WEIR_TRY(auto out, own_pack_file::create(name, beyond[0].id));
  bytes block;
  for (const auto& e : beyond) {
    block.resize(static_cast<std::size_t>(e.size));
    WEIR_TRY([[maybe_unused]] auto got, read_at(p.fd.get(), block, e.offset, p.file));
    WEIR_CHECK(out->append(e.id, block));
  }
  WEIR_CHECK(out->finish());
  WEIR_TRY(auto saved, prepare(name, true, {}));
  return list(saved);
}

} // namespace weir
