#pragma once
// What tools read: a file, or standard input under the name "-".
#include "messages/types/bytes.hpp"
#include "messages/types/result.hpp"

#include <functional>
#include <span>
#include <string>

namespace weir::cli {

/// What comes next; 0 at the end.
result<std::size_t> read_some(int fd, std::span<std::uint8_t> into, const std::string& path);

/// In parts of at most 1 MiB.
status each_part(const std::string& path, const std::function<status(bytes_view)>& take);

/// Without their ends. errc::too_large for a line of more than `longest` bytes.
status each_line(const std::string& path, std::size_t longest, const std::function<status(const std::string&)>& take);

} // namespace weir::cli
