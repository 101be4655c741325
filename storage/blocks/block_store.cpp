#include "storage/blocks/block_store_state.hpp"

namespace weir {

namespace {

cid raw_cid(bytes_view multihash) {
  return cid::v1(codec::raw, multihash);
}

} // namespace

status block_store::writer_impl::write(const cid& id, bytes_view block) {
  WEIR_CHECK(failed_);
  std::shared_lock lock{state_.moving};
  WEIR_TRY(auto packed, state_.packed->places(id.multihash()));
  for (const auto& where : packed)
    if (!where.in->leaving)
      return {};
  auto added = state_.group.put(owner_, id.multihash(), block);
  if (!added)
    return failed_ = added.error();
  new_blocks_ += *added ? 1 : 0;
  new_bytes_ += *added ? block.size() : 0;
  return {};
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
  }
  return out;
}

result<store_check> block_store::check_all(const std::function<status()>& go_on) {
  store_check out;
  bytes block;
  auto count = [&](const cid& id, const status& read) -> status {
    if (go_on)
      WEIR_CHECK(go_on());
    if (!read && read.error().code != errc::corrupt && read.error().code != errc::not_found)
      return read;
    if (!read && read.error().code == errc::corrupt)
      out.damaged.push_back(id);
    if (read) {
      ++out.blocks;
      out.bytes += block.size();
    }
    return {};
  };
  WEIR_CHECK(state_->files->for_each([&](bytes_view multihash, std::uint64_t) {
    auto id = raw_cid(multihash);
    state_->verified.erase(multihash);
    return count(id, state_->read_loose(id, block));
  }));
  WEIR_CHECK(state_->packed->for_each([&](bytes_view multihash, const std::vector<pack_set::found>& places) -> status {
    auto id = raw_cid(multihash);
    for (const auto& where : places) {
      state_->verified.erase(multihash, number_of(where.place));
      WEIR_CHECK(count(id, state_->read_place(id, where, block)));
    }
    return {};
  }));
  return out;
}

status block_store::for_each(const std::function<status(bytes_view, std::uint64_t)>& visit) const {
  WEIR_CHECK(state_->files->for_each(visit));
  return state_->packed->for_each([&](bytes_view multihash, const std::vector<pack_set::found>& places) {
    return visit(multihash, places[0].place.size);
  });
}

std::uint64_t block_store::bytes_used() const {
  return loose_bytes() + state_->packed->totals().bytes;
}

std::uint64_t block_store::loose_bytes() const {
  return state_->files->disk_usage();
}

} // namespace weir
