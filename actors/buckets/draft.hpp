#pragma once
// One transaction of the bucket creator in the making: contents are assigned,
// buckets are made, closed and found ready, all against one state of the
// records. Plain logic: tested without actors.
#include "actors/buckets/rules.hpp"
#include "actors/support/committer.hpp"

#include <map>
#include <string>
#include <utility>

namespace weir {

/// Owner and name (both empty: the global bucket) of the buckets that take contents.
using open_buckets = std::map<std::pair<owner_id, std::string>, bucket_id>;

/// Every open bucket of the state.
result<open_buckets> find_open_buckets(const records::reader& state);

class bucket_draft {
public:
  struct setting {
    bucket_policy policy;
    epoch now;
    unix_ms time;
    std::function<std::string()> uuid;
  };

  bucket_draft(const records::reader& state, open_buckets open, setting s);

  /// Puts an unassigned content in its bucket, which is made if there is none.
  /// Nothing happens when it is assigned already, or gone.
  status assign(const content_id& id);
  /// errc::already_exists while one of that name is open.
  result<bucket> create(const create_bucket& spec);
  /// errc::not_found when no open bucket is meant.
  result<bucket> close(const close_bucket& which);
  /// Marks what age or schedule make ready.
  status look_at_time();

  transaction_builder take() &&;
  /// The open buckets once the transaction is committed.
  const open_buckets& open() const { return open_; }

private:
  struct draft {
    std::optional<stored<bucket>> before; ///< none: it is new
    bucket after;
    bool filled = false;
    bool own = false; ///< of one content with terms of its own
  };
  result<draft*> look(const bucket_id& id);
  draft& make(const create_bucket& spec);
  result<draft*> bucket_for(const content& c);
  bool is_open(const std::pair<owner_id, std::string>& name);
  void settle(draft& d, bucket_ready why);

  const records::reader& state_;
  open_buckets open_;
  setting set_;
  std::map<bucket_id, draft> drafts_;
  transaction_builder made_;
};

} // namespace weir
