#include "storage/blocks/flatfs.hpp"

#include "storage/support/crash_point.hpp"
#include "storage/support/file_system.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir {

namespace fs = std::filesystem;

namespace {

constexpr const char* temp_folder = ".temp";
constexpr const char* quarantine_folder = ".quarantine";
constexpr const char* sharding_file = "SHARDING";
constexpr const char* readme_file = "_README";
constexpr std::string_view readme = "Blocks of content-addressed data, one to a file, named by their multihash in\n"
                                    "base32. The layout is flatfs, as Kubo (https://github.com/ipfs/kubo) has it;\n"
                                    "SHARDING says how the folders are named. Do not edit.\n";

/// From so many files on, one sync of the file system is cheaper than one each.
constexpr std::size_t sync_all_from = 16;

status remove_all_in(const fs::path& folder) {
  std::error_code code;
  for (fs::directory_iterator it{folder, code}, end; !code && it != end; it.increment(code))
    fs::remove_all(it->path(), code);
  if (code)
    return os_error(code.value(), "half-written blocks could not be removed", folder);
  return {};
}

/// A folder in which `open` may begin: new, or left by a crash in its first moments.
status holds_nothing_else(const fs::path& root) {
  std::error_code code;
  for (fs::directory_iterator it{root, code}, end; !code && it != end; it.increment(code)) {
    auto name = it->path().filename().string();
    if (name[0] != '.' && !name.starts_with(readme_file) && !name.starts_with(sharding_file))
      return fail(errc::precondition, "the folder is not empty and not a flatfs block store", root.string());
  }
  if (code)
    return os_error(code.value(), "the block store could not be listed", root);
  return {};
}

} // namespace

flatfs::flatfs(fs::path root, flatfs_sharding sharding, file_descriptor root_fd)
    : root_{std::move(root)}, sharding_{sharding}, root_fd_{std::move(root_fd)} {}

flatfs::~flatfs() {
  write_usage();
}

result<std::unique_ptr<flatfs>> flatfs::open(const fs::path& root, const flatfs_sharding& sharding) {
  WEIR_CHECK(make_folder(root));
  auto line = read_small_file(root / sharding_file, 256);
  if (!line) {
    if (line.error().code != errc::not_found)
      return line.error();
    WEIR_CHECK(holds_nothing_else(root));
    WEIR_CHECK(write_file_durably(root / readme_file, as_bytes(readme)));
    line = sharding.text() + "\n";
    WEIR_CHECK(write_file_durably(root / sharding_file, as_bytes(*line)));
  }
  WEIR_TRY(auto found, flatfs_sharding::parse(*line));
  WEIR_TRY(auto fd, open_file(root, O_RDONLY | O_DIRECTORY));
  std::unique_ptr<flatfs> store{new flatfs{root, found, std::move(fd)}};
  WEIR_CHECK(store->prepare());
  return store;
}

status flatfs::prepare() {
  WEIR_CHECK(make_folder(root_ / temp_folder));
  WEIR_CHECK(remove_all_in(root_ / temp_folder));
  has_folders_ = find_folders();
  return read_usage();
}

fs::path flatfs::path_of(bytes_view multihash) const {
  auto name = flatfs_file_name(multihash);
  auto key = std::string_view{name}.substr(0, name.size() - 5);
  return root_ / sharding_.folder_of(key) / name;
}

result<std::uint64_t> flatfs::size_of(bytes_view multihash) const {
  auto path = path_of(multihash);
  struct stat info;
  if (::stat(path.c_str(), &info) < 0)
    return os_error(errno, "a block is not here", path);
  return static_cast<std::uint64_t>(info.st_size);
}

status flatfs::read(bytes_view multihash, bytes& out) const {
  auto path = path_of(multihash);
  WEIR_TRY(auto fd, open_file(path, O_RDONLY));
  struct stat info;
  if (::fstat(fd.get(), &info) < 0)
    return os_error(errno, "a block could not be read", path);
  if (info.st_size < 0 || static_cast<std::uint64_t>(info.st_size) > max_stored_block)
    return fail(errc::corrupt, "a file of the block store is too large for a block", path.string(),
                std::to_string(max_stored_block));
  out.resize(static_cast<std::size_t>(info.st_size));
  WEIR_TRY(auto n, read_at(fd.get(), out, 0, path));
  out.resize(n);
  return {};
}

