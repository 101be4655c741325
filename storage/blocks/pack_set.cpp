#include "storage/blocks/pack_set.hpp"

#include "storage/blocks/flatfs.hpp"
#include "storage/car/car_file.hpp"
#include "storage/support/crash_point.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>

#include <fcntl.h>
#include <sys/stat.h>

namespace weir {

namespace fs = std::filesystem;

namespace {

constexpr const char* index_folder = "index";
constexpr std::size_t largest_manifest = 64 << 20;
constexpr int go_on_every = 1024; // blocks

car_limits limits_of_a_pack(bool verify) {
  return {.block_size = max_stored_block, .verify = verify};
}

fs::path absolute_name(const fs::path& file) {
  return fs::absolute(file).lexically_normal();
}

constexpr const char* own_prefix = "own-";
constexpr const char* own_extension = ".car";

/// N of own-N.car.
std::optional<std::uint64_t> own_number(const fs::path& file) {
  auto name = file.stem().string();
  if (file.extension() != own_extension || !name.starts_with(own_prefix))
    return std::nullopt;
  std::uint64_t number = 0;
  auto from = name.data() + std::string_view{own_prefix}.size(), to = name.data() + name.size();
  auto [end, wrong] = std::from_chars(from, to, number);
  return wrong == std::errc{} && end == to ? std::optional{number} : std::nullopt;
}

car_payload payload_of(const pack_segment& s) {
  return {s.offset, s.size, std::nullopt};
}

result<std::shared_ptr<pack_set::pack>> open_pack(pack_manifest manifest, fs::path file) {
  auto p = std::make_shared<pack_set::pack>();
  p->manifest = std::move(manifest);
  p->file = std::move(file);
  auto fd = open_file(p->file, O_RDONLY);
  if (!fd)
    return fd.error().code == errc::not_found ? result<std::shared_ptr<pack_set::pack>>{p} : fd.error();
  struct stat info;
  if (::fstat(fd->get(), &info) < 0)
    return os_error(errno, "a pack could not be read", p->file);
  p->bytes = static_cast<std::uint64_t>(info.st_size);
  p->fd = *std::move(fd);
  return p;
}

} // namespace

result<std::unique_ptr<pack_set>> pack_set::open(const fs::path& store) {
  std::unique_ptr<pack_set> made{new pack_set{store}};
  std::error_code ignored;
  if (fs::exists(made->folder_, ignored))
    WEIR_CHECK(made->load());
  return made;
}

fs::path pack_set::list_entry(std::uint32_t id) const {
  return folder_ / (std::to_string(id) + ".pack");
}

status pack_set::load() {
  WEIR_CHECK(open_index());
  WEIR_CHECK(read_list());
  WEIR_CHECK(sweep_own());
  return make_index_whole();
}

/// Written or dropped when the process ended.
status pack_set::sweep_own() {
  std::error_code code;
  for (fs::directory_iterator it{folder_, code}, end; !code && it != end; it.increment(code)) {
    auto number = own_number(it->path());
    if (!number)
      continue;
    next_own_ = std::max(next_own_.load(), *number + 1);
    if (!find(it->path()))
      WEIR_CHECK(remove_file(it->path()));
  }
  return code ? status{os_error(code.value(), "the folder of packs could not be read", folder_)} : status{};
}

result<fs::path> pack_set::name_own_pack() {
  WEIR_CHECK(make_folder(folder_));
  return folder_ / (own_prefix + std::to_string(next_own_++) + own_extension);
}

bool pack_set::is_own(const pack& p) const {
  return own_number(p.file) && absolute_name(p.file).parent_path() == absolute_name(folder_);
}

/// A damaged index is thrown away: it is only a convenience.
status pack_set::open_index() {
  WEIR_CHECK(make_folder(folder_));
  auto opened = pack_index::open(folder_ / index_folder);
  if (!opened && opened.error().code == errc::corrupt) {
    WEIR_CHECK(discard_pack_index(store_));
    opened = pack_index::open(folder_ / index_folder);
  }
  WEIR_TRY(index_, std::move(opened));
  return {};
}

status pack_set::read_list() {
  std::error_code code;
  for (fs::directory_iterator it{folder_, code}, end; !code && it != end; it.increment(code)) {
    if (it->path().extension() == ".tmp")
      (void)remove_file(it->path()); // half-written when the process ended
    if (it->path().extension() != ".pack")
      continue;
    WEIR_TRY(auto text, read_small_file(it->path(), largest_manifest));
    auto manifest = decode_pack_manifest(text);
    if (!manifest || list_entry(manifest->id).filename() != it->path().filename())
      return fail(errc::corrupt, "an entry in the list of packs cannot be read", it->path().string());
    auto file = (store_ / manifest->file).lexically_normal();
    WEIR_TRY(auto p, open_pack(*std::move(manifest), std::move(file)));
    next_id_ = std::max(next_id_, p->manifest.id + 1);
    keep(p);
  }
  if (code)
    return os_error(code.value(), "the list of packs could not be read", folder_);
  return {};
}

status pack_set::make_index_whole() {
  WEIR_TRY(auto known, index_->packs());
  for (auto id : known) {
    next_id_ = std::max(next_id_, id + 1);
    if (packs_.count(id) == 0) // being added, or dropped, when the process ended
      WEIR_CHECK(index_->remove_pack(id));
  }
  for (const auto& [id, p] : packs_) {
    WEIR_TRY(auto state, index_->state_of(id));
    if (state != pack_state::unknown || !p->fd)
      continue;
    WEIR_CHECK(fill(*p, false, {})); // each block is checked when it is first read
    WEIR_CHECK(index_->commit(id, pack_state::indexed));
  }
  return {};
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
  return out;
}

result<std::vector<pack_set::found>> pack_set::places(bytes_view multihash) const {
  if (empty())
    return std::vector<found>{};
  std::shared_lock lock{mutex_};
  WEIR_TRY(auto places, index_->find(multihash));
  return serving(places);
}

status pack_set::read(const found& where, bytes& out) {
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
  for (const auto& s : p.manifest.segments) {
    auto each = [&](const car_entry& e) { return e.id.hash_code() == hash_code::identity ? status{} : visit(e); };
    auto done = scan_car(p.file, payload_of(s), each, limits_of_a_pack(false));
    if (!done)
      return done.error();
  }
  return {};
}

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
  if (!verify) {
    int since = 0;
    return scan(p, [&](bytes_view multihash, const pack_place& place) -> status {
      if (go_on && ++since % go_on_every == 0)
        WEIR_CHECK(go_on());
      return index_->add(multihash, place);
    });
  }
  for (const auto& s : p.manifest.segments)
    WEIR_CHECK(fill_verified(p, s, go_on));
  return {};
}

result<pack_set::pack_pointer> pack_set::prepare(const fs::path& file, bool verify, const on_progress& go_on) {
  std::lock_guard one_at_a_time{changing_};
  if (find(file))
    return fail(errc::already_exists, "this file is a pack of the store already", file.string());
  auto absolute = absolute_name(file);
  WEIR_TRY(auto segments, find_pack_segments(absolute));
  {
    std::unique_lock lock{mutex_};
    if (!index_)
      WEIR_CHECK(open_index());
  }
  auto near = absolute.lexically_proximate(absolute_name(store_));
  pack_manifest manifest{next_id_++, std::move(near), std::move(segments)};
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

status discard_pack_index(const fs::path& store) {
  std::error_code code;
  fs::remove_all(store / ".packs" / index_folder, code);
  if (code)
    return os_error(code.value(), "the index of the packs could not be removed", store);
  return {};
}

} // namespace weir
