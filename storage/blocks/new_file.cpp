#include "storage/blocks/new_file.hpp"

#include <fcntl.h>

namespace weir {

namespace fs = std::filesystem;

new_file::new_file(fs::path file, std::size_t buffered)
    : file_{std::move(file)}, unfinished_{file_.string() + ".tmp"}, buffered_{buffered} {
  buffer_.reserve(buffered_);
}

new_file::~new_file() {
  if (fd_)
    (void)remove_file(unfinished_);
}

result<new_file> new_file::create(fs::path file, std::size_t buffered) {
  new_file made{std::move(file), buffered};
  WEIR_TRY(made.fd_, open_file(made.unfinished_, O_WRONLY | O_CREAT | O_TRUNC));
  return made;
}

status new_file::append(bytes_view data) {
  if (buffer_.size() + data.size() > buffered_)
    WEIR_CHECK(flush());
  if (data.size() < buffered_) {
    buffer_.insert(buffer_.end(), data.begin(), data.end());
    return {};
  }
  WEIR_CHECK(write_all_at(fd_.get(), data, written_, unfinished_));
  written_ += data.size();
  return {};
}

status new_file::flush() {
  WEIR_CHECK(write_all_at(fd_.get(), buffer_, written_, unfinished_));
  written_ += buffer_.size();
  buffer_.clear();
  return {};
}

status new_file::finish() {
  WEIR_CHECK(flush());
  WEIR_CHECK(sync_file(fd_.get(), unfinished_));
  WEIR_CHECK(rename_file(unfinished_, file_));
  fd_.close();
  return sync_folder(file_.parent_path());
}

} // namespace weir
