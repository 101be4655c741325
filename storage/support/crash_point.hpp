#pragma once
// Named places at which a test can kill the process, as a power cut would:
// nothing is flushed, no destructor runs. Every step with a durable effect
// has one, so that the kill test can stop the node between any two of them.
//
//   WEIR_CRASH_AT=name        dies at the first hit of `name`
//   WEIR_CRASH_AT=name:N      dies at its N-th hit
//   WEIR_CRASH_RANDOM=SEED:P  dies at any hit with a chance of P in 1,000
//
// A name that is not in the table below does not compile; a lint rule wants
// each name used. With neither variable set a crash point is one load.
#include <atomic>
#include <cstddef>
#include <span>
#include <string_view>

namespace weir {

namespace detail {

/// The whole list. Grouped by the room that passes them; order is of no meaning.
inline constexpr std::string_view crash_names[] = {
    // storage/support
    "file.written", // the temporary file is complete, not yet renamed
    "file.renamed", // renamed, the folder not yet synced
    // storage/blocks
    "blocks.staged",    // a group of blocks is written, not synced
    "blocks.synced",    // synced, without their names
    "blocks.named",     // renamed, the folders not yet synced
    "blocks.published", // durable, nobody was told
    "packs.written",    // a pack of the store's own is durable, nobody knows of it
    "packs.compacted",  // the same, of what is needed of an old one
    "packs.replaced",   // it is served, and so is the old one
    "packs.appended",   // a group of small blocks is at the end of a growing pack, not synced
    "packs.synced",     // synced; a new pack is not listed yet
    "packs.grown",      // served, the writers were not told
    "packs.noted",      // a growing pack's length is in its list entry
    "packs.indexed",    // a pack's blocks are in the index, it is not listed
    "packs.listed",     // it is served, loose copies are still there
    "packs.loose_gone", // they are gone, which is not noted
    "packs.kept",       // what must stay of a pack is loose, the pack is still listed
    "packs.unlisted",   // a dropped pack is not served, its blocks are in the index
    // storage/records
    "records.commit.before", // a group is checked, nothing written
    "records.commit.after",  // a group is durable, nobody was told
    // storage/pieces
    "piece.written", // the file is complete and synced, under its working name
    "piece.named",   // under its own name, the folder not yet synced
    // actors/content
    "content.before_commit", // blocks are durable, no record yet
    "content.after_commit",  // the record is, nobody was told
    "offload.before_drop",   // committed as not local, blocks still here
    "offload.after_drop",    // blocks are gone, piece files maybe not
    "remove.before_drop",    // committed as removed, blocks still here
    "restore.before_commit", // blocks are back, not yet committed as local
    // actors/buckets
    "bucket.assigned", // contents were put in a bucket
    "bucket.ready",    // a bucket was found ready, nothing packed
    "bucket.complete", // its pieces and placements are committed
    // actors/pieces
    "piece.before_record", // the piece's file and index are durable, no record yet
    "piece.after_record",  // the record is
    "piece.shelved",       // it is a pack of the block store, its contents still hold their blocks
    "piece.unshelved",     // it is no pack any more, its file is still there
    // actors/deals
    "deal.intended",     // committed, nothing has left the process
    "deal.signed",       // signed, not sent
    "deal.sent",         // handed to the carrier
    "deal.answered",     // the provider answered, nothing committed
    "deal.committed",    // the answer is committed
    "message.intended",  // a chain message is committed, not pushed
    "message.pushed",    // pushed, not committed as sent
    "tracker.published", // a deal id is committed
    "tracker.active",    // a deal is committed as active
    "tracker.ended",     // a deal is committed as failed, slashed or expired
    // actors/ffs
    "ffs.enqueued",   // a job is committed, nobody was told
    "ffs.begun",      // it is in progress, its actor not yet started
    "ffs.hot_done",   // the hot layer has it, which is not noted
    "ffs.terms_open", // its content asks for deals
    "ffs.cold_done",  // its deals are active, which is not noted
    "ffs.let_go",     // what it does not want any more is gone, it has not ended
    "ffs.ended",      // its end is committed
    "ffs.cancelled",  // its cancellation is, its actor still runs
    "ffs.brought",    // blocks came out of a hot layer outside, their job does not know
    "ffs.taken_over", // some CIDs of an instance are another scheduler's, not yet in its memory
};

inline constexpr std::size_t crash_index(std::string_view name) {
  for (std::size_t i = 0; i < std::size(crash_names); ++i)
    if (crash_names[i] == name)
      return i;
  return std::size(crash_names);
}

extern std::atomic<bool> crash_armed;
void crash_hit(std::size_t index);
void unknown_crash_point(); // never defined: reaching it stops the compilation

} // namespace detail

/// A name out of the table, checked when it is compiled.
class crash_name {
public:
  consteval crash_name(const char* name) : index_{detail::crash_index(name)} {
    if (index_ == std::size(detail::crash_names))
      detail::unknown_crash_point();
  }
  std::size_t index() const { return index_; }

private:
  std::size_t index_;
};

inline void crash_point(crash_name name) {
  if (detail::crash_armed.load(std::memory_order_relaxed))
    detail::crash_hit(name.index());
}

inline std::span<const std::string_view> crash_point_names() {
  return detail::crash_names;
}

/// Exit status of a process that died at a crash point.
inline constexpr int crash_exit_status = 137;

/// Reads the two variables again. They are read at start; only a test that
/// has forked needs this.
void arm_crash_points();

} // namespace weir
