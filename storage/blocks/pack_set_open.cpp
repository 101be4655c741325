// What the disk shows of the packs when a store is opened, and what a crash left.
#include "storage/blocks/pack_files.hpp"

namespace weir {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t largest_manifest = 64 << 20;

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
  WEIR_CHECK(recover_growing());
  return make_index_whole();
}

/// Written or dropped when the process ended.
status pack_set::sweep_own() {
  std::error_code code;
  for (fs::directory_iterator it{folder_, code}, end; !code && it != end; it.increment(code)) {
    auto number = own_pack_number(it->path());
    if (!number)
      continue;
    next_own_ = std::max(next_own_.load(), *number + 1);
    if (!find(it->path()))
      WEIR_CHECK(remove_file(it->path()));
  }
  return code ? status{os_error(code.value(), "the folder of packs could not be read", folder_)} : status{};
}

result<fs::path> pack_set::name_own_pack(bool references) {
  WEIR_CHECK(make_folder(folder_));
  return folder_ / (own_pack_name(next_own_++, references));
}

bool pack_set::is_own(const pack& p) const {
  return own_pack_number(p.file) && absolute_name(p.file).parent_path() == absolute_name(folder_);
}

/// A damaged index is thrown away: it is only a convenience.
status pack_set::open_index() {
  WEIR_CHECK(make_folder(folder_));
  auto opened = pack_index::open(folder_ / pack_index_folder);
  if (!opened && opened.error().code == errc::corrupt) {
    WEIR_CHECK(discard_pack_index(store_));
    opened = pack_index::open(folder_ / pack_index_folder);
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
    next_id_ = std::max(next_id_.load(), p->manifest.id + 1);
    keep(p);
  }
  if (code)
    return os_error(code.value(), "the list of packs could not be read", folder_);
  return {};
}

status pack_set::make_index_whole() {
  WEIR_TRY(auto known, index_->packs());
  for (auto id : known) {
    next_id_ = std::max(next_id_.load(), id + 1);
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

status discard_pack_index(const fs::path& store) {
  std::error_code code;
  fs::remove_all(store / ".packs" / pack_index_folder, code);
  if (code)
    return os_error(code.value(), "the index of the packs could not be removed", store);
  return {};
}

} // namespace weir
