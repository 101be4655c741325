#include "node/cli/tools/tree_writer.hpp"

#include "node/cli/context.hpp"
#include "node/cli/tools/output.hpp"
#include "storage/unixfs/file_reader.hpp"

#include <cerrno>
#include <climits>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace weir::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* part_name = ".weir-extract.part";
constexpr std::size_t slice = 1 << 20;

class tree_writer {
public:
  tree_writer(block_source& blocks, bool force) : blocks_{blocks}, tree_{blocks}, force_{force} {}

  /// `folder` is open; `path` is only for messages.
  status entry(int folder, const std::string& name, const unixfs::node_info& info, const fs::path& path,
               std::size_t depth) {
    if (!unixfs::is_safe_name(name) || name == part_name)
      return fail(errc::invalid_path, "A name in the CAR cannot be a file here.", printable(name));
    if (++entries_ > limits_.entries || depth > limits_.depth)
      return fail(errc::too_large, "The tree has too many entries, or is too deep.", path.string());
    switch (info.kind) {
    case unixfs::node_kind::directory:
      return enter(folder, name, info, path, depth);
    case unixfs::node_kind::file:
      return file(folder, name, info, path);
    default:
      return link(folder, name, info.target, path);
    }
  }

  /// Links come last in their folder: nothing is written through one.
  status fill(int folder, const unixfs::node_info& info, const fs::path& path, std::size_t depth) {
    std::vector<std::pair<std::string, cid>> links; // without their targets, of which a few blocks can make many
    WEIR_CHECK(tree_.list(info.id, [&](const unixfs::directory_link& l) -> status {
      WEIR_TRY(auto child, tree_.stat(l.id));
      if (child.kind == unixfs::node_kind::symlink) {
        links.emplace_back(l.name, l.id);
        return check_target(child.target, path / l.name);
      }
      return entry(folder, l.name, child, path / l.name, depth + 1);
    }));
    for (const auto& [name, id] : links) {
      WEIR_TRY(auto child, tree_.stat(id));
      WEIR_CHECK(entry(folder, name, child, path / name, depth + 1));
    }
    keep_attributes(folder, info.attr, S_IRWXU);
    return {};
  }

  std::uint64_t files() const { return files_; }
  std::uint64_t bytes_written() const { return bytes_; }

private:
  status enter(int folder, const std::string& name, const unixfs::node_info& info, const fs::path& path,
               std::size_t depth) {
    if (::mkdirat(folder, name.c_str(), 0755) != 0 && errno != EEXIST)
      return os_error(errno, "The folder cannot be made.", path);
    file_descriptor below{::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
    if (!below)
      return os_error(errno, "There is something else where a folder goes.", path);
    return fill(below.get(), info, path, depth);
  }

  status file(int folder, const std::string& name, const unixfs::node_info& info, const fs::path& path) {
    struct stat there {};
    if (!force_ && ::fstatat(folder, name.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0)
      return fail(errc::already_exists, "There is something of this name; --force writes over it.", path.string());
    WEIR_CHECK(check_room(folder, info.size, path));
    ::unlinkat(folder, part_name, 0);
    file_descriptor fd{::openat(folder, part_name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644)};
    if (!fd)
      return os_error(errno, "The file cannot be made.", path);
    auto written = copy(fd.get(), info, path);
    if (written) {
      keep_attributes(fd.get(), info.attr, 0);
      written = give_name(folder, part_name, name, force_);
    }
    if (!written)
      ::unlinkat(folder, part_name, 0);
    else
      ++files_;
    return written;
  }

  status copy(int fd, const unixfs::node_info& info, const fs::path& path) {
    if (info.size == 0)
      return {};
    WEIR_TRY(auto reader, unixfs::file_reader::open(blocks_, info.id));
    for (;;) {
      WEIR_TRY(auto part, reader->next(slice));
      if (part.empty())
        return {};
      WEIR_CHECK(write_all(fd, part, path));
      bytes_ += part.size();
    }
  }

  /// A few blocks can make a file of any size.
  static status check_room(int folder, std::uint64_t size, const fs::path& path) {
    struct statvfs room {};
    if (::fstatvfs(folder, &room) != 0)
      return os_error(errno, "The folder cannot be read.", path);
    const std::uint64_t free = std::uint64_t{room.f_bavail} * room.f_frsize;
    if (size <= free)
      return {};
    return fail(errc::disk_full, "A file of the CAR does not fit onto this disk: " + path.string(),
                std::to_string(size), std::to_string(free));
  }

  static status check_target(const std::string& target, const fs::path& path) {
    if (target.size() < PATH_MAX)
      return {};
    return fail(errc::too_large, "The target of a link is longer than any path.", path.string(),
                std::to_string(PATH_MAX - 1));
  }

  status link(int folder, const std::string& name, const std::string& target, const fs::path& path) {
    WEIR_CHECK(check_target(target, path));
    if (force_)
      ::unlinkat(folder, name.c_str(), 0);
    if (::symlinkat(target.c_str(), folder, name.c_str()) != 0)
      return errno == EEXIST
                 ? fail(errc::already_exists, "There is something of this name; --force writes over it.", path.string())
                 : os_error(errno, "The link cannot be made.", path);
    ++files_;
    return {};
  }

  /// As far as the file system lets us.
  static void keep_attributes(int fd, const unixfs::attributes& attr, mode_t at_least) {
    if (attr.mode)
      (void)!::fchmod(fd, (*attr.mode & 0777) | at_least);
    if (!attr.mtime)
      return;
    timespec times[2] = {{0, UTIME_OMIT}, {attr.mtime->seconds, static_cast<long>(attr.mtime->nanoseconds)}};
    (void)!::futimens(fd, times);
  }

  block_source& blocks_;
  unixfs::tree_reader tree_;
  bool force_;
  unixfs::tree_limits limits_;
  std::uint64_t entries_ = 0, files_ = 0, bytes_ = 0;
};

result<file_descriptor> open_folder(const fs::path& path) {
  return open_file(path.empty() ? fs::path{"."} : path, O_RDONLY | O_DIRECTORY);
}

} // namespace

result<written_tree> write_tree(block_source& blocks, const unixfs::node_info& node, const std::string& name,
                                const fs::path& out, bool force) {
  tree_writer writer{blocks, force};
  written_tree made{node.id, out, 0, 0};
  std::error_code ignored;
  const bool into = fs::is_directory(out, ignored);
  if (node.kind == unixfs::node_kind::directory) {
    if (!into && ::mkdir(out.c_str(), 0755) != 0)
      return os_error(errno, "The folder cannot be made.", out);
    WEIR_TRY(auto folder, open_folder(out));
    WEIR_CHECK(writer.fill(folder.get(), node, out, 0));
  } else {
    if (into)
      made.at /= name;
    WEIR_TRY(auto folder, open_folder(made.at.parent_path()));
    WEIR_CHECK(writer.entry(folder.get(), made.at.filename().string(), node, made.at, 0));
  }
  made.files = writer.files();
  made.bytes = writer.bytes_written();
  return made;
}

} // namespace weir::cli
