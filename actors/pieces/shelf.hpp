#pragma once
// Piece files as packs of the block store: the blocks of a piece that is here
// are served out of its file, and no loose copies of them are kept
// (docs/decisions/0015-pieces-are-packs.md). Shared by whoever brings pieces
// (restorer) and whoever takes them away (dropper). Long, synchronous;
// thread-safe, one change at a time.
#include "actors/content/ledger.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

namespace weir {

class piece_shelf : public std::enable_shared_from_this<piece_shelf> {
public:
  piece_shelf(std::shared_ptr<block_ledger> ledger, std::filesystem::path folder)
      : ledger_{std::move(ledger)}, folder_{std::move(folder)} {}

  block_ledger& ledger() { return *ledger_; }
  block_store& blocks() { return ledger_->blocks(); }
  std::filesystem::path path_of(const cid& piece) const;
  bool has_file(const cid& piece) const;

  /// As long as the answer lives the piece's file is not taken down.
  std::shared_ptr<const void> claim(const cid& piece);

  /// The file is here and durable: its blocks are served from it when this
  /// returns, and their loose copies are gone. Fine when it is a pack already.
  /// errc::malformed when it is no piece, errc::disk_full, errc::io.
  status put_up(const cid& piece);

  /// The file's blocks that somebody holds become loose; it is no pack any
  /// more and is deleted. Fine when it was no pack, or is not there. Nothing
  /// happens to a piece that is claimed, or that `may` (asked while nobody can
  /// claim it) wants. True when a file was deleted.
  result<bool> take_down(const cid& piece, const std::function<bool()>& may);

  /// All parts of a local content are in files that are packs: what it held
  /// one by one it holds no longer.
  status release_packed(const records::reader& state, const content_id& id);

private:
  bool serves(const cid& piece) const;

  std::shared_ptr<block_ledger> ledger_;
  std::filesystem::path folder_;
  std::mutex mutex_; ///< of the shelf and of
  std::map<cid, int> claims_;
};

} // namespace weir
