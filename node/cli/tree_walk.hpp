#pragma once
// What `weir add` finds below a path: files, links and empty folders, in the
// order of their names, one at a time, so that memory does not depend on how
// many there are. Links are given as links and never followed, so no loop can
// trap it. A name that is not UTF-8 and a thing that is neither file, folder
// nor link are errors that name it.
#include "messages/types/result.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace weir::cli {

struct found_file {
  enum class kind : std::uint8_t { file, link, empty_folder } type = kind::file;
  std::string disk_path; ///< to open it
  std::string path;      ///< inside the content; "" when the content is one file
  std::uint64_t size = 0;
  std::string target; ///< of a link
};
using file_visitor = std::function<status(const found_file&)>;

/// Depth first. errc::not_found, errc::io (unreadable), errc::invalid_path
/// (a name that cannot be stored), errc::unsupported (a device, a socket).
status walk_tree(const std::string& path, const file_visitor& visit);

/// What the content is called: the last name of the path.
result<std::string> content_name(const std::string& path);

} // namespace weir::cli
