#pragma once
// The file of a pack of the store's own that is written as a whole (internal
// to storage/blocks).
#include "storage/blocks/new_file.hpp"
#include "storage/car/car_writer.hpp"

#include <memory>

namespace weir {

/// A CAR on its way to become a pack. Not there before `finish`; what is not
/// finished is deleted. Memory: 1 MiB.
class own_pack_file {
public:
  /// `file` is the name that it gets.
  static result<std::unique_ptr<own_pack_file>> create(const std::filesystem::path& file, const cid& root);

  status append(const cid& id, bytes_view block) { return car_.append(id, block); }
  /// Durable, under its name.
  status finish() { return out_.finish(); }
  const std::filesystem::path& file() const { return out_.file(); }
  std::uint64_t size() const { return car_.size(); }

private:
  explicit own_pack_file(new_file out)
      : out_{std::move(out)}, car_{[this](bytes_view data) { return out_.append(data); }} {}

  new_file out_;
  car_writer car_;
};

} // namespace weir
