#pragma once
// The blocks of this node: *loose* in flatfs, which Kubo can read, or *packed*
// in CARs and piece files that lie anywhere (docs/decisions/0010-packs.md) and,
// if they are small, in packs that grow (0020-small-blocks.md). No block is
// both. Safe to use from several threads.
//
// What is read is checked against its CID the first time that this process
// reads it. A damaged block is moved into quarantine, told to the listener,
// and answered with errc::corrupt; from then on it is errc::not_found until it
// is put again.
//
// Durability: a block is readable once `put` returned, and on disk once
// `commit` returned. Commit before the record that speaks of the blocks.
#include "storage/blocks/block_io.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace weir {

/// What the store holds; a block that two packs have is counted once.
struct store_stat {
  std::uint64_t loose_blocks = 0, loose_bytes = 0;
  std::uint64_t packed_blocks = 0, packed_bytes = 0;
  std::uint64_t packs = 0, pack_bytes = 0; ///< bytes of their files
  std::uint64_t reference_packs = 0;       ///< of these, whose blocks lie in files of the user
  std::uint64_t missing_packs = 0;         ///< of these, without their file
  std::uint64_t quarantined = 0;           ///< damaged loose blocks that were put aside
};

struct pack_info {
  std::filesystem::path file;
  std::uint64_t bytes = 0; ///< of the file
  bool missing = false;    ///< the file is not there: nothing is served from it
  bool references = false; ///< its blocks lie in files of the user
};

struct store_check {
  std::uint64_t blocks = 0, bytes = 0;           ///< that were read, each copy counted
  std::vector<cid> damaged;                      ///< copies, as raw CIDs; they were put aside
  std::vector<cid> mended;                       ///< of these, whole again out of another copy
  std::vector<cid> doubled;                      ///< loose although a pack serves them
  std::vector<std::filesystem::path> unreadable; ///< packs that are missing, or no CAR to their end
  std::uint64_t unindexed = 0;                   ///< good blocks of packs that the index did not know of
};

struct store_check_options {
  bool repair = false;             ///< mend from other copies, remove doubled ones, complete the index
  std::function<status()> go_on{}; ///< asked now and then; its error stops and is returned
};

struct store_compaction {
  std::uint64_t packs = 0, freed = 0; ///< that were made smaller or are gone; bytes
};

/// One upload's way into the store. For one thread at a time. Errors:
/// errc::disk_full, errc::io; after an error of `put` or `commit` the writer
/// takes nothing more. Blocks that were put and never committed may stay.
class block_writer : public block_sink {
public:
  virtual status commit() = 0;
  /// What was not in the store before.
  virtual std::uint64_t new_blocks() const = 0;
  virtual std::uint64_t new_bytes() const = 0;
};

/// A way into the store for blocks that stay where they are, in the user's own
/// files (docs/decisions/0021-references.md). For one thread at a time.
class reference_writer {
public:
  virtual ~reference_writer() = default;
  /// The blocks that follow lie in this file, a whole path. errc::invalid_path.
  virtual status begin(const std::filesystem::path& file) = 0;
  /// So many bytes from `offset` on. Not written down when the store has the
  /// block itself. After an error of `add` or `commit` the writer takes
  /// nothing more.
  virtual status add(const cid& id, std::uint64_t offset, std::uint32_t size) = 0;
  /// Durable, and served from now on. What is not committed is gone.
  virtual status commit() = 0;
};

class block_store : public block_source {
public:
  struct options {
    std::size_t group_blocks = 256; ///< loose ones that are written before a group is synced
    std::uint64_t group_bytes = 64 << 20;
    std::size_t remembered = 1 << 18; ///< checked blocks, 8 bytes each
    /// Blocks up to this size go into packs of the store's own, many with one
    /// sync (at most 1 MiB; 0: every block is loose, as Kubo wants it).
    std::size_t small_block = 64 << 10;
    std::uint64_t small_pack_bytes = 256 << 20; ///< where such a pack ends
    std::uint64_t small_noted_bytes = 64 << 20; ///< of them at most are read again after a crash
  };
  /// `source`: the user's file that is not what it was; empty for the store's own copies.
  using damage_listener = std::function<void(const cid& id, const std::string& source)>;

