#include "node/cli/tools/input.hpp"

#include "storage/support/file.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace weir::cli {

result<std::size_t> read_some(int fd, std::span<std::uint8_t> into, const std::string& path) {
  for (;;) {
    auto n = ::read(fd, into.data(), into.size());
    if (n >= 0)
      return static_cast<std::size_t>(n);
    if (errno != EINTR)
      return os_error(errno, "the file could not be read", path);
  }
}

status each_part(const std::string& path, const std::function<status(bytes_view)>& take) {
  file_descriptor file;
  if (path != "-") {
    WEIR_TRY(file, open_file(path, O_RDONLY));
  }
  bytes buffer(1 << 20);
  for (;;) {
    WEIR_TRY(auto n, read_some(path == "-" ? STDIN_FILENO : file.get(), buffer, path));
    if (n == 0)
      return {};
    WEIR_CHECK(take(bytes_view{buffer}.first(n)));
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
