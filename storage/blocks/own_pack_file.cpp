#include "storage/blocks/own_pack_file.hpp"

#include <fcntl.h>

namespace weir {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t buffered = 1 << 20;

} // namespace

own_pack_file::own_pack_file(fs::path file)
    : file_{std::move(file)}, unfinished_{file_.string() + ".tmp"}, car_{[this](bytes_view data) {
        return take(data);
      }} {}

own_pack_file::~own_pack_file() {
  if (fd_)
    (void)remove_file(unfinished_);
}

result<std::unique_ptr<own_pack_file>> own_pack_file::create(const fs::path& file, const cid& root) {
  std::unique_ptr<own_pack_file> made{new own_pack_file{file}};
  WEIR_TRY(made->fd_, open_file(made->unfinished_, O_WRONLY | O_CREAT | O_TRUNC));
  made->buffer_.reserve(buffered);
  WEIR_CHECK(made->car_.start({root}));
  return made;
}

status own_pack_file::take(bytes_view data) {
  if (buffer_.size() + data.size() > buffered)
    WEIR_CHECK(flush());
  if (data.size() < buffered) {
    buffer_.insert(buffer_.end(), data.begin(), data.end());
    return {};
  }
  WEIR_CHECK(write_all_at(fd_.get(), data, written_, unfinished_));
  written_ += data.size();
  return {};
}

status own_pack_file::flush() {
  WEIR_CHECK(write_all_at(fd_.get(), buffer_, written_, unfinished_));
  written_ += buffer_.size();
  buffer_.clear();
  return {};
}

status own_pack_file::append(const cid& id, bytes_view block) {
  return car_.append(id, block);
}

status own_pack_file::finish() {
  WEIR_CHECK(flush());
  WEIR_CHECK(sync_file(fd_.get(), unfinished_));
  WEIR_CHECK(rename_file(unfinished_, file_));
  fd_.close();
  return sync_folder(file_.parent_path());
}

} // namespace weir
