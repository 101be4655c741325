#include "storage/import/tree_import.hpp"

#include "storage/import/import_buffer.hpp"
#include "storage/support/file.hpp"
#include "storage/support/file_system.hpp"
#include "storage/unixfs/node_writer.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir {

namespace fs = std::filesystem;

namespace {

bool same_file(const struct stat& a, const struct stat& b) {
  return a.st_size == b.st_size && a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec
         && a.st_ino == b.st_ino;
}

/// The way to what is being read, as a folder's descriptor and a name in it:
/// the kernel need not walk the whole path for each file.
struct source_name {
  int folder = AT_FDCWD;
  const char* name = nullptr;
  const std::string& path; ///< whole, for people
};

class tree_importer {
public:
  tree_importer(block_sink& sink, const tree_import_options& o)
      : sink_{sink}, options_{o}, small_leaves_{sink, o.how}, placed_{o.places, o.how} {
    buffer_.resize(import_buffer_size(o.how));
    one_leaf_ = o.how.raw_leaves && o.how.layout == unixfs::dag_layout::balanced
                && o.how.chunks.how == unixfs::chunking::method::size && !o.keep_mode && !o.keep_mtime;
    small_ = std::min(buffer_.size() / commp::lanes, o.how.chunks.most);
  }

  result<unixfs::imported> run(const fs::path& source) {
    struct stat info;
    if (::lstat(source.c_str(), &info) < 0)
      return os_error(errno, "the source could not be read", source);
    source_ = source.native();
    const source_name whole{AT_FDCWD, source.c_str(), source_};
    if (S_ISREG(info.st_mode))
      return file(whole);
    if (S_ISLNK(info.st_mode))
      return symlink(whole, info);
    unixfs::directory_builder tree{sink_, options_.how, options_.limits};
    tree_ = &tree;
    WEIR_CHECK(tree.add_directory("", attributes_of(info)));
    WEIR_CHECK(folder({}));
    return tree.finish();
  }

private:
  unixfs::attributes attributes_of(const struct stat& info) const {
    unixfs::attributes attr;
    if (options_.keep_mode)
      attr.mode = info.st_mode & 07777;
    if (options_.keep_mtime)
      attr.mtime = unixfs::timestamp{info.st_mtim.tv_sec, static_cast<std::uint32_t>(info.st_mtim.tv_nsec)};
    return attr;
  }

  /// `below`: the folder's path inside the source, with a slash at its end.
  status folder(const std::string& below) {
    const std::string path = below.empty() ? source_ : source_ + "/" + below;
    WEIR_TRY(auto entries, entries_of(path));
    file_descriptor here; // not open while what is below is read: a tree can be deep
    std::string whole = source_ + "/" + below, name = below;
    const auto whole_size = whole.size(), name_size = name.size();
    for (const auto& [entry, regular] : entries) {
      if (!here) {
        WEIR_TRY(here, open_file(path, O_RDONLY | O_DIRECTORY));
      }
      whole.replace(whole_size, whole.npos, entry);
      name.replace(name_size, name.npos, entry);
      WEIR_CHECK(add({here.get(), entry.c_str(), whole}, regular, name, here));
    }
    return put_batch();
  }

  /// Names, and whether they are those of regular files.
  result<std::vector<std::pair<std::string, bool>>> entries_of(const std::string& path) const {
    std::vector<std::pair<std::string, bool>> entries;
    std::error_code code, ignored;
    for (fs::directory_iterator it{path, code}, end; !code && it != end; it.increment(code))
      if (auto name = it->path().filename().native(); options_.hidden || name[0] != '.')
        entries.emplace_back(std::move(name), it->symlink_status(ignored).type() == fs::file_type::regular);
    if (code)
      return os_error(code.value(), "a folder could not be listed", path);
    std::sort(entries.begin(), entries.end());
    return entries;
  }