  /// Opens or makes the folder. errc::precondition when it is something else.
  static result<std::unique_ptr<block_store>> open(const std::filesystem::path& folder, const options& o);
  static result<std::unique_ptr<block_store>> open(const std::filesystem::path& folder);
  ~block_store() override;

  /// Called on the thread that met the damage, before its read returns.
  void on_damage(damage_listener listener);

  /// Ends before the store does.
  std::unique_ptr<block_writer> writer();
  /// The same into packs of the store's own, for large imports: one file
  /// instead of one for each block. They can be read once they are committed.
  std::unique_ptr<block_writer> pack_writer();
  /// Each read of such a block is checked; one whose file has changed, or is
  /// gone, is damaged. Who puts it nevertheless gets a copy in the store.
  std::unique_ptr<reference_writer> references();
  /// One block, durable when it returns.
  status put(const cid& id, bytes_view block);

  bool has(const cid& id) const;
  /// Nobody needs it any more. A loose copy goes; what is packed stays until
  /// its pack is dropped, or made smaller. Fine when there is none.
  status remove(const cid& id);
  /// Reads the block again even if it was checked before.
  status check(const cid& id);

  /// Serves the blocks of a CAR (either version) or of a piece file from now
  /// on, and removes their loose copies. The file must be durable, and neither
  /// change nor go before it is dropped. `verify` hashes all of it first; a
  /// caller that has just written it need not. `go_on` is asked now and then;
  /// its error stops and is returned. Errors: errc::corrupt (the CID is the
  /// value) and errc::malformed, with nothing added; errc::already_exists.
  status add_pack(const std::filesystem::path& file, bool verify = true, const std::function<status()>& go_on = {});
  /// Whether somebody still needs the block; asked on the thread that drops.
  using keep_rule = std::function<result<bool>(bytes_view multihash)>;
  /// Its blocks are gone, unless another pack has them; those that `keep`
  /// wants become loose first, and are durable before the pack goes. Say that
  /// a block is needed before you put it: then it is kept or written. The file
  /// stays. errc::not_found; an error of `keep` leaves everything as it was.
  status drop_pack(const std::filesystem::path& file, const keep_rule& keep = {});
  /// Writes a damaged block of a pack anew, in its place. errc::corrupt when
  /// it is not the block, errc::precondition when the place is another one's.
  status mend(const cid& id, bytes_view block, const std::filesystem::path& pack, std::uint64_t offset);
  /// Packs of the store's own less than half of which `keep` wants are written
  /// anew with that half, or go. Concurrent with all else; a crash leaves the
  /// old pack or the new one. A pack is looked at when half of it was let go by
  /// `remove` since it was last looked at, or never was.
  result<store_compaction> compact(const keep_rule& keep, const std::function<status()>& go_on = {});
  std::vector<pack_info> packs() const;
  /// The pack that the file is; nothing when it is none.
  std::optional<pack_info> pack_at(const std::filesystem::path& file) const;
  /// Throws the index of the packs away; the next `open` makes it again out of
  /// them. Not while the store is open.
  static status discard_index(const std::filesystem::path& folder);

  /// Counts the loose blocks by listing them.
  result<store_stat> stat() const;
  /// Reads every copy of every block.
  result<store_check> check_all(const store_check_options& o = store_check_options{});

  /// Every block that has its name, once, in no order, as its multihash.
  status for_each(const std::function<status(bytes_view multihash, std::uint64_t size)>& visit) const;
  status for_each_loose(const std::function<status(bytes_view multihash, std::uint64_t size)>& visit) const;
  /// Bytes of all blocks, loose and packed; off by at most 1 % after a crash.
  std::uint64_t bytes_used() const;
  /// Of loose blocks and of the store's own packs.
  std::uint64_t own_bytes() const;

private:
  struct state;
  class writer_impl;
  class pack_writer_impl;
  class reference_writer_impl;
  class checker;
  explicit block_store(std::unique_ptr<state> s);
  status read(const cid& id, bytes& out) override;
  result<std::uint64_t> measure(const cid& id) override;

  std::unique_ptr<state> state_;
};

} // namespace weir
