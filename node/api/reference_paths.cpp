#include "node/api/reference_paths.hpp"

#include <algorithm>
#include <filesystem>

namespace weir::api {

namespace fs = std::filesystem;

namespace {

bool below_a_root(std::string_view roots, const fs::path& path) {
  while (!roots.empty()) {
    const auto root = roots.substr(0, roots.find(':'));
    roots.remove_prefix(std::min(root.size() + 1, roots.size()));
    const auto inside = path.lexically_relative(root);
    if (!inside.empty() && *inside.begin() != "..")
      return true;
  }
  return false;
}

} // namespace

result<std::string> allowed_reference(std::string_view roots, const std::string& file) {
  const fs::path given{file};
  if (!given.is_absolute() || file.find('\0') != file.npos)
    return fail(errc::invalid_argument, "A file is referred to by its whole path.", file);
  if (roots.empty())
    return fail(errc::forbidden,
                "This node refers to no files; its operator names the folders when he starts it: --reference-root.",
                file);
  const auto gone = fail(errc::not_found, "There is no such file on the machine of the node.", file);
  std::error_code code;
  const auto folder = fs::canonical(given.parent_path(), code);
  if (code)
    return gone;
  const auto path = folder / given.filename();
  if (!below_a_root(roots, path) || given.filename() == "..")
    return fail(errc::forbidden, "This file is not below a folder that the operator named: --reference-root.", file);
  switch (fs::symlink_status(path, code).type()) {
  case fs::file_type::regular:
    return path.string();
  case fs::file_type::symlink:
    return fail(errc::invalid_argument, "This is a symbolic link; name the file itself.", file);
  case fs::file_type::none:
  case fs::file_type::not_found:
    return gone;
  default:
    return fail(errc::invalid_argument, "Only a regular file can be referred to.", file);
  }
}

} // namespace weir::api
