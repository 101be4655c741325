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

/// pieces/<cid>.piece
std::filesystem::path piece_path(const std::filesystem::path& folder, const cid& piece);

class piece_shelf : public std::enable_shared_from_this<piece_shelf> {
public:
  piece_shelf(std::shared_ptr<block_ledger> ledger, std::filesystem::path folder)
      : ledger_{std::move(ledger)}, folder_{std::move(folder)} {}

  block_ledger& ledger() { return *ledger_; }
  block_store& blocks() { return ledger_->blocks(); }
  std::filesystem::path path_of(const cid& piece) const;
  bool has_file(const cid& piece) const;
  /// Where a piece of the bucket is written before its CID is known.
  std::filesystem::path unfinished(const bucket_id& bucket) const;
  /// Pieces whose files are here.
  std::vector<cid> files() const;
  /// Files that nobody will finish: of buckets that are complete, and of
  /// downloads of pieces that are here or needed no longer.
  void remove_unfinished(const records::reader& state) const;

  /// As long as the answer lives the piece's file is not taken down, and one
  /// that comes stays. Waits for a change that is under way; letting it go
  /// waits for nothing.
  std::shared_ptr<const void> claim(const cid& piece);
  /// Called when the last claim of a piece is gone: a drop may have found it
  /// claimed. Set before anybody else uses the shelf; must be quick.
  void on_unclaimed(std::function<void(const cid&)> listener) { unclaimed_ = std::move(listener); }

  /// The file is here and durable: its blocks are served from it when this
  /// returns, and their loose copies are gone. Fine when it is a pack already.
  /// errc::malformed when it is no piece, errc::disk_full, errc::io.
  status put_up(const cid& piece);

  /// The file's blocks that somebody holds become loose; it is no pack any
  /// more and is deleted. Fine when it was no pack, or is not there. Nothing
  /// happens to a piece that is claimed, or that `may` (asked while nobody can
  /// claim it) wants. True when a file was deleted. `gone`, still while nobody
  /// can claim it, sees each piece that has no file afterwards.
  result<bool> take_down(const cid& piece, const std::function<bool()>& may, const std::function<status()>& gone = {});

  /// All parts of a local content are in files that are packs: what it held
  /// one by one it holds no longer.
  status release_packed(const records::reader& state, const content_id& id);

private:
  bool serves(const cid& piece) const;
  bool claimed(const cid& piece) const;
  void let_go(const cid& piece);

  std::shared_ptr<block_ledger> ledger_;
  std::filesystem::path folder_;
  std::mutex mutex_; ///< of the shelf; whoever claims holds it, too
  mutable std::mutex claims_mutex_;
  std::map<cid, int> claims_;
  std::function<void(const cid&)> unclaimed_;
};

} // namespace weir
