#pragma once
// Contents: taking bytes in and giving them out. Implemented by
// actors/content; the HTTP API, S3 and RPC are its callers.
#include "messages/actors/caf.hpp"
#include "messages/types/records.hpp"

#include <memory>
#include <string>
#include <vector>

namespace weir {

/// A chunk of a stream, shared so that it is not copied between actors.
using chunk = std::shared_ptr<const bytes>;
/// Callers send at most this much in one chunk, and keep at most
/// `upload_window` of them unanswered: the answers are the credit.
inline constexpr std::size_t max_chunk = 1 << 20;
inline constexpr std::size_t upload_window = 4;

struct open_upload {
  owner_id owner;
  std::string name;
  std::string bucket_name; ///< dedicated bucket; empty is the global one
  std::uint32_t copies = default_copies;
  bool may_be_dropped = false;
  content_use use = content_use::promise;
};

/// Paths are relative, `/`-separated, UTF-8, without `.` and `..`; "" is a
/// content that is one file.
struct open_file {
  upload_id upload;
  std::string path;
  bool car = false; ///< the bytes are a CAR whose one root becomes the content; the path is empty then
};
struct file_ticket {
  std::uint32_t file = 0;
};
struct write_file {
  upload_id upload;
  std::uint32_t file = 0;
  chunk data;
};
struct close_file {
  upload_id upload;
  std::uint32_t file = 0;
  bool abandon = false; ///< the sender broke off: forget the file
};
struct add_symlink {
  upload_id upload;
  std::string path;
  std::string target;
};
struct add_folder { ///< an empty folder
  upload_id upload;
  std::string path;
};
struct imported_file {
  weir::cid cid;
  std::uint64_t size = 0;
};
/// A file that stays where it is, on the node's machine: its bytes are read
/// once, part by part, and later whenever they are asked for
/// (docs/decisions/0021-references.md). Who sends this has seen to it that the
/// file may be read. errc::changed, errc::forbidden, errc::invalid_argument
/// (a link, no regular file), all of which forget the file.
struct refer_file {
  upload_id upload;
  std::string path;       ///< inside the content
  std::string file;       ///< its whole path, without links
  std::uint32_t more = 0; ///< instead of both: go on with this one
};
struct referred_file {
  std::uint32_t more = 0; ///< it was not read to its end: ask again with this
  std::uint64_t done = 0; ///< bytes read so far
  imported_file made;     ///< when it was
};

enum class read_from : std::uint8_t { local_or_provider, local, provider };

struct open_read {
  owner_id owner; ///< empty: whoever asks may (the operator)
  content_id content;
  std::string path; ///< inside the content
  read_from from = read_from::local_or_provider;
  weir::cid root; ///< instead of a content: the DAG below it, from what is here; the caller decides who may
};
struct directory_entry {
  std::string name;
  enum class kind : std::uint8_t { file, directory, symlink } type = kind::file;
  std::uint64_t size = 0;
  weir::cid cid;
};
/// What was found at the path.
struct read_ticket {
  std::uint64_t read = 0; ///< for `read_bytes` and `list_folder`; close it
  directory_entry entry;
  bool local = true; ///< whether bytes come from the local copy
};
struct read_bytes {
  std::uint64_t read = 0;
  std::uint64_t offset = 0;
  std::uint32_t length = 0; ///< at most max_chunk
};
struct list_folder {
  std::uint64_t read = 0;
  std::string after;
  std::uint32_t limit = 1000;
};
/// The DAG below what was opened, as a CAR (depth first, each block once), part
/// after part. One walk for each read.
struct read_dag {
  std::uint64_t read = 0;
  bool data = true;       ///< false: only counts
  bool only_root = false; ///< its first block and no more
};
struct dag_part {
  chunk car;                           ///< about 1 MiB, at most a block more
  std::uint64_t blocks = 0, bytes = 0; ///< of the walk so far; bytes are those of the blocks
  bool done = false;
};
struct close_read {
  std::uint64_t read = 0;
};

struct change_content {
  owner_id owner;
  content_id id;
  std::uint32_t copies = 0; ///< 0: as it is
  std::string name;         ///< empty: as it is
};
struct offload_content {
  owner_id owner;
  content_id id;
};
struct remove_content {
  owner_id owner;
  content_id id;
  bool kept_too = false; ///< also what an instance keeps: FFS says so, nobody else
};
/// Bring the local copy back from a surviving provider.
struct restore_content {
  owner_id owner;
  content_id id;
};

} // namespace weir