  /// What is no regular file is not opened: a device might do something.
  status add(const source_name& at, bool regular, const std::string& name, file_descriptor& here) {
    int fd = regular ? ::openat(at.folder, at.name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1;
    if (regular && fd < 0 && errno != ELOOP && errno != ENXIO)
      return os_error(errno, "a file could not be read", at.path);
    file_descriptor file{fd};
    struct stat info;
    if ((file ? ::fstat(fd, &info) : ::fstatat(at.folder, at.name, &info, AT_SYMLINK_NOFOLLOW)) < 0)
      return os_error(errno, "a file could not be read", at.path);
    if (one_leaf_ && S_ISREG(info.st_mode) && file && static_cast<std::uint64_t>(info.st_size) <= small_)
      return add_small(at, name, file.get(), info);
    WEIR_CHECK(put_batch());
    if (S_ISDIR(info.st_mode)) {
      here.close();
      WEIR_CHECK(tree_->add_directory(name, attributes_of(info)));
      return folder(name + "/");
    }
    if (S_ISLNK(info.st_mode)) {
      WEIR_TRY(auto target, target_of(at));
      return tree_->add_symlink(name, target, attributes_of(info));
    }
    if (!S_ISREG(info.st_mode) || !file)
      return fail(errc::unsupported, "neither a file nor a folder nor a symbolic link", at.path);
    WEIR_TRY(auto made, read_file(at, file.get(), info));
    return tree_->add(name, made);
  }

  /// A file that is one leaf waits for others like it: their leaves are hashed together.
  status add_small(const source_name& at, const std::string& name, int fd, const struct stat& info) {
    const auto size = static_cast<std::size_t>(info.st_size);
    auto into = std::span{buffer_}.subspan(batch_.size() * small_, size);
    const auto n = size == 0 ? 0 : file_system::current().pread(fd, into.data(), size, 0);
    if (n < 0)
      return os_error(errno, "a file could not be read", at.path);
    WEIR_CHECK(expect_unchanged(fd, info, static_cast<std::uint64_t>(n), at));
    batch_.push_back({name, options_.memory == nullptr ? std::string{} : at.path, info, into});
    return batch_.size() < commp::lanes ? status{} : put_batch();
  }

  status put_batch() {
    if (batch_.empty())
      return {};
    chunks_.clear();
    leaves_.clear();
    for (const auto& f : batch_)
      chunks_.push_back(f.data);
    WEIR_CHECK(small_leaves_.put_leaves(chunks_, leaves_));
    for (std::size_t i = 0; i < batch_.size(); ++i) {
      const auto& f = batch_[i];
      if (options_.memory != nullptr && options_.memory->begin(f.path, f.info).empty())
        options_.memory->learn(leaves_[i]);
      WEIR_CHECK(tree_->add(f.name, {leaves_[i].id, f.data.size(), leaves_[i].dag_size, 1}));
      progress_.bytes += f.data.size();
      ++progress_.files;
    }
    batch_.clear();
    return options_.go_on ? options_.go_on(progress_) : status{};
  }

  static result<std::string> target_of(const source_name& at) {
    std::string target(PATH_MAX, '\0');
    auto size = ::readlinkat(at.folder, at.name, target.data(), target.size());
    if (size < 0)
      return os_error(errno, "a symbolic link could not be read", at.path);
    target.resize(static_cast<std::size_t>(size));
    return target;
  }

  result<unixfs::imported> symlink(const source_name& at, const struct stat& info) {
    WEIR_TRY(auto target, target_of(at));
    unixfs::node_writer writer{sink_, options_.how};
    WEIR_TRY(auto made, writer.put_symlink(target, attributes_of(info)));
    return unixfs::imported{std::move(made.id), made.file_size, made.dag_size, writer.blocks()};
  }

  result<unixfs::imported> file(const source_name& at) {
    WEIR_TRY(auto fd, open_file(at.path, O_RDONLY | O_NOFOLLOW));
    struct stat info;
    if (::fstat(fd.get(), &info) < 0)
      return os_error(errno, "a file could not be read", at.path);
    return read_file(at, fd.get(), info);
  }

  static status expect_unchanged(int fd, const struct stat& before, std::uint64_t read, const source_name& at) {
    struct stat after;
    if (::fstat(fd, &after) < 0 || !same_file(before, after) || read != static_cast<std::uint64_t>(before.st_size))
      return fail(errc::changed, "a file changed while it was read: start again", at.path);
    return {};
  }

  result<unixfs::imported> read_file(const source_name& at, int fd, const struct stat& before) {
    unixfs::file_importer importer{sink_, options_.how, attributes_of(before)};
    const auto size = static_cast<std::uint64_t>(before.st_size);
    WEIR_CHECK(remember(importer, at.path, before));
    while (importer.size() < size) {
      if (auto n = placed_.read(fd, size, importer, at.path); !n || *n > 0) {
        WEIR_CHECK(n);
        progress_.bytes += *n;
        if (options_.go_on && importer.size() < size)
          WEIR_CHECK(options_.go_on(progress_));
        continue;
      }
      auto part = std::span{buffer_}.first(std::min<std::uint64_t>(buffer_.size(), size - importer.size()));
      WEIR_TRY(auto n, read_at(fd, part, importer.size(), at.path));
      if (n == 0)
        break;
      WEIR_CHECK(importer.write(part.first(n)));
      progress_.bytes += n;
      if (options_.go_on && importer.size() < size)
        WEIR_CHECK(options_.go_on(progress_));
    }
    WEIR_CHECK(expect_unchanged(fd, before, importer.size(), at));
    ++progress_.files;
    if (options_.go_on)
      WEIR_CHECK(options_.go_on(progress_));
    return importer.finish();
  }

  /// Skips what an earlier run knew. A chunker that looks at content has a
  /// state between its leaves: there it is all or nothing.
  status remember(unixfs::file_importer& importer, const std::string& path, const struct stat& info) {
    if (options_.memory == nullptr)
      return {};
    auto known = options_.memory->begin(path, info);
    std::uint64_t bytes = 0;
    for (const auto& leaf : known)
      bytes += leaf.file_size;
    const bool whole = bytes == static_cast<std::uint64_t>(info.st_size);
    if (attributes_of(info).empty() && (whole || options_.how.chunks.how == unixfs::chunking::method::size)) {
      for (const auto& leaf : known)
        WEIR_CHECK(importer.add_known(leaf));
      progress_.bytes += bytes;
    }
    importer.on_leaf([this](const unixfs::child& leaf) { options_.memory->learn(leaf); });
    return {};
  }

  /// Read, not yet hashed; its bytes are in the buffer.
  struct small_file {
    std::string name, path;
    struct stat info;
    bytes_view data;
  };

  block_sink& sink_;
  const tree_import_options& options_;
  unixfs::node_writer small_leaves_;
  unixfs::directory_builder* tree_ = nullptr;
  std::string source_;
  bool one_leaf_ = false; ///< files that fit into a leaf are nothing but that
  std::size_t small_ = 0; ///< bytes of the largest one
  page_buffer buffer_;
  placed_reader placed_;
  std::vector<small_file> batch_;
  std::vector<bytes_view> chunks_;
  std::vector<unixfs::child> leaves_;
  import_progress progress_;
};

} // namespace

result<unixfs::imported> import_tree(const fs::path& source, block_sink& sink, const tree_import_options& options) {
  WEIR_CHECK(unixfs::check(options.how));
  return tree_importer{sink, options}.run(source);
}

} // namespace weir
