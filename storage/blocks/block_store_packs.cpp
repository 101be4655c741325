// Packs come and go.
#include "storage/blocks/block_store_state.hpp"
#include "storage/hash/block_cid.hpp"
#include "storage/support/crash_point.hpp"

#include <algorithm>

#include <fcntl.h>

namespace weir {

namespace {

cid raw_cid(bytes_view multihash) {
  return cid::v1(codec::raw, multihash);
}

bool serves(const std::vector<pack_set::found>& places, const pack_place& place) {
  return std::any_of(places.begin(), places.end(), [&](auto& where) { return where.place == place; });
}

} // namespace

status block_store::state::remove_loose_of(const pack_set::pack_pointer& p, bool verify) {
  bytes block;
  auto remove = [&](bytes_view multihash, const pack_place& place) -> status {
    if (verify && !files->size_of(multihash))
      return {};
    WEIR_TRY(auto places, packed->places(multihash));
    if (!serves(places, place))
      return {};
    if (verify && !read_place(raw_cid(multihash), {p, place}, block))
      return {}; // it was put aside; the loose one is the good one
    verified.erase(multihash);
    return files->remove(multihash);
  };
  if (files->has_folders()) {
    WEIR_CHECK(pack_set::scan(*p, remove));
    WEIR_CHECK(files->sync()); // else they could come back
  }
  return packed->settle(p);
}

status block_store::state::add_pack(const std::filesystem::path& file, bool verify,
                                    const std::function<status()>& go_on) {
  std::lock_guard one_at_a_time{packing};
  return add_alone(file, verify, go_on);
}

status block_store::state::add_alone(const std::filesystem::path& file, bool verify,
                                     const std::function<status()>& go_on) {
  WEIR_TRY(auto p, packed->prepare(file, verify, go_on));
  {
    // Who comes after this sees it in the pack; who came before is flushed.
    std::unique_lock lock{moving};
    WEIR_CHECK(packed->list(p));
  }
  (void)group.flush(std::make_shared<write_owner>()); // an error is that of the blocks' owners
  return p->manifest.references ? packed->settle(p) : remove_loose_of(p, false);
}

result<bool> block_store::state::stays_packed(bytes_view multihash) const {
  WEIR_TRY(auto places, packed->places(multihash));
  return stays_in(places);
}

bool block_store::state::stays_in(const std::vector<pack_set::found>& places) {
  return std::any_of(places.begin(), places.end(), [](auto& where) { return where.in->relied_on(); });
}

result<bool> block_store::state::needs(const pack_set::pack_pointer& p, bytes_view multihash, const pack_place& place,
                                       const keep_rule& keep) const {
  WEIR_TRY(auto places, packed->places(multihash));
  bool elsewhere =
      std::any_of(places.begin(), places.end(), [&](auto& where) { return where.in != p && where.in->relied_on(); });
  if (elsewhere || !serves(places, place))
    return false;
  return keep(multihash);
}

status block_store::state::begin_leaving(const pack_set::pack_pointer& p) {
  WEIR_CHECK(packed->unsettle(p)); // loose copies of its blocks come: a crash must not leave both
  std::unique_lock lock{moving};
  p->leaving = true;
  return {};
}

void block_store::state::stay(const pack_set::pack_pointer& p) {
  {
    std::unique_lock lock{moving};
    p->leaving = false;
  }
  (void)group.flush(std::make_shared<write_owner>());
  (void)remove_loose_of(p, false); // else the next `open` does
}

status block_store::state::keep_blocks(const pack_set::pack_pointer& p, const keep_rule& keep) {
  writer_impl loose{*this};
  bytes block;
  auto look = [&](bytes_view multihash, const pack_place& place) -> status {
    WEIR_TRY(bool wanted, needs(p, multihash, place, keep));
    if (!wanted)
      return {};
    auto id = raw_cid(multihash);
    auto got = read_place(id, {p, place}, block);
    if (!got)
      return got.error().code == errc::corrupt ? status{} : got; // it was told
    return loose.put(id, block);
  };
  WEIR_CHECK(pack_set::scan(*p, look));
  return loose.commit();
}

status block_store::state::drop_pack(const std::filesystem::path& file, const keep_rule& keep) {
  std::lock_guard one_at_a_time{packing};
  auto p = packed->find(file);
  if (p && p->fd && keep) {
    WEIR_CHECK(begin_leaving(p));
    if (auto kept = keep_blocks(p, keep); !kept) {
      stay(p);
      return kept;
    }
    crash_point("packs.kept");
  }
  return packed->drop(file);
}

/// The frame's CID ends where the block begins: a place that is another block's is left alone.
status block_store::state::mend(const cid& id, bytes_view block, const std::filesystem::path& file,
                                std::uint64_t offset) {
  WEIR_CHECK(verify_block(id, block));
  std::lock_guard one_at_a_time{packing};
  auto p = packed->find(file);
  if (!p || !p->fd)
    return fail(errc::not_found, "this file is no pack of the store", file.string());
  auto multihash = id.multihash();
  bytes before(multihash.size());
  auto other = fail(errc::precondition, "the pack has another block in this place", id.text());
  if (offset < before.size() || block.size() > p->bytes || offset > p->bytes - block.size())
    return other;
  WEIR_TRY(auto got, read_at(p->fd.get(), before, offset - before.size(), p->file));
  if (got != before.size() || !std::equal(before.begin(), before.end(), multihash.begin()))
    return other;
  WEIR_TRY(auto fd, open_file(p->file, O_WRONLY));
  WEIR_CHECK(write_all_at(fd.get(), block, offset, p->file));
  WEIR_CHECK(sync_file(fd.get(), p->file));
  return packed->remember(multihash, {p->manifest.id, offset, static_cast<std::uint32_t>(block.size())});
}

status block_store::add_pack(const std::filesystem::path& file, bool verify, const std::function<status()>& go_on) {
  return state_->add_pack(file, verify, go_on);
}

status block_store::drop_pack(const std::filesystem::path& file, const keep_rule& keep) {
  return state_->drop_pack(file, keep);
}

status block_store::mend(const cid& id, bytes_view block, const std::filesystem::path& pack, std::uint64_t offset) {
  return state_->mend(id, block, pack, offset);
}

std::vector<pack_info> block_store::packs() const {
  std::vector<pack_info> out;
  for (const auto& p : state_->packed->packs())
    out.push_back({p->file, p->bytes, !p->fd, p->manifest.references});
  return out;
}

std::optional<pack_info> block_store::pack_at(const std::filesystem::path& file) const {
  auto p = state_->packed->find(file);
  return p ? std::optional{pack_info{p->file, p->bytes, !p->fd, p->manifest.references}} : std::nullopt;
}

status block_store::discard_index(const std::filesystem::path& folder) {
  return discard_pack_index(folder);
}

} // namespace weir