result<flatfs::staged> flatfs::stage(bytes_view multihash, bytes_view block) {
  staged s{to_bytes(multihash), root_ / temp_folder / ("block-" + std::to_string(++next_temp_)), block.size()};
  WEIR_TRY(auto fd, open_file(s.file, O_WRONLY | O_CREAT | O_EXCL));
  if (auto written = write_all(fd.get(), block, s.file); !written) {
    discard(s);
    return written.error();
  }
  // Only a hint: the sync that comes later finds most of it done.
  ::sync_file_range(fd.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
  return s;
}

void flatfs::discard(const staged& s) noexcept {
  (void)remove_file(s.file);
}

status flatfs::sync_staged(const std::vector<staged>& group) {
  if (group.size() >= sync_all_from)
    return sync_file_system(root_fd_.get(), root_);
  for (const auto& s : group) {
    WEIR_TRY(auto fd, open_file(s.file, O_RDONLY));
    WEIR_CHECK(sync_file(fd.get(), s.file));
  }
  return {};
}

status flatfs::make_shard(const std::string& name) {
  std::lock_guard lock{shards_mutex_};
  if (shards_.count(name) > 0)
    return {};
  if (file_system::current().mkdir((root_ / name).c_str(), 0755) < 0 && errno != EEXIST)
    return os_error(errno, "a folder of the block store could not be made", root_ / name);
  shards_.insert(name);
  has_folders_ = true;
  return {};
}

status flatfs::name_staged(const std::vector<staged>& group, published& done) {
  for (const auto& s : group) {
    auto path = path_of(s.multihash);
    auto shard = path.parent_path().filename().string();
    WEIR_CHECK(make_shard(shard));
    auto before = size_of(s.multihash);
    WEIR_CHECK(rename_file(s.file, path));
    done.shards.insert(std::move(shard));
    done.growth += static_cast<std::int64_t>(s.size) - static_cast<std::int64_t>(before ? *before : 0);
    ++done.named;
  }
  return {};
}

status flatfs::sync_folders(const std::unordered_set<std::string>& shards) {
  if (shards.size() >= sync_all_from)
    return sync_file_system(root_fd_.get(), root_);
  for (const auto& shard : shards)
    WEIR_CHECK(sync_folder(root_ / shard));
  return sync_folder(root_); // it may have new shards
}

status flatfs::publish(const std::vector<staged>& group) {
  if (group.empty())
    return {};
  crash_point("blocks.staged");
  published done;
  auto publish_all = [&]() -> status {
    WEIR_CHECK(sync_staged(group));
    crash_point("blocks.synced");
    WEIR_CHECK(name_staged(group, done));
    crash_point("blocks.named");
    return sync_folders(done.shards);
  };
  if (auto all = publish_all(); !all) {
    for (std::size_t i = 0; i < group.size(); ++i)
      (void)remove_file(i < done.named ? path_of(group[i].multihash) : group[i].file);
    return all;
  }
  change_usage(done.growth);
  crash_point("blocks.published");
  return {};
}

status flatfs::remove(bytes_view multihash) {
  auto size = size_of(multihash);
  if (!size)
    return size.error().code == errc::not_found ? status{} : status{size.error()};
  WEIR_CHECK(remove_file(path_of(multihash)));
  change_usage(-static_cast<std::int64_t>(*size));
  return {};
}

bool flatfs::find_folders() const {
  std::error_code code;
  for (fs::directory_iterator it{root_, code}, end; !code && it != end; it.increment(code))
    if (it->path().filename().native().front() != '.' && it->is_directory(code))
      return true;
  return static_cast<bool>(code);
}

status flatfs::sync() {
  return sync_file_system(root_fd_.get(), root_);
}

status flatfs::quarantine(bytes_view multihash) {
  auto size = size_of(multihash);
  if (!size)
    return size.error().code == errc::not_found ? status{} : status{size.error()};
  WEIR_CHECK(make_folder(root_ / quarantine_folder));
  auto path = path_of(multihash);
  WEIR_CHECK(rename_file(path, root_ / quarantine_folder / path.filename()));
  change_usage(-static_cast<std::int64_t>(*size));
  return sync_folder(path.parent_path());
}

std::uint64_t flatfs::quarantined() const {
  std::error_code none;
  std::uint64_t count = 0;
  for (fs::directory_iterator it{root_ / quarantine_folder, none}, end; !none && it != end; it.increment(none))
    ++count;
  return count;
}

status flatfs::for_each(const std::function<status(bytes_view, std::uint64_t)>& visit) const {
  std::error_code code;
  for (fs::directory_iterator shard{root_, code}, end; !code && shard != end; shard.increment(code)) {
    std::error_code ignored; // a folder or file that went meanwhile
    if (shard->path().filename().native().front() == '.' || !shard->is_directory(ignored))
      continue;
    std::error_code inner;
    for (fs::directory_iterator file{shard->path(), inner}, last; !inner && file != last; file.increment(inner)) {
      auto multihash = flatfs_multihash(file->path().filename().native());
      auto size = file->file_size(ignored);
      if (multihash && !ignored)
        WEIR_CHECK(visit(*multihash, size));
    }
    if (inner)
      return os_error(inner.value(), "a folder of the block store could not be listed", shard->path());
  }
  if (code)
    return os_error(code.value(), "the block store could not be listed", root_);
  return {};
}

} // namespace weir
