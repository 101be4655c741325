#include "storage/import/tree_import.hpp"

#include "storage/commp/kernel.hpp"
#include "storage/hash/block_cid.hpp"
#include "storage/support/file.hpp"
#include "storage/unixfs/node_writer.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_buffered = 16 << 20;

bool same_file(const struct stat& a, const struct stat& b) {
  return a.st_size == b.st_size && a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec
         && a.st_ino == b.st_ino;
}

class tree_importer {
public:
  tree_importer(block_sink& sink, const tree_import_options& o) : sink_{sink}, options_{o}, placed_{o.places, o.how} {
    // As many whole chunks as are hashed together, within reason.
    buffer_.resize(std::min(most_buffered, commp::lanes * std::max<std::size_t>(o.how.chunks.most, 64 << 10)));
  }

  result<unixfs::imported> run(const fs::path& source) {
    struct stat info;
    if (::lstat(source.c_str(), &info) < 0)
      return os_error(errno, "the source could not be read", source);
    if (S_ISREG(info.st_mode))
      return file(source);
    if (S_ISLNK(info.st_mode))
      return symlink(source, info);
    unixfs::directory_builder tree{sink_, options_.how, options_.limits};
    WEIR_CHECK(tree.add_directory("", attributes_of(info)));
    WEIR_CHECK(folder(tree, source, {}));
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

  status folder(unixfs::directory_builder& tree, const fs::path& path, const std::string& name) {
    std::vector<std::string> names;
    std::error_code code;
    for (fs::directory_iterator it{path, code}, end; !code && it != end; it.increment(code))
      if (auto entry = it->path().filename().string(); options_.hidden || entry[0] != '.')
        names.push_back(std::move(entry));
    if (code)
      return os_error(code.value(), "a folder could not be listed", path);
    std::sort(names.begin(), names.end());
    for (const auto& entry : names)
      WEIR_CHECK(add(tree, path / entry, name.empty() ? entry : name + "/" + entry));
    return {};
  }

  status add(unixfs::directory_builder& tree, const fs::path& path, const std::string& name) {
    struct stat info;
    if (::lstat(path.c_str(), &info) < 0)
      return os_error(errno, "a file could not be read", path);
    if (S_ISDIR(info.st_mode)) {
      WEIR_CHECK(tree.add_directory(name, attributes_of(info)));
      return folder(tree, path, name);
    }
    if (S_ISLNK(info.st_mode)) {
      WEIR_TRY(auto target, target_of(path));
      return tree.add_symlink(name, target, attributes_of(info));
    }
    if (!S_ISREG(info.st_mode))
      return fail(errc::unsupported, "neither a file nor a folder nor a symbolic link", path.string());
    WEIR_TRY(auto made, file(path));
    return tree.add(name, made);
  }

  static result<std::string> target_of(const fs::path& path) {
    std::error_code code;
    auto target = fs::read_symlink(path, code);
    if (code)
      return os_error(code.value(), "a symbolic link could not be read", path);
    return target.string();
  }

  result<unixfs::imported> symlink(const fs::path& path, const struct stat& info) {
    WEIR_TRY(auto target, target_of(path));
    unixfs::node_writer writer{sink_, options_.how};
    WEIR_TRY(auto made, writer.put_symlink(target, attributes_of(info)));
    return unixfs::imported{std::move(made.id), made.file_size, made.dag_size, writer.blocks()};
  }

  result<unixfs::imported> file(const fs::path& path) {
    WEIR_TRY(auto fd, open_file(path, O_RDONLY | O_NOFOLLOW));
    struct stat before, after;
    if (::fstat(fd.get(), &before) < 0)
      return os_error(errno, "a file could not be read", path);
    unixfs::file_importer importer{sink_, options_.how, attributes_of(before)};
    const auto size = static_cast<std::uint64_t>(before.st_size);
    WEIR_CHECK(remember(importer, path, before));
    while (importer.size() < size) {
      if (auto n = placed_.read(fd.get(), size, importer, path); !n || *n > 0) {
        WEIR_CHECK(n);
        progress_.bytes += *n;
        if (options_.go_on && importer.size() < size)
          WEIR_CHECK(options_.go_on(progress_));
        continue;
      }
      auto part = std::span{buffer_}.first(std::min<std::uint64_t>(buffer_.size(), size - importer.size()));
      WEIR_TRY(auto n, read_at(fd.get(), part, importer.size(), path));
      if (n == 0)
        break;
      WEIR_CHECK(importer.write(part.first(n)));
      progress_.bytes += n;
      if (options_.go_on && importer.size() < size)
        WEIR_CHECK(options_.go_on(progress_));
    }
    if (::fstat(fd.get(), &after) < 0 || !same_file(before, after) || importer.size() != size)
      return fail(errc::changed, "a file changed while it was read: start again", path.string());
    ++progress_.files;
    if (options_.go_on)
      WEIR_CHECK(options_.go_on(progress_));
    return importer.finish();
  }

  /// Skips what an earlier run knew. A chunker that looks at content has a
  /// state between its leaves: there it is all or nothing.
  status remember(unixfs::file_importer& importer, const fs::path& path, const struct stat& info) {
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

  block_sink& sink_;
  const tree_import_options& options_;
  page_buffer buffer_;
  placed_reader placed_;
  import_progress progress_;
};

} // namespace

result<unixfs::imported> import_tree(const fs::path& source, block_sink& sink, const tree_import_options& options) {
  WEIR_CHECK(unixfs::check(options.how));
  return tree_importer{sink, options}.run(source);
}

result<unixfs::imported> import_stream(int fd, block_sink& sink, const tree_import_options& options) {
  WEIR_CHECK(unixfs::check(options.how));
  unixfs::file_importer importer{sink, options.how};
  bytes buffer(std::min(most_buffered, commp::lanes * std::max<std::size_t>(options.how.chunks.most, 64 << 10)));
  for (std::size_t filled = 0;;) {
    auto n = ::read(fd, buffer.data() + filled, buffer.size() - filled);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return os_error(errno, "the input could not be read", "-");
    filled += static_cast<std::size_t>(n);
    if (n > 0 && filled < buffer.size())
      continue; // whole chunks are hashed together
    WEIR_CHECK(importer.write(bytes_view{buffer}.first(filled)));
    if (n == 0)
      return importer.finish();
    filled = 0;
    if (options.go_on)
      WEIR_CHECK(options.go_on({0, importer.size()}));
  }
}

result<built_car> import_to_car(const fs::path& source, const fs::path& car, const tree_import_options& options) {
  WEIR_CHECK(unixfs::check(options.how));
  // Roots of version 1 have the same size whatever their codec.
  cid_format form{options.how.cid_version, codec::dag_pb, options.how.hash};
  WEIR_TRY(auto root_like, cid_of(form, {}));
  WEIR_TRY(auto builder, car_builder::create(car, root_like, options.workers));
  auto import = options;
  import.places = builder.get();
  WEIR_TRY(auto made, import_tree(source, *builder, import));
  return builder->finish(made.id);
}

} // namespace weir
