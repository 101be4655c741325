#pragma once
// Where packed blocks lie: multihash to the places in packs, in a LevelDB of
// its own (docs/decisions/0010-packs.md). All of it can be made again from the packs. Safe
// to use from several threads; additions and removals one at a time.
#include "messages/types/bytes.hpp"
#include "messages/types/result.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace weir {

struct pack_place {
  std::uint32_t pack = 0;
  std::uint64_t offset = 0; ///< of the block in the pack's file
  std::uint32_t size = 0;

  friend bool operator==(const pack_place&, const pack_place&) = default;
};
using pack_places = std::vector<pack_place>; ///< a block is usually in one pack only

/// What the index knows of a pack.
enum class pack_state : std::uint8_t {
  unknown = 0, ///< nothing: its blocks are not in the index, or not all
  indexed = 1, ///< all of them are; loose copies may be left
  done = 2     ///< no loose copies are left
};

/// Blocks are counted once however many packs hold them.
struct pack_totals {
  std::uint64_t blocks = 0, bytes = 0;
};

class pack_index {
public:
  /// errc::data_in_use, errc::corrupt, errc::disk_full, errc::io.
  static result<std::unique_ptr<pack_index>> open(const std::filesystem::path& folder);
  ~pack_index();

  /// Empty when there is none.
  result<pack_places> find(bytes_view multihash) const;

  /// Collects additions; written every so many, and by `commit`.
  status add(bytes_view multihash, const pack_place& place);
  struct entry {
    bytes_view multihash;
    pack_place place;
    std::uint64_t absent_at = 0; ///< the generation at which `find` had no place for it; 0: nobody looked
  };
  /// Of what `find` says: take it before. Another one since then: something
  /// may have got or lost a place, but for what `add_all` added.
  std::uint64_t generation() const;
  /// Readable when it returns, as one step. What nobody can have added since
  /// it was looked for is not looked for again.
  status add_all(std::span<const entry> entries);
  /// One place, readable when it returns.
  status add_now(bytes_view multihash, const pack_place& place);
  /// All of a pack was added: durable, with its state.
  status commit(std::uint32_t pack, pack_state state);
  result<pack_state> state_of(std::uint32_t pack) const;

  /// Takes away one place (damage), or all of a pack (its state, too).
  status remove(bytes_view multihash, const pack_place& place);
  status remove_pack(std::uint32_t pack);
  /// Packs that have a state.
  result<std::vector<std::uint32_t>> packs() const;

  /// In the order of the multihashes, a snapshot.
  status for_each(const std::function<status(bytes_view multihash, const pack_places&)>& visit) const;
  pack_totals totals() const;

private:
  struct database;
  explicit pack_index(std::unique_ptr<database> db);
  status flush(bool sync);
  std::unique_ptr<database> db_;
};

} // namespace weir
