#pragma once
// The file of a pack of the store's own that is written as a whole (internal
// to storage/blocks).
#include "storage/car/car_writer.hpp"
#include "storage/support/file.hpp"

#include <memory>

namespace weir {

/// A CAR on its way to become a pack. Not there before `finish`; what is not
/// finished is deleted. Memory: 1 MiB.
class own_pack_file {
public:
  /// `file` is the name that it gets.
  static result<std::unique_ptr<own_pack_file>> create(const std::filesystem::path& file, const cid& root);
  ~own_pack_file();

  status append(const cid& id, bytes_view block);
  /// Durable, under its name.
  status finish();
  const std::filesystem::path& file() const { return file_; }
  std::uint64_t size() const { return car_.size(); }

private:
  explicit own_pack_file(std::filesystem::path file);
  status take(bytes_view data);
  status flush();

  std::filesystem::path file_, unfinished_;
  file_descriptor fd_;
  bytes buffer_;
  std::uint64_t written_ = 0;
  car_writer car_;
};

} // namespace weir