CAF_BEGIN_TYPE_ID_BLOCK(weir_content, WEIR_TYPE_IDS(5))
WEIR_MESSAGE(weir_content, (weir::chunk))
WEIR_MESSAGE(weir_content, (weir::open_upload))
WEIR_MESSAGE(weir_content, (weir::upload_id))
WEIR_MESSAGE(weir_content, (weir::open_file))
WEIR_MESSAGE(weir_content, (weir::file_ticket))
WEIR_MESSAGE(weir_content, (weir::write_file))
WEIR_MESSAGE(weir_content, (weir::close_file))
WEIR_MESSAGE(weir_content, (weir::add_symlink))
WEIR_MESSAGE(weir_content, (weir::add_folder))
WEIR_MESSAGE(weir_content, (weir::imported_file))
WEIR_MESSAGE(weir_content, (weir::open_read))
WEIR_MESSAGE(weir_content, (weir::directory_entry))
WEIR_MESSAGE(weir_content, (std::vector<weir::directory_entry>))
WEIR_MESSAGE(weir_content, (weir::read_ticket))
WEIR_MESSAGE(weir_content, (weir::read_bytes))
WEIR_MESSAGE(weir_content, (weir::list_folder))
WEIR_MESSAGE(weir_content, (weir::close_read))
WEIR_MESSAGE(weir_content, (weir::read_dag))
WEIR_MESSAGE(weir_content, (weir::dag_part))
WEIR_MESSAGE(weir_content, (weir::change_content))
WEIR_MESSAGE(weir_content, (weir::offload_content))
WEIR_MESSAGE(weir_content, (weir::remove_content))
WEIR_MESSAGE(weir_content, (weir::restore_content))
WEIR_MESSAGE(weir_content, (weir::content))
WEIR_MESSAGE(weir_content, (weir::refer_file))
WEIR_MESSAGE(weir_content, (weir::referred_file))
CAF_END_TYPE_ID_BLOCK(weir_content)

namespace weir {

/// Errors besides the obvious: too_large, disk_full, invalid_path (names it),
/// overloaded (too many uploads at once), not_found (also: not the caller's).
using content_actor =
    caf::typed_actor<caf::replies_to<open_upload>::with<upload_id>, caf::replies_to<open_file>::with<file_ticket>,
                     caf::replies_to<write_file>::with<nothing>, caf::replies_to<close_file>::with<imported_file>,
                     caf::replies_to<refer_file>::with<referred_file>, caf::replies_to<add_symlink>::with<nothing>,
                     caf::replies_to<add_folder>::with<nothing>,
                     // The blocks are durable, then the record is committed.
                     caf::replies_to<atom::commit, upload_id>::with<content>,
                     caf::replies_to<atom::abort, upload_id>::with<nothing>,
                     caf::replies_to<change_content>::with<content>,
                     // Only what has all its promised deals active; errc::precondition says what is missing.
                     caf::replies_to<offload_content>::with<content>, caf::replies_to<restore_content>::with<content>,
                     caf::replies_to<remove_content>::with<content>>;

/// Reading by path and range; every block is verified. Implemented by
/// actors/retrieval (`retriever`): from the local store, or from a provider
/// by range, only what is asked for.
using retriever_actor = caf::typed_actor<caf::replies_to<open_read>::with<read_ticket>,
                                         // Shorter than asked only at the end.
                                         caf::replies_to<read_bytes>::with<chunk>,
                                         caf::replies_to<list_folder>::with<std::vector<directory_entry>>,
                                         caf::replies_to<read_dag>::with<dag_part>, caf::reacts_to<close_read>>;

} // namespace weir
