#include "actors/pieces/shelf.hpp"

#include "actors/pieces/builder.hpp"
#include "storage/support/crash_point.hpp"

namespace weir {

std::filesystem::path piece_shelf::path_of(const cid& piece) const {
  return piece_path(folder_, piece);
}

bool piece_shelf::has_file(const cid& piece) const {
  std::error_code failed;
  return std::filesystem::exists(path_of(piece), failed);
}

bool piece_shelf::serves(const cid& piece) const {
  auto pack = ledger_->blocks().pack_at(path_of(piece));
  return pack && !pack->missing;
}

std::shared_ptr<const void> piece_shelf::claim(const cid& piece) {
  std::lock_guard lock{mutex_};
  ++claims_[piece];
  return {this, [self = shared_from_this(), piece](const void*) {
            std::lock_guard last{self->mutex_};
            if (--self->claims_[piece] == 0)
              self->claims_.erase(piece);
          }};
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

result<bool> piece_shelf::take_down(const cid& piece, const std::function<bool()>& may) {
  std::lock_guard lock{mutex_};
  if (claims_.contains(piece) || !may())
    return false;
  auto file = path_of(piece);
  auto dropped = blocks().drop_pack(file, [&](bytes_view multihash) { return ledger_->held(multihash); });
  if (!dropped && dropped.error().code != errc::not_found)
    return dropped.error();
  crash_point("piece.unshelved");
  std::error_code code;
  bool was = std::filesystem::remove(file, code);
  if (code)
    return fail(errc::io, "The file of a piece could not be deleted: " + code.message(), file.string());
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
