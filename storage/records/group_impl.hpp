#pragma once
// A group of transactions while it is filled (internal to storage/records).
// One thread fills it; then another writes it, while the first one fills the
// next group, which only reads `seen` of this one.
#include "storage/records/layout.hpp"
#include "storage/records/readers.hpp"
#include "storage/records/store_impl.hpp"

#include <leveldb/write_batch.h>

#include <mutex>
#include <unordered_map>

namespace weir::records {

struct transaction_group::impl {
  /// A record as the group has left it so far.
  struct entry {
    std::optional<revision> at; ///< none: it is not there
    std::string_view value;     ///< in `kept`, or in an entry of `done`
    std::string kept;
    revision written; ///< by this group, 0 if it was not
  };

  impl(const std::shared_ptr<engine>& source, std::uint64_t head, std::shared_ptr<transaction_group> last)
      : newest{std::in_place, source, revision{head}}, base{head}, upto{head}, before{std::move(last)}, target{source} {
  }
  explicit impl(error why) : closed{std::move(why)} {}

  result<committed_ptr> apply(transaction t, unix_ms now);
  result<entry*> find(table_id table, const std::string& key);
  status check(const precondition& p);
  void write(const mutation& m, revision rev);
  void put(const std::string& key, std::string_view value) { batch.Put(key, layout::seal(key, value)); }

  std::optional<newest_reader> newest; ///< the state before the group, but for what `before` wrote
  std::uint64_t base = 0, upto = 0;    ///< heads without and with it
  std::shared_ptr<transaction_group> before;
  std::unordered_map<std::string, entry> seen; ///< by their place in LevelDB; not changed once the next group is begun
  leveldb::WriteBatch batch;
  std::vector<result<committed_ptr>> done;
  std::optional<error> closed;    ///< the store could not be written to when it was begun
  std::optional<error> not_there; ///< why it was not written

  std::mutex ending;              ///< guards what follows
  std::shared_ptr<engine> target; ///< null when it was written, or could not be
};

} // namespace weir::records
