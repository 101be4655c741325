#pragma once
// Which content holds which block: so that removing a content drops only
// blocks that no other content needs. Lives in two local tables. A block is
// held before it is written, thus a loose block without a holder is nobody's.
// A content holds its blocks until its pieces are packs of the block store:
// from then on they live as long as the piece files. Thread-safe.
//
// Survives a restart: all of it, and the list of unfinished uploads, whose
// blocks `drop_leftovers` takes back.
#include "messages/actors/store.hpp"
#include "storage/blocks/block_store.hpp"
#include "storage/records/store.hpp"

#include <functional>
#include <mutex>
#include <span>
#include <unordered_set>

namespace weir {

class block_ledger {
public:
  block_ledger(std::shared_ptr<records::record_store> records, std::shared_ptr<block_store> blocks)
      : records_{std::move(records)}, blocks_{std::move(blocks)} {}

  /// An upload begins; its holdings are leftovers until `finish_upload`.
  status start_upload(const content_id& id);
  status finish_upload(const content_id& id);

  /// From now on the block stays as long as the content holds it.
  status hold(const content_id& holder, const cid& id);
  /// What was held so far survives a power cut.
  status sync();

  /// Lets go of all that the content holds and drops what nobody else holds.
  /// Returns the bytes' count of dropped blocks. Can be called again after a crash.
  result<std::uint64_t> release(const content_id& holder);
  /// Called after a release of anything: packs may be mostly dead now.
  /// Set before anybody else uses the ledger; must be quick.
  void on_release(std::function<void()> listener) { released_ = std::move(listener); }
  /// Lets go of what removed contents still hold, then removes loose blocks
  /// that nobody holds and the dead part of the block store's own packs.
  /// Beside everything else: who needs a block holds it first.
  result<garbage> collect(const records::reader& state, const std::function<status()>& go_on);
  /// Only the packs.
  result<store_compaction> compact(const std::function<status()>& go_on);
  bool holds_anything(const content_id& holder) const;
  /// Whether anybody holds the block.
  result<bool> held(bytes_view multihash) const;
  /// Contents that hold it; at most `limit`.
  result<std::vector<content_id>> holders(const cid& block, std::size_t limit) const;

  /// Uploads that neither finished nor have a record: from a run that died.
  status drop_leftovers(const records::reader& state);

  block_store& blocks() { return *blocks_; }

private:
  result<bool> held_by_others(const std::string& block, const content_id& holder) const;
  result<std::vector<std::string>> some_held(const content_id& holder, std::size_t limit) const;
  /// The next one in the order of their names; empty behind the last.
  result<content_id> next_holder(const content_id& after) const;
  result<std::uint64_t> release_removed(const records::reader& state, const std::function<status()>& go_on);

  std::shared_ptr<records::record_store> records_;
  std::shared_ptr<block_store> blocks_;
  std::mutex mutex_;
  std::function<void()> released_;
};

/// What holds a block and begins with this is a pin, not a content.
inline constexpr std::string_view pin_holder_prefix = "pin:";

/// Loose blocks of an upload, in bytes; what comes after that goes into packs.
inline constexpr std::uint64_t large_upload = 64 << 20;

/// Sink of one upload: every block is held, counted once, and written: loose
/// at first, into packs once the upload is large. For one thread at a time.
class held_sink : public block_sink {
public:
  held_sink(block_ledger& ledger, content_id holder, std::uint64_t pack_after = large_upload)
      : ledger_{ledger}, holder_{std::move(holder)}, pack_after_{pack_after}, writer_{ledger.blocks().writer()} {}

  /// Blocks and holdings are durable.
  status commit();

  /// The raw leaves that come until `end_reference` are held and not written:
  /// they lie in this file, one after the other from `offset` on.
  status refer_to(const std::filesystem::path& file, std::uint64_t offset);
  void end_reference() { referring_ = false; }

  std::uint64_t blocks() const { return blocks_; }
  std::uint64_t size() const { return size_; }

private:
  status write(const cid& id, bytes_view block) override;
  status refer(const cid& id, std::uint64_t size, bool fresh);

  block_ledger& ledger_;
  content_id holder_;
  std::uint64_t pack_after_;
  bool packs_ = false;
  std::unique_ptr<block_writer> writer_;
  std::unique_ptr<reference_writer> references_; ///< once there is a file to refer to
  bool referring_ = false;
  std::uint64_t referred_to_ = 0;          ///< where in the file the next leaf begins
  std::unordered_set<std::uint64_t> seen_; ///< first bytes of digests; a collision only miscounts
  std::uint64_t blocks_ = 0, size_ = 0;
};

} // namespace weir
