#include "node/cli/tools/input.hpp"

#include "storage/support/file.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace weir::cli {

status each_part(const std::string& path, const std::function<status(bytes_view)>& take) {
  file_descriptor file;
  if (path != "-") {
    WEIR_TRY(file, open_file(path, O_RDONLY));
  }
  bytes buffer(1 << 20);
  for (;;) {
    auto n = ::read(path == "-" ? STDIN_FILENO : file.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return os_error(errno, "the file could not be read", path);
    if (n == 0)
      return {};
    WEIR_CHECK(take(bytes_view{buffer}.first(static_cast<std::size_t>(n))));
  }
}

status each_line(const std::string& path, std::size_t longest, const std::function<status(const std::string&)>& take) {
  std::string line;
  auto read = each_part(path, [&](bytes_view data) -> status {
    auto text = as_text(data);
    for (std::size_t at = 0; at < text.size();) {
      auto end = std::min(text.find('\n', at), text.size());
      line.append(text, at, end - at);
      if (line.size() > longest)
        return fail(errc::too_large, "A line is too long.", path, std::to_string(longest));
      at = end + 1;
      if (end == text.size())
        break;
      WEIR_CHECK(take(line));
      line.clear();
    }
    return {};
  });
  if (read && !line.empty())
    return take(line);
  return read;
}

} // namespace weir::cli
