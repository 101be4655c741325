#pragma once
// What an import into pieces needs to go on after an interruption (internal to
// storage/import). One text file, lines of:
//
//   weir import 1 FINGERPRINT
//   file START SIZE MTIME NSEC CTIME NSEC INODE PATH   (PATH in hexadecimal)
//   leaf CID DAG_SIZE FILE_SIZE
//   piece CID PADDED PAYLOAD ROOT CAR_SIZE BLOCKS
//
// Only what stands before the last whole `piece` line counts: the blocks after
// it were not durable. Whatever does not parse ends the log.
#include "storage/import/piece_set.hpp"
#include "storage/support/file.hpp"

#include <map>

namespace weir {

class import_log : public leaf_memory {
public:
  /// Reads `folder`/unfinished.log if it is of this fingerprint, and goes on
  /// writing behind what counts; else begins a new one.
  static result<std::unique_ptr<import_log>> open(const std::filesystem::path& folder, const std::string& fingerprint);

  const std::vector<set_piece>& pieces() const { return pieces_; }
  /// Pieces from here on are not believed (their files are not what they were).
  status forget_from(std::size_t piece);
  /// Leaves count only if their block is held.
  void held_by(std::function<bool(const cid&)> held) { held_ = std::move(held); }
  /// Durable when it returns.
  status add(const set_piece& p);
  /// All is done: the log goes.
  status remove();

  std::span<const unixfs::child> begin(const std::filesystem::path& file, const struct stat& info) override;
  void learn(const unixfs::child& leaf) override;

private:
  struct known_file {
    std::string identity; ///< size, times, inode
    std::vector<unixfs::child> leaves;
  };
  explicit import_log(std::filesystem::path path) : path_{std::move(path)} {}
  status load();
  void read(std::string_view text);
  bool read_line(std::string_view line, known_file*& current);
  status write_out();

  std::filesystem::path path_;
  file_descriptor fd_;
  std::string text_; ///< not written yet
  std::string first_;
  std::vector<set_piece> pieces_;
  std::vector<std::size_t> ends_; ///< of the text behind each piece
  std::map<std::string, known_file, std::less<>> files_;
  std::function<bool(const cid&)> held_;
};

} // namespace weir
