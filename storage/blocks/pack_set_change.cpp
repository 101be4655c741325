// Packs come and go.
#include "storage/blocks/pack_files.hpp"
#include "storage/car/car_file.hpp"
#include "storage/support/crash_point.hpp"

namespace weir {

namespace fs = std::filesystem;

namespace {

constexpr int go_on_every = 1024; // blocks

result<std::vector<pack_segment>> whole_file(const fs::path& file) {
  std::error_code code;
  const auto size = fs::file_size(file, code);
  if (code)
    return os_error(code.value(), "a pack could not be read", file);
  return std::vector<pack_segment>{{0, size}};
}

} // namespace

status pack_set::fill_verified(const pack& p, const pack_segment& s, const on_progress& go_on) {
  int since = 0;
  auto each = [&](const cid& id, bytes_view, const car_position& at) -> status {
    if (go_on && ++since % go_on_every == 0)
      WEIR_CHECK(go_on());
    if (id.hash_code() == hash_code::identity)
      return {};
    return index_->add(id.multihash(), {p.manifest.id, at.offset, static_cast<std::uint32_t>(at.size)});
  };
  auto done = read_car_at(p.file, payload_of(s), each, limits_of_a_pack(true));
  return done ? status{} : status{done.error()};
}

status pack_set::fill(const pack& p, bool verify, const on_progress& go_on) {
  if (!verify || p.manifest.references) {
    int since = 0;
    return scan(p, [&](bytes_view multihash, const pack_place& place) -> status {
      if (go_on && ++since % go_on_every == 0)
        WEIR_CHECK(go_on());
      return index_->add(multihash, place);
    });
  }
  for (const auto& s : p.segments())
    WEIR_CHECK(fill_verified(p, s, go_on));
  return {};
}

result<pack_set::pack_pointer> pack_set::prepare(const fs::path& file, bool verify, const on_progress& go_on) {
  std::lock_guard one_at_a_time{changing_};
  if (find(file))
    return fail(errc::already_exists, "this file is a pack of the store already", file.string());
  auto absolute = absolute_name(file);
  const bool references = is_reference_name(absolute);
  WEIR_TRY(auto segments, references ? whole_file(absolute) : find_pack_segments(absolute));
  {
    std::unique_lock lock{mutex_};
    if (!index_)
      WEIR_CHECK(open_index());
  }
  auto near = absolute.lexically_proximate(absolute_name(store_));
  pack_manifest manifest{next_id_++, std::move(near), std::move(segments), false, references};
  WEIR_CHECK(encode(manifest)); // a name that cannot be listed
  WEIR_TRY(auto p, open_pack(std::move(manifest), std::move(absolute)));
  WEIR_CHECK(index_->commit(p->manifest.id, pack_state::unknown));
  auto filled = fill(*p, verify, go_on);
  if (filled)
    filled = index_->commit(p->manifest.id, pack_state::indexed);
  if (!filled) {
    (void)index_->remove_pack(p->manifest.id); // else the next `open` does
    return filled.error();
  }
  crash_point("packs.indexed");
  return pack_pointer{std::move(p)};
}

status pack_set::list(const pack_pointer& p) {
  WEIR_TRY(auto text, encode(p->manifest));
  if (auto listed = write_file_durably(list_entry(p->manifest.id), as_bytes(text)); !listed) {
    (void)remove_file(list_entry(p->manifest.id));
    (void)index_->remove_pack(p->manifest.id); // else the next `open` does
    return listed;
  }
  {
    std::unique_lock lock{mutex_};
    keep(p);
  }
  crash_point("packs.listed");
  return {};
}

status pack_set::settle(const pack_pointer& p) {
  crash_point("packs.loose_gone");
  return index_->commit(p->manifest.id, pack_state::done);
}

status pack_set::unsettle(const pack_pointer& p) {
  return index_->commit(p->manifest.id, pack_state::indexed);
}

std::vector<pack_set::pack_pointer> pack_set::unsettled() const {
  std::vector<pack_pointer> out;
  for (auto& p : packs()) {
    auto state = index_->state_of(p->manifest.id);
    if (state && *state == pack_state::indexed && p->fd)
      out.push_back(p);
  }
  return out;
}

status pack_set::drop(const fs::path& file) {
  std::lock_guard one_at_a_time{changing_};
  auto p = find(file);
  if (!p)
    return fail(errc::not_found, "this file is no pack of the store", file.string());
  WEIR_CHECK(remove_file(list_entry(p->manifest.id)));
  WEIR_CHECK(sync_folder(folder_));
  {
    std::unique_lock lock{mutex_};
    packs_.erase(p->manifest.id);
    by_file_.erase(absolute_name(p->file));
    count_ = packs_.size();
  }
  crash_point("packs.unlisted");
  return index_->remove_pack(p->manifest.id);
}

} // namespace weir
