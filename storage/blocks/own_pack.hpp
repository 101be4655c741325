#pragma once
// Packs that belong to the store itself: CARs in its folder `.packs`, named
// own-N.car. Large imports are written into them, and what is left of mostly
// dead ones (internal to storage/blocks).
#include "storage/blocks/block_store_state.hpp"
#include "storage/car/car_writer.hpp"

#include <unordered_set>

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

/// Where a pack ends and the next one begins: bounds the memory of a writer
/// and the work of a compaction.
inline constexpr std::uint64_t most_of_own_pack = 1ull << 30; ///< bytes
inline constexpr std::size_t most_blocks_of_own_pack = 1 << 18;

/// Collects blocks in packs of the store's own. They can be read once their
/// pack is full, or they are committed.
class block_store::pack_writer_impl : public block_writer {
public:
  explicit pack_writer_impl(state& s) : state_{s} {}

  status commit() override;
  std::uint64_t new_blocks() const override { return new_blocks_; }
  std::uint64_t new_bytes() const override { return new_bytes_; }

private:
  status write(const cid& id, bytes_view block) override;
  status append(const cid& id, bytes_view block);

  state& state_;
  std::unique_ptr<own_pack_file> out_;
  std::unordered_set<std::string> taken_; ///< by the open pack
  status failed_;
  std::uint64_t new_blocks_ = 0, new_bytes_ = 0;
};

} // namespace weir
