#pragma once
// The blocks of this node. Today they are loose, in flatfs; packs come behind
// the same class. Safe to use from several threads.
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

namespace weir {

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

class block_store : public block_source {
public:
  struct options {
    std::size_t group_blocks = 256; ///< written before a group is synced
    std::uint64_t group_bytes = 64 << 20;
    std::size_t remembered = 1 << 18; ///< checked blocks, 8 bytes each
  };
  using damage_listener = std::function<void(const cid& id)>;

  /// Opens or makes the folder. errc::precondition when it is something else.
  static result<std::unique_ptr<block_store>> open(const std::filesystem::path& folder, const options& o);
  static result<std::unique_ptr<block_store>> open(const std::filesystem::path& folder);
  ~block_store() override;

  /// Called on the thread that met the damage, before its read returns.
  void on_damage(damage_listener listener);

  /// Ends before the store does.
  std::unique_ptr<block_writer> writer();
  /// One block, durable when it returns.
  status put(const cid& id, bytes_view block);

  bool has(const cid& id) const;
  /// Fine when there is none.
  status remove(const cid& id);
  /// Reads the block again even if it was checked before.
  status check(const cid& id);

  /// Every block that has its name, in no order, as its multihash.
  status for_each(const std::function<status(bytes_view multihash, std::uint64_t size)>& visit) const;
  /// Bytes of all blocks; off by at most 1 % after a crash.
  std::uint64_t bytes_used() const;

private:
  struct state;
  class writer_impl;
  explicit block_store(std::unique_ptr<state> s);
  status read(const cid& id, bytes& out) override;
  result<std::uint64_t> measure(const cid& id) override;

  std::unique_ptr<state> state_;
};

} // namespace weir
