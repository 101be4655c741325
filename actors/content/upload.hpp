#pragma once
// One upload from its first file to the DAG: files are imported as they come,
// several at a time, and become a tree. Plain logic over the importer; the
// upload actor (upload_actor.hpp) gives it a thread. Memory: one chunk and the
// open nodes for each open file. Nothing survives a restart: the ledger's
// list of unfinished uploads takes the blocks back.
#include "actors/content/ledger.hpp"
#include "messages/actors/content.hpp"
#include "storage/import/car_intake.hpp"
#include "storage/unixfs/directory_builder.hpp"

#include <map>

namespace weir {

class steady_file;

struct upload_limits {
  std::size_t open_files = 64;     ///< of one upload
  std::uint64_t size = 1ull << 50; ///< bytes of one content
  std::size_t name = 1024;         ///< bytes
  std::uint64_t pack_after = large_upload;
  std::uint64_t referred_at_once = 1 << 30; ///< bytes of a file that are read in one call; whole MiBs
};

/// What the DAG of an upload came to.
struct uploaded {
  weir::cid cid;
  std::uint64_t size = 0, dag_size = 0, blocks = 0, files = 0;
};

class upload_session {
public:
  upload_session(block_ledger& ledger, content_id id, upload_limits limits = {});

  status start() { return ledger_.start_upload(id_); }
  /// With `car` the bytes are a CAR, and its root is the content.
  result<file_ticket> open(const std::string& path, bool car = false);
  status write(std::uint32_t file, bytes_view data);
  result<imported_file> close(std::uint32_t file);
  /// A file that stays where it is: its first part, then the next ones. The
  /// last gives the file out as `close` does; after an error it is forgotten.
  result<referred_file> refer(const std::string& path, const std::string& file);
  result<referred_file> refer_more(std::uint32_t file);
  /// The sender broke off: as if the file had never been opened.
  status abandon(std::uint32_t file);
  status add_symlink(const std::string& path, const std::string& target);
  status add_folder(const std::string& path);

  /// All files are closed: makes the tree and makes the blocks durable.
  result<uploaded> finish();
  /// Takes back what was written.
  status drop();

  std::uint64_t size() const { return size_; }

private:
  struct open_file_entry {
    std::string path;
    std::unique_ptr<unixfs::file_importer> importer;
    std::unique_ptr<car_intake> car;         ///< instead of `importer`
    std::uint64_t size = 0;                  ///< bytes that came
    std::shared_ptr<steady_file> referred{}; ///< where they stay
    std::string referred_name{};
  };
  result<imported_file> close_car(car_intake& car);
  result<referred_file> read_referred(std::uint32_t file, open_file_entry& entry);
  status read_part(open_file_entry& entry);
  result<open_file_entry*> find(std::uint32_t file);
  status claim(const std::string& path);

  block_ledger& ledger_;
  content_id id_;
  upload_limits limits_;
  held_sink sink_;
  unixfs::directory_builder tree_;
  std::map<std::uint32_t, open_file_entry> open_;
  std::optional<unixfs::imported> only_file_; ///< the content is one file
  std::optional<uploaded> whole_;             ///< the content came as a CAR
  bool is_file_ = false, is_folder_ = false;
  std::uint32_t last_ = 0;
  std::uint64_t size_ = 0, files_ = 0;
};

/// UTF-8, without control characters, not empty, within the limit.
status check_name(const std::string& name, std::size_t limit);

} // namespace weir
