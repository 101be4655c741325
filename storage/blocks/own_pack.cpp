#include "storage/blocks/own_pack.hpp"

#include "storage/car/car_file.hpp"
#include "storage/support/crash_point.hpp"

#include <algorithm>

#include <fcntl.h>

namespace weir {

namespace fs = std::filesystem;

status block_store::pack_writer_impl::write(const cid& id, bytes_view block) {
  WEIR_CHECK(failed_);
  if (out_ && (out_->size() >= most_of_own_pack || taken_.size() >= most_blocks_of_own_pack))
    WEIR_CHECK(commit());
  if (!taken_.emplace(as_text(id.multihash())).second)
    return {};
  {
    std::shared_lock lock{state_.moving};
    WEIR_TRY(bool here, state_.stays(id.multihash()));
    if (here)
      return {};
  }
  if (auto added = append(id, block); !added)
    return failed_ = added;
  ++new_blocks_;
  new_bytes_ += block.size();
  return {};
}

status block_store::pack_writer_impl::append(const cid& id, bytes_view block) {
  if (!out_) {
    WEIR_TRY(auto file, state_.packed->name_own_pack());
    WEIR_TRY(out_, own_pack_file::create(file, id));
  }
  return out_->append(id, block);
}

status block_store::pack_writer_impl::commit() {
  WEIR_CHECK(failed_);
  auto out = std::exchange(out_, nullptr);
  taken_.clear();
  if (!out)
    return {};
  auto done = out->finish();
  crash_point("packs.written");
  if (done)
    done = state_.add_pack(out->file(), false, {});
  if (!done) {
    (void)remove_file(out->file());
    failed_ = done;
  }
  return done;
}

std::unique_ptr<block_writer> block_store::pack_writer() {
  return std::make_unique<pack_writer_impl>(*state_);
}

result<bool> block_store::state::stays(bytes_view multihash) const {
  if (files->size_of(multihash) || group.size_of(multihash))
    return true;
  return stays_packed(multihash);
}

/// The blocks of a leaving pack that `keep` wants and no other pack has, in a
/// new one; empty when there is none.
result<fs::path> block_store::state::copy_needed(const pack_set::pack_pointer& p, const keep_rule& keep,
                                                 const std::function<status()>& go_on) {
  std::unique_ptr<own_pack_file> out;
  bytes block;
  auto look = [&](const car_entry& e) -> status {
    if (go_on)
      WEIR_CHECK(go_on());
    pack_place place{p->manifest.id, e.offset, static_cast<std::uint32_t>(e.size)};
    WEIR_TRY(bool wanted, needs(p, e.id.multihash(), place, keep));
    if (!wanted)
      return {};
    auto got = read_place(e.id, {p, place}, block);
    if (!got)
      return got.error().code == errc::corrupt ? status{} : got; // it was told
    if (!out) {
      WEIR_TRY(auto file, packed->name_own_pack());
      WEIR_TRY(out, own_pack_file::create(file, e.id));
    }
    return out->append(e.id, block);
  };
  WEIR_CHECK(pack_set::scan_frames(*p, look));
  if (!out)
    return fs::path{};
  WEIR_CHECK(out->finish());
  return out->file();
}

status block_store::state::replace_pack(const pack_set::pack_pointer& p, const keep_rule& keep,
                                        const std::function<status()>& go_on) {
  std::lock_guard one_at_a_time{packing};
  if (packed->find(p->file) != p)
    return {};
  WEIR_CHECK(begin_leaving(p));
  auto made = copy_needed(p, keep, go_on);
  status done = made ? status{} : status{made.error()};
  crash_point("packs.compacted");
  if (made && !made->empty())
    if (done = add_alone(*made, false, {}); !done)
      (void)remove_file(*made);
  if (!done) {
    stay(p);
    return done;
  }
  crash_point("packs.replaced");
  WEIR_CHECK(packed->drop(p->file));
  return remove_file(p->file);
}

/// Bytes of the pack that `keep` wants and nobody else has. What is let go
/// while it counts is counted anew.
result<std::uint64_t> block_store::state::count_live(const pack_set::pack_pointer& p, const keep_rule& keep,
                                                     const std::function<status()>& go_on) {
  const auto before = p->let_go.exchange(0);
  std::uint64_t live = 0;
  auto counted = pack_set::scan(*p, [&](bytes_view multihash, const pack_place& place) -> status {
    if (go_on)
      WEIR_CHECK(go_on());
    WEIR_TRY(bool wanted, needs(p, multihash, place, keep));
    live += wanted ? place.size : 0;
    return {};
  });
  if (!counted) {
    p->let_go += before; // who comes next has to look
    return counted.error();
  }
  p->counted = true;
  return live;
}

result<store_compaction> block_store::compact(const keep_rule& keep, const std::function<status()>& go_on) {
  // Two at a time would each pass over what the other looks at, and say it was done.
  std::lock_guard one_at_a_time{state_->compacting};
  store_compaction out;
  for (const auto& p : state_->packed->packs()) {
    if (!p->fd || !state_->packed->is_own(*p))
      continue;
    if (p->counted && (p->manifest.references ? p->let_go == 0 : p->let_go < p->bytes / 2))
      continue;
    WEIR_TRY(auto live, state_->count_live(p, keep, go_on));
    if (p->manifest.references ? live > 0 : live >= p->bytes / 2) {
      p->let_go += p->manifest.references ? 0 : p->bytes - live;
      continue;
    }
    WEIR_CHECK(state_->small.end_pack(p));
    if (auto done = state_->replace_pack(p, keep, go_on); !done) {
      p->let_go += p->bytes; // who comes next tries again
      return done.error();
    }
    ++out.packs;
    out.freed += p->manifest.references ? 0 : p->bytes - live;
  }
  return out;
}

} // namespace weir
