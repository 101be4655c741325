#include "node/cli/tools/output.hpp"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace weir::cli {

namespace fs = std::filesystem;

namespace {

error taken(const fs::path& path) {
  return fail(errc::already_exists, "There is something of this name; --force writes over it.", path.string());
}

} // namespace

result<std::unique_ptr<whole_output>> whole_output::open(const std::string& path, bool force) {
  std::unique_ptr<whole_output> out{new whole_output};
  out->force_ = force;
  out->to_stdout_ = path == "-";
  if (out->to_stdout_)
    return out;
  std::error_code ignored;
  if (!force && fs::exists(fs::symlink_status(path, ignored)))
    return taken(path);
  if (fs::is_directory(path, ignored))
    return fail(errc::already_exists, "This is a folder; name a file in it.", path);
  out->path_ = path;
  auto part = path + ".part";
  WEIR_TRY(out->fd_, open_file(part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW));
  out->part_ = part;
  return out;
}

whole_output::~whole_output() {
  if (!part_.empty())
    ::unlink(part_.c_str());
}

status whole_output::write(bytes_view data) {
  return write_all(to_stdout_ ? STDOUT_FILENO : fd_.get(), data, to_stdout_ ? fs::path{"-"} : part_);
}

status whole_output::finish() {
  if (to_stdout_)
    return {};
  WEIR_CHECK(sync_file(fd_.get(), part_));
  WEIR_CHECK(give_name(AT_FDCWD, part_.string(), path_.string(), force_));
  part_.clear();
  return {};
}

status give_name(int folder, const std::string& part, const std::string& name, bool force) {
  int done = force ? ::renameat(folder, part.c_str(), folder, name.c_str())
                   : ::renameat2(folder, part.c_str(), folder, name.c_str(), RENAME_NOREPLACE);
  if (done != 0 && !force && (errno == EINVAL || errno == ENOSYS)) { // not every file system can
    done = ::linkat(folder, part.c_str(), folder, name.c_str(), 0);
    if (done == 0)
      ::unlinkat(folder, part.c_str(), 0);
  }
  if (done == 0)
    return {};
  return errno == EEXIST ? status{taken(name)} : status{os_error(errno, "The file cannot get its name.", name)};
}

} // namespace weir::cli
