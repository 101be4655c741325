#include "storage/blocks/block_store_state.hpp"

namespace weir {

status block_store::writer_impl::write(const cid& id, bytes_view block) {
  WEIR_CHECK(failed_);
  for (;;) {
    auto added = add(id, block);
    if (!added)
      return failed_ = added.error();
    if (!*added)
      continue;
    new_blocks_ += **added ? 1 : 0;
    new_bytes_ += **added ? block.size() : 0;
    return {};
  }
}

result<std::optional<bool>> block_store::writer_impl::add(const cid& id, bytes_view block) {
  std::shared_lock lock{state_.moving};
  const auto seen = state_.small.ended();
  WEIR_TRY(auto packed, state_.packed->look_up(id.multihash()));
  if (state::stays_in(packed.places))
    return std::optional{false};
  const bool is_loose = state_.files->has_folders() && state_.files->size_of(id.multihash());
  if (block.size() <= state_.small_block && !is_loose)
    return state_.small.put(small_owner_, id, block, {seen, packed.absent_at});
  loose_ = true;
  WEIR_TRY(bool added, state_.group.put(owner_, id.multihash(), block));
  return std::optional{added};
}

status block_store::writer_impl::commit() {
  auto small = state_.small.flush(small_owner_);
  auto loose = loose_ ? state_.group.flush(owner_) : status{};
  return small ? loose : small;
}

block_store::block_store(std::unique_ptr<state> s) : state_{std::move(s)} {}

block_store::~block_store() = default;

result<std::unique_ptr<block_store>> block_store::open(const std::filesystem::path& folder, const options& o) {
  WEIR_TRY(auto files, flatfs::open(folder));
  WEIR_TRY(auto packed, pack_set::open(folder));
  auto made = std::make_unique<state>(std::move(files), std::move(packed), o);
  for (const auto& p : made->packed->unsettled())
    WEIR_CHECK(made->remove_loose_of(p, true));
  return std::unique_ptr<block_store>{new block_store{std::move(made)}};
}

result<std::unique_ptr<block_store>> block_store::open(const std::filesystem::path& folder) {
  return open(folder, options{});
}

void block_store::on_damage(damage_listener listener) {
  std::lock_guard lock{state_->listener_mutex};
  state_->listener = std::move(listener);
}

std::unique_ptr<block_writer> block_store::writer() {
  return std::make_unique<writer_impl>(*state_);
}

status block_store::put(const cid& id, bytes_view block) {
  auto w = writer();
  WEIR_CHECK(w->put(id, block));
  return w->commit();
}

status block_store::read(const cid& id, bytes& out) {
  // What is on its way into a pack is there next.
  if (state_->small.read(id.multihash(), out))
    return {};
  // Packs first: to find out that a file is not there costs more than the index.
  auto first = state_->packed->empty() ? status{block_not_found(id)} : state_->read_packed(id, out);
  if (first)
    return first;
  auto loose = state_->read_loose(id, out);
  if (!loose && loose.error().code == errc::not_found && first.error().code == errc::corrupt)
    return first;
  if (loose || (loose.error().code != errc::not_found && loose.error().code != errc::corrupt))
    return loose;
  auto packed = state_->read_packed(id, out);
  if (!packed && packed.error().code == errc::not_found && loose.error().code == errc::not_found)
    if (state_->read_loose(id, out)) // its pack left in between
      return {};
  return !packed && packed.error().code == errc::not_found && loose.error().code == errc::corrupt ? loose : packed;
}

bool block_store::has(const cid& id) const {
  return id.hash_code() == hash_code::identity || state_->measure(id).ok();
}

result<std::uint64_t> block_store::measure(const cid& id) {
  return state_->measure(id);
}

status block_store::remove(const cid& id) {
  state_->verified.erase(id.multihash());
  WEIR_TRY(auto places, state_->packed->places(id.multihash()));
  for (const auto& where : places)
    where.in->let_go += where.place.size;
  return state_->files->remove(id.multihash());
}

status block_store::check(const cid& id) {
  state_->verified.erase(id.multihash());
  WEIR_TRY(auto places, state_->packed->places(id.multihash()));
  for (const auto& where : places)
    state_->verified.erase(id.multihash(), number_of(where.place));
  bytes block;
  return get(id, block);
}

result<store_stat> block_store::stat() const {
  store_stat out;
  WEIR_CHECK(state_->files->for_each([&](bytes_view, std::uint64_t size) {
    ++out.loose_blocks;
    out.loose_bytes += size;
    return status{};
  }));
  auto totals = state_->packed->totals();
  out.packed_blocks = totals.blocks;
  out.packed_bytes = totals.bytes;
  for (const auto& p : packs()) {
    ++out.packs;
    out.pack_bytes += p.bytes;
    out.missing_packs += p.missing;
    out.reference_packs += p.references;
  }
  out.quarantined = state_->files->quarantined();
  return out;
}

status block_store::for_each(const std::function<status(bytes_view, std::uint64_t)>& visit) const {
  WEIR_CHECK(state_->files->for_each(visit));
  return state_->packed->for_each([&](bytes_view multihash, const std::vector<pack_set::found>& places) {
    return visit(multihash, places[0].place.size);
  });
}

status block_store::for_each_loose(const std::function<status(bytes_view, std::uint64_t)>& visit) const {
  return state_->files->for_each(visit);
}

std::uint64_t block_store::bytes_used() const {
  return state_->files->disk_usage() + state_->packed->totals().bytes;
}

std::uint64_t block_store::own_bytes() const {
  auto sum = state_->files->disk_usage();
  for (const auto& p : state_->packed->packs())
    sum += state_->packed->is_own(*p) ? p->bytes.load() : 0;
  return sum;
}

} // namespace weir
