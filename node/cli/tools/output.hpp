#pragma once
// A file that a command writes: it gets its name when it is whole, and never
// takes the place of another unless that was asked for. "-" is standard output.
#include "messages/types/result.hpp"
#include "storage/support/file.hpp"

#include <filesystem>
#include <memory>

namespace weir::cli {

class whole_output {
public:
  /// errc::already_exists, before anything is written; errc::io.
  static result<std::unique_ptr<whole_output>> open(const std::string& path, bool force);
  /// Without `finish` nothing is left.
  ~whole_output();

  status write(bytes_view data);
  status finish();

private:
  whole_output() = default;

  std::filesystem::path path_, part_;
  file_descriptor fd_;
  bool to_stdout_ = false, force_ = false;
};

/// Moves a finished file to its name in the same folder; both relative to an
/// open folder (AT_FDCWD is the present one). errc::already_exists.
status give_name(int folder, const std::string& part, const std::string& name, bool force);

} // namespace weir::cli
