#pragma once
// Small blocks of many writers on their way to disk together: the frames of a
// group follow each other in memory as they will in a growing pack
// (docs/decisions/0020-small-blocks.md); one write and one sync make all of
// them durable. A block is readable from the moment it was put. Safe to use
// from several threads.
//
// Memory: two buffers of `group_bytes` from the first block on.
#include "storage/blocks/append_file.hpp"
#include "storage/blocks/pack_set.hpp"

#include <condition_variable>
#include <unordered_map>

namespace weir {

/// One writer's stake in the groups that carry its blocks. Guarded by the
/// mutex of the group.
struct pack_owner {
  status failed;           ///< the first error of any of them
  std::uint64_t group = 0; ///< the last of them
};

class pack_group {
public:
  using owner_pointer = std::shared_ptr<pack_owner>;

  struct limits {
    std::size_t group_bytes = 8 << 20;
    std::uint64_t pack_bytes = 256 << 20; ///< then the next pack begins
    std::uint64_t note_every = 64 << 20;  ///< bytes that the next `open` reads at most after a crash
  };

  pack_group(pack_set& packs, const limits& l) : packs_{packs}, limits_{l} {}
  ~pack_group();
  pack_group(const pack_group&) = delete;
  pack_group& operator=(const pack_group&) = delete;

  /// How many groups have ended. Take it before you look whether the store has
  /// the block.
  std::uint64_t ended() const { return ended_; }
  /// When it was found that the store does not have the block.
  struct looked {
    std::uint64_t ended = 0;
    std::uint64_t absent_at = 0; ///< of pack_set::look_up
  };
  /// True when the block was new, false when it is on its way already. Nothing
  /// when a group ended since then: look again. Flushes when the group is
  /// full. The block is at most `most_small_block` long.
  result<std::optional<bool>> put(const owner_pointer& owner, const cid& id, bytes_view block, const looked& when);
  /// Everything that the owner put is durable, or he has failed.
  status flush(const owner_pointer& owner);

  /// A block that no pack serves yet.
  bool read(bytes_view multihash, bytes& out) const;
  std::optional<std::uint64_t> size_of(bytes_view multihash) const;

  /// Nothing is added to this pack any more.
  status end_pack(const pack_set::pack_pointer& p);

private:
  struct entry {
    std::uint32_t key = 0, key_size = 0, at = 0, size = 0; ///< multihash and block, in the buffer
    std::uint64_t absent_at = 0;
  };
  /// A group, and where it goes.
  struct batch {
    std::unique_ptr<std::uint8_t, void (*)(void*)> data{nullptr, nullptr};
    std::size_t used = 0, front = 0; ///< bytes; those that are no frames of this group
    std::uint64_t start = 0;         ///< in the file, a whole page
    bool fresh = true;               ///< it begins a pack: the front is its header
    std::vector<entry> entries;
    std::unordered_map<std::string_view, std::uint32_t> by_key; ///< the keys lie in the buffer
    std::vector<owner_pointer> owners;

    bytes_view view(std::uint32_t at, std::uint32_t size) const { return {data.get() + at, size}; }
    std::uint64_t end() const { return start + used; }
    void add(const cid& id, bytes_view block, std::uint64_t absent_at);
    void join(const owner_pointer& owner);
    void clear();
  };
  using lock = std::unique_lock<std::mutex>;

  status prepare();
  void begin_pack(batch& b) const;
  static void go_on_after(batch& next, const batch& before);
  const batch* find(bytes_view multihash, entry& found) const;
  void end_one(lock& held);
  status write(batch& b);
  status write_fresh(batch& b);
  void leave_pack();

  pack_set& packs_;
  limits limits_;
  mutable std::mutex mutex_; ///< of what follows
  std::condition_variable changed_;
  batch open_, closing_;
  bool ready_ = false, writing_ = false; ///< `closing_` is being written by the thread that set this
  std::atomic<std::uint64_t> ended_{0};
  std::atomic<std::size_t> waiting_{0}; ///< blocks in both
  // Of the thread that writes, or with the mutex while nobody does:
  std::optional<append_file> file_;
  pack_set::pack_pointer pack_;
  std::uint64_t noted_ = 0; ///< bytes
};

/// Larger blocks are never in growing packs.
inline constexpr std::size_t most_small_block = 1 << 20;

} // namespace weir
