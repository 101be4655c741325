#include "storage/blocks/block_store_state.hpp"
#include "storage/blocks/reference_file.hpp"
#include "storage/hash/block_cid.hpp"

namespace weir {

status block_store::state::fetch(bytes_view multihash, bytes& out) const {
  auto found = files->read(multihash, out);
  if (found || found.error().code != errc::not_found)
    return found;
  found = group.read(multihash, out);
  if (found || found.error().code != errc::not_found)
    return found;
  return files->read(multihash, out);
}

result<std::uint64_t> block_store::state::measure(const cid& id) const {
  for (int attempt = 0; attempt < 2; ++attempt) { // it may get its name, or leave a pack, in between
    if (auto on_its_way = small.size_of(id.multihash()))
      return *on_its_way;
    auto size = files->size_of(id.multihash());
    if (size || size.error().code != errc::not_found)
      return size;
    if (auto on_its_way = group.size_of(id.multihash()))
      return *on_its_way;
    WEIR_TRY(auto places, packed->places(id.multihash()));
    if (!places.empty())
      return std::uint64_t{places[0].place.size};
  }
  return block_not_found(id);
}

error block_store::state::damaged(const cid& id, const status& put_aside, const std::string& source) {
  damage_listener tell;
  {
    std::lock_guard lock{listener_mutex};
    tell = listener;
  }
  if (tell)
    tell(id, source);
  return fail(errc::corrupt,
              put_aside
                  ? "a stored block does not match its CID and was put aside"
                  : "a stored block does not match its CID and could not be put aside: " + put_aside.error().message,
              id.text());
}

error block_store::state::damaged_loose(const cid& id) {
  verified.erase(id.multihash());
  return damaged(id, files->quarantine(id.multihash()));
}

status block_store::state::check_once(const cid& id, bytes_view block, std::uint64_t place) {
  if (verified.contains(id, place))
    return {};
  WEIR_CHECK(verify_block(id, block));
  verified.insert(id, place);
  return {};
}

status block_store::state::read_loose(const cid& id, bytes& out) {
  auto found = fetch(id.multihash(), out);
  if (found)
    found = check_once(id, out, 0);
  if (!found && found.error().code == errc::corrupt)
    return damaged_loose(id);
  return found;
}

/// Says which file of the user is not what it was.
error block_store::state::changed_source(const cid& id, const pack_set::found& where, const error& why) {
  const auto& p = *where.in;
  if (why.value != id.text())
    return why; // it names the file
  auto at = reference_at(p.fd.get(), where.place.offset, p.file);
  auto source = at ? referred_file(p.fd.get(), at->file, p.file) : result<std::string>{at.error()};
  return fail(errc::corrupt, "a file that the block store refers to has changed", source ? *source : id.text());
}

status block_store::state::read_place(const cid& id, const pack_set::found& where, bytes& out) {
  auto done = pack_set::read(where, out);
  const bool referred = where.in->manifest.references; // it may change any time
  if (done)
    done = referred ? verify_block(id, out) : check_once(id, out, number_of(where.place));
  if (!done && done.error().code == errc::corrupt) {
    verified.erase(id.multihash(), number_of(where.place));
    if (!referred)
      return damaged(id, packed->forget(id.multihash(), where.place));
    auto changed = changed_source(id, where, done.error());
    (void)damaged(id, packed->forget(id.multihash(), where.place), changed.value);
    return changed;
  }
  return done;
}

status block_store::state::read_packed(const cid& id, bytes& out) {
  WEIR_TRY(auto places, packed->places(id.multihash()));
  if (places.empty())
    return block_not_found(id);
  status done;
  for (const auto& where : places)
    if (done = read_place(id, where, out); done)
      break;
  return done;
}

} // namespace weir
