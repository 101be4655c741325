#pragma once
// Loose blocks on disk in Kubo's flatfs layout: Kubo opens a folder that this
// wrote, and this opens one that Kubo wrote.
// https://github.com/ipfs/go-ds-flatfs
//
//   SHARDING                 /repo/flatfs/shard/v1/next-to-last/2
//   _README  diskUsage.cache
//   QX/CIQ….data             one block; the name is its multihash in base32
//   .temp/                   half-written files, emptied when opened
//   .quarantine/             damaged blocks, kept for whoever wants to look
//
// Keys are multihashes (code, length, digest). Nothing here checks a block
// against its key; `block_store` does. Safe to use from several threads; one
// process at a time, which the data folder's lock sees to.
#include "messages/types/bytes.hpp"
#include "messages/types/result.hpp"
#include "storage/support/file.hpp"

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_set>

namespace weir {

/// How a key becomes the name of its folder.
struct flatfs_sharding {
  enum class function : std::uint8_t { prefix, suffix, next_to_last };
  function how = function::next_to_last;
  std::size_t length = 2; ///< characters, 1 to 16

  /// The line in SHARDING, and back (errc::malformed).
  std::string text() const;
  static result<flatfs_sharding> parse(std::string_view line);
  std::string folder_of(std::string_view key) const;

  friend bool operator==(const flatfs_sharding&, const flatfs_sharding&) = default;
};

/// "CIQ….data" from a multihash, and back; nothing when it is not such a name.
std::string flatfs_file_name(bytes_view multihash);
std::optional<bytes> flatfs_multihash(std::string_view file_name);

class flatfs {
public:
  /// A block that is written but has not its name yet.
  struct staged {
    bytes multihash;
    std::filesystem::path file;
    std::uint64_t size = 0;
  };

  /// Opens `root`, or makes it with `sharding` when it is missing or empty.
  /// errc::precondition when it holds something else.
  static result<std::unique_ptr<flatfs>> open(const std::filesystem::path& root, const flatfs_sharding& sharding = {});
  ~flatfs();
  flatfs(const flatfs&) = delete;
  flatfs& operator=(const flatfs&) = delete;

  const flatfs_sharding& sharding() const { return sharding_; }
  std::filesystem::path path_of(bytes_view multihash) const;

  /// errc::not_found, errc::io.
  result<std::uint64_t> size_of(bytes_view multihash) const;
  /// errc::corrupt for a file that is larger than any block can be.
  status read(bytes_view multihash, bytes& out) const;

  /// Writes a temporary file and lets the kernel start on it. When it fails
  /// (errc::disk_full) nothing is left of it.
  result<staged> stage(bytes_view multihash, bytes_view block);
  void discard(const staged& s) noexcept;
  /// Bytes to disk, then all names, then the names to disk: whatever has its
  /// name is whole. On success all of it is durable; on failure nothing of it
  /// is there.
  status publish(const std::vector<staged>& group);

  /// Fine when there is none. Not durable before `sync`: a block that comes
  /// back after a crash does no harm.
  status remove(bytes_view multihash);
  /// Could there be a block? Only a store that never had one says no.
  bool has_folders() const { return has_folders_; }
  /// Everything that was done is on the disk.
  status sync();
  /// Out of the way, into `.quarantine/`.
  status quarantine(bytes_view multihash);
  /// How many blocks lie there.
  std::uint64_t quarantined() const;

  /// Every block in no order; stops at the first error of `visit`. Blocks that
  /// are put or removed meanwhile may be seen or not.
  status for_each(const std::function<status(bytes_view multihash, std::uint64_t size)>& visit) const;

  /// Bytes of all blocks, off by at most 1 % after a crash.
  std::uint64_t disk_usage() const { return usage_.load(std::memory_order_relaxed); }

private:
  flatfs(std::filesystem::path root, flatfs_sharding sharding, file_descriptor root_fd);
  status prepare();
  bool find_folders() const;
  status read_usage();
  void change_usage(std::int64_t by);
  void write_usage();
  status make_shard(const std::string& name);
  status sync_staged(const std::vector<staged>& group);
  /// How far a group came.
  struct published {
    std::unordered_set<std::string> shards;
    std::size_t named = 0;
    std::int64_t growth = 0;
  };
  status name_staged(const std::vector<staged>& group, published& done);
  status sync_folders(const std::unordered_set<std::string>& shards);

  std::filesystem::path root_;
  flatfs_sharding sharding_;
  file_descriptor root_fd_;
  std::atomic<std::uint64_t> next_temp_{0};
  std::atomic<std::uint64_t> usage_{0};
  std::atomic<std::uint64_t> usage_on_disk_{0};
  std::mutex shards_mutex_;
  std::unordered_set<std::string> shards_; ///< folders that are known to exist
  std::atomic<bool> has_folders_{false};
};

/// Larger files are not blocks (Kubo's limit for a block is 2 MiB, older
/// programs went up to 4).
inline constexpr std::size_t max_stored_block = 16 << 20;

} // namespace weir
