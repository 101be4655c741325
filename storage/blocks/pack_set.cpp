#include "storage/blocks/pack_files.hpp"
#include "storage/blocks/reference_file.hpp"
#include "storage/car/car_file.hpp"

#include <algorithm>

namespace weir {

namespace fs = std::filesystem;

std::vector<pack_segment> pack_set::pack::segments() const {
  return manifest.growing ? std::vector<pack_segment>{{0, bytes}} : manifest.segments;
}

std::vector<pack_set::pack_pointer> pack_set::packs() const {
  std::shared_lock lock{mutex_};
  std::vector<pack_pointer> all;
  for (const auto& [id, p] : packs_)
    all.push_back(p);
  return all;
}

pack_set::pack_pointer pack_set::find(const fs::path& file) const {
  auto wanted = absolute_name(file);
  std::shared_lock lock{mutex_};
  auto it = by_file_.find(wanted);
  return it == by_file_.end() ? nullptr : it->second;
}

/// With the lock held, or before anybody else knows of this.
void pack_set::keep(const pack_pointer& p) {
  packs_.emplace(p->manifest.id, p);
  by_file_.emplace(absolute_name(p->file), p);
  count_ = packs_.size();
}

pack_totals pack_set::totals() const {
  std::shared_lock lock{mutex_};
  return index_ ? index_->totals() : pack_totals{};
}

/// With the lock held.
std::vector<pack_set::found> pack_set::serving(const pack_places& places) const {
  std::vector<found> out;
  for (const auto& place : places)
    if (auto it = packs_.find(place.pack); it != packs_.end() && it->second->fd)
      out.push_back({it->second, place});
  if (out.size() > 1) // what is the store's own comes first
    std::stable_partition(out.begin(), out.end(), [](auto& f) { return !f.in->manifest.references; });
  return out;
}

result<pack_set::lookup> pack_set::look_up(bytes_view multihash) const {
  if (empty())
    return lookup{};
  std::shared_lock lock{mutex_};
  const auto generation = index_->generation();
  WEIR_TRY(auto places, index_->find(multihash));
  return lookup{serving(places), places.empty() ? generation : 0};
}

result<std::vector<pack_set::found>> pack_set::places(bytes_view multihash) const {
  WEIR_TRY(auto found, look_up(multihash));
  return std::move(found.places);
}

/// Who reads the large blocks of a pack one after the other is told by where
/// the last one ended. The kernel's own window is smaller than one such block.
void pack_set::read_ahead(const pack& p, const pack_place& place) {
  constexpr std::uint64_t large = 64 << 10, head = 128, window = 8 << 20;
  if (place.size < large)
    return;
  const auto last = p.read_to.exchange(place.offset + place.size, std::memory_order_relaxed);
  if (place.offset - last > head) // wraps around when it goes back
    return;
  const auto ahead = p.ahead_to.load(std::memory_order_relaxed), end = std::min(place.offset + window, p.bytes.load());
  const auto from = ahead > place.offset && ahead <= end ? ahead : place.offset;
  if (end - from < window / 2)
    return;
  p.ahead_to.store(end, std::memory_order_relaxed);
  fetch_soon(p.fd.get(), from, end - from);
}

status pack_set::read(const found& where, bytes& out) {
  const auto& p = *where.in;
  if (p.manifest.references)
    return read_reference(p.fd.get(), where.place.offset, p.file, out);
  read_ahead(p, where.place);
  out.resize(where.place.size);
  WEIR_TRY(auto n, read_at(where.in->fd.get(), out, where.place.offset, where.in->file));
  if (n < out.size())
    return fail(errc::corrupt, "a pack is shorter than it was", where.in->file.string());
  return {};
}

status pack_set::forget(bytes_view multihash, const pack_place& place) {
  std::shared_lock lock{mutex_};
  return index_->remove(multihash, place);
}

status pack_set::remember(bytes_view multihash, const pack_place& place) {
  std::shared_lock lock{mutex_};
  return index_->add_now(multihash, place);
}

status pack_set::for_each(const std::function<status(bytes_view, const std::vector<found>&)>& visit) const {
  if (empty())
    return {};
  return index_->for_each([&](bytes_view multihash, const pack_places& places) -> status {
    std::vector<found> where;
    {
      std::shared_lock lock{mutex_};
      where = serving(places);
    }
    return where.empty() ? status{} : visit(multihash, where);
  });
}

status pack_set::scan(const pack& p, const on_entry& visit) {
  return scan_frames(p, [&](const car_entry& e) {
    return visit(e.id.multihash(), {p.manifest.id, e.offset, static_cast<std::uint32_t>(e.size)});
  });
}

status pack_set::scan_frames(const pack& p, const std::function<status(const car_entry&)>& visit) {
  if (p.manifest.references)
    return scan_references(p.fd.get(), p.bytes, p.file, [&](const reference& r, std::uint64_t place) {
      return visit({cid::v1(codec::raw, r.multihash), place, r.size});
    });
  for (const auto& s : p.segments()) {
    auto each = [&](const car_entry& e) { return e.id.hash_code() == hash_code::identity ? status{} : visit(e); };
    auto done = scan_car(p.file, payload_of(s), each, limits_of_a_pack(false));
    if (!done)
      return done.error();
  }
  return {};
}

} // namespace weir
