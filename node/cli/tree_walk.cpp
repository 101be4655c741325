#include "node/cli/tree_walk.hpp"

#include "node/cli/context.hpp"
#include "node/json/writer.hpp"
#include "storage/support/file.hpp"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace weir::cli {

namespace {

constexpr std::size_t max_depth = 256;

/// The writer replaces what is not UTF-8: then the two differ.
bool is_utf8(const std::string& name) {
  return json::quoted(name).find("\xEF\xBF\xBD") == std::string::npos || name.find("\xEF\xBF\xBD") != std::string::npos;
}

error unreadable(int number, const std::string& path) {
  auto e = os_error(number, "This cannot be read.", path);
  e.value = printable(path);
  return e;
}

result<std::vector<std::string>> names_in(const std::string& folder) {
  std::unique_ptr<DIR, int (*)(DIR*)> open{::opendir(folder.c_str()), ::closedir};
  if (!open)
    return unreadable(errno, folder);
  std::vector<std::string> names;
  errno = 0;
  while (auto* entry = ::readdir(open.get())) {
    std::string name = entry->d_name;
    if (name == "." || name == "..")
      continue;
    if (!is_utf8(name))
      return fail(errc::invalid_path, "This name is not UTF-8; rename it, then add it again.",
                  printable(folder + "/" + name));
    names.push_back(std::move(name));
  }
  if (errno != 0)
    return unreadable(errno, folder);
  std::sort(names.begin(), names.end());
  return names;
}

result<std::string> link_target(const std::string& path) {
  std::string target(4096, '\0');
  auto n = ::readlink(path.c_str(), target.data(), target.size());
  if (n < 0)
    return unreadable(errno, path);
  target.resize(static_cast<std::size_t>(n));
  return target;
}

status visit_one(const std::string& disk, const std::string& inside, std::size_t depth, const file_visitor& visit);

status visit_folder(const std::string& disk, const std::string& inside, std::size_t depth, const file_visitor& visit) {
  if (depth > max_depth)
    return fail(errc::too_large, "The folders are nested too deeply.", printable(disk), std::to_string(max_depth));
  WEIR_TRY(auto names, names_in(disk));
  if (names.empty())
    return visit({found_file::kind::empty_folder, disk, inside, 0, {}});
  for (const auto& name : names)
    WEIR_CHECK(visit_one(disk + "/" + name, inside.empty() ? name : inside + "/" + name, depth + 1, visit));
  return {};
}

status visit_one(const std::string& disk, const std::string& inside, std::size_t depth, const file_visitor& visit) {
  struct stat about {};
  // Only what the user named is followed when it is a link.
  auto failed = depth == 0 ? ::stat(disk.c_str(), &about) : ::lstat(disk.c_str(), &about);
  if (failed != 0)
    return unreadable(errno, disk);
  if (S_ISDIR(about.st_mode))
    return visit_folder(disk, inside, depth, visit);
  if (S_ISREG(about.st_mode))
    return visit({found_file::kind::file, disk, inside, static_cast<std::uint64_t>(about.st_size), {}});
  if (S_ISLNK(about.st_mode)) {
    WEIR_TRY(auto target, link_target(disk));
    return visit({found_file::kind::link, disk, inside, 0, target});
  }
  return fail(errc::unsupported, "This is neither a file, a folder nor a link.", printable(disk));
}

} // namespace

status walk_tree(const std::string& path, const file_visitor& visit) {
  return visit_one(path, "", 0, visit);
}

result<std::string> content_name(const std::string& path) {
  std::error_code wrong;
  auto whole = std::filesystem::weakly_canonical(path, wrong);
  auto name = wrong ? std::filesystem::path{path}.filename().string() : whole.filename().string();
  // "link" is what the user called it, even where it leads elsewhere.
  if (auto typed = std::filesystem::path{path}.filename().string(); !typed.empty() && typed != "." && typed != "..")
    name = typed;
  if (!is_utf8(name))
    return fail(errc::invalid_path, "This name is not UTF-8; rename it, then add it again.", printable(path));
  return name.empty() ? std::string{"content"} : name;
}

} // namespace weir::cli
