#include "actors/pieces/shelf.hpp"

#include "storage/support/crash_point.hpp"
#include "storage/support/file.hpp"

namespace weir {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view named = ".piece", building = "build-", unnamed = ".part";

} // namespace

fs::path piece_path(const fs::path& folder, const cid& piece) {
  return folder / (piece.text() + std::string{named});
}

fs::path piece_shelf::path_of(const cid& piece) const {
  return piece_path(folder_, piece);
}

bool piece_shelf::has_file(const cid& piece) const {
  std::error_code failed;
  return fs::exists(path_of(piece), failed);
}

bool piece_shelf::serves(const cid& piece) const {
  auto pack = ledger_->blocks().pack_at(path_of(piece));
  return pack && !pack->missing;
}

fs::path piece_shelf::unfinished(const bucket_id& bucket) const {
  return folder_ / (std::string{building} + bucket.value + std::string{unnamed});
}

std::vector<cid> piece_shelf::files() const {
  std::vector<cid> found;
  std::error_code code;
  for (fs::directory_iterator it{folder_, code}, end; !code && it != end; it.increment(code))
    if (auto id = cid::parse(it->path().stem().string()); id && it->path().extension() == named)
      found.push_back(*id);
  return found;
}

void piece_shelf::remove_unfinished(const records::reader& state) const {
  auto nobody_will = [&](const std::string& name) {
    if (name.starts_with(building) && name.ends_with(unnamed)) {
      bucket_id id{name.substr(building.size(), name.size() - building.size() - unnamed.size())};
      auto b = state.find<bucket>(id);
      return b && (!*b || (*b)->value.state == bucket_state::complete);
    }
    const auto end = name.find(std::string{named} + ".fetch");
    auto id = cid::parse(name.substr(0, end));
    if (end == name.npos || !id)
      return false;
    auto p = state.find<piece>(*id);
    return p && (!*p || (*p)->value.local || (*p)->value.state == piece_state::retired);
  };
  std::error_code code;
  for (fs::directory_iterator it{folder_, code}, end; !code && it != end; it.increment(code))
    if (nobody_will(it->path().filename().string()))
      (void)remove_file(it->path());
}

std::shared_ptr<const void> piece_shelf::claim(const cid& piece) {
  std::lock_guard lock{mutex_};
  std::lock_guard count{claims_mutex_};
  ++claims_[piece];
  return {this, [self = shared_from_this(), piece](const void*) { self->let_go(piece); }};
}

void piece_shelf::let_go(const cid& piece) {
  {
    std::lock_guard count{claims_mutex_};
    if (--claims_[piece] > 0)
      return;
    claims_.erase(piece);
  }
  if (unclaimed_)
    unclaimed_(piece);
}

bool piece_shelf::claimed(const cid& piece) const {
  std::lock_guard count{claims_mutex_};
  return claims_.contains(piece);
}

status piece_shelf::put_up(const cid& piece) {
  std::lock_guard lock{mutex_};
  auto file = path_of(piece);
  auto known = blocks().pack_at(file);
  if (known && !known->missing)
    return {};
  if (known)
    WEIR_CHECK(blocks().drop_pack(file)); // it is back under its name: read it anew
  return blocks().add_pack(file, false);
}

result<bool> piece_shelf::take_down(const cid& piece, const std::function<bool()>& may,
                                    const std::function<status()>& gone) {
  std::lock_guard lock{mutex_};
  if (claimed(piece) || !may())
    return false;
  auto file = path_of(piece);
  auto dropped = blocks().drop_pack(file, [&](bytes_view multihash) { return ledger_->held(multihash); });
  if (!dropped && dropped.error().code != errc::not_found)
    return dropped.error();
  crash_point("piece.unshelved");
  std::error_code code;
  bool was = fs::remove(file, code);
  if (code)
    return fail(errc::io, "The file of a piece could not be deleted: " + code.message(), file.string());
  if (gone)
    WEIR_CHECK(gone());
  return was;
}

status piece_shelf::release_packed(const records::reader& state, const content_id& id) {
  WEIR_TRY(auto found, state.find<content>(id));
  if (!found || !found->value.local || found->value.state < content_state::packed
      || found->value.state > content_state::degraded || !ledger_->holds_anything(id))
    return {};
  std::uint32_t parts = 0, here = 0;
  WEIR_CHECK(state.each<placement>(
      [&](const records::stored<placement>& p) {
        here += serves(p.value.piece);
        parts = p.value.parts;
      },
      {records::encode_prefix(id), {}}));
  if (parts == 0 || here != parts)
    return {};
  WEIR_TRY([[maybe_unused]] auto dropped, ledger_->release(id));
  return {};
}

} // namespace weir
