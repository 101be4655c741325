#pragma once
// Blocks of many writers on their way to disk together: written at once,
// synced and named as one group. A block is readable from the moment it was
// put. Safe to use from several threads.
#include "storage/blocks/flatfs.hpp"

#include <unordered_map>

namespace weir {

/// One writer's stake in the groups that carry its blocks: the first error of
/// any of them. Guarded by the group's mutex.
struct write_owner {
  status failed;
};

class write_group {
public:
  struct limits {
    std::size_t blocks = 256;
    std::uint64_t bytes = 64 << 20;
  };

  write_group(flatfs& files, const limits& l) : files_{files}, limits_{l} {}
  ~write_group();
  write_group(const write_group&) = delete;
  write_group& operator=(const write_group&) = delete;

  /// Takes the block unless it is here already, on disk or on its way. Flushes
  /// by itself when the group is full. True when the block was new.
  result<bool> put(const std::shared_ptr<write_owner>& owner, bytes_view multihash, bytes_view block);

  /// Everything that was put before is durable, or `owner` has failed.
  status flush(const std::shared_ptr<write_owner>& owner);

  /// A block that is not on disk under its name yet. errc::not_found.
  status read(bytes_view multihash, bytes& out) const;
  std::optional<std::uint64_t> size_of(bytes_view multihash) const;

private:
  struct pending {
    flatfs::staged file;
    std::vector<std::shared_ptr<write_owner>> owners;
  };
  using pending_map = std::unordered_map<std::string, pending>;

  bool join(const std::shared_ptr<write_owner>& owner, const std::string& key);
  pending* find(const std::string& key) const;
  void flush_group();
  std::vector<flatfs::staged> close_group();
  void end_group(const status& done);

  flatfs& files_;
  limits limits_;
  std::mutex flushing_;         ///< one group is published at a time
  mutable std::mutex mutex_;    ///< of all below
  mutable pending_map open_;    ///< takes blocks
  mutable pending_map closing_; ///< being published
  std::uint64_t open_bytes_ = 0;
};

} // namespace weir
