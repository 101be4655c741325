#pragma once
// A shared transaction: mutations of records, the preconditions that must
// hold, and the events that it means, written in one atomic batch under one
// revision. In a cluster the same value is an entry of the Raft log.
#include "messages/types/bytes.hpp"
#include "messages/types/event.hpp"
#include "messages/types/ids.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir {

/// The shared tables. The number is part of the data format: append only.
enum class table_id : std::uint8_t {
  contents = 1,
  buckets = 2,
  pieces = 3,
  placements = 4,
  deals = 5,
  providers = 6,
  selections = 7,
  wallets = 8,
  chain_messages = 9,
  tokens = 10,
  idempotency = 11,
  piece_contents = 12,  ///< index: (piece, content, part) → empty
  piece_deals = 13,     ///< index: (piece, deal uuid) → empty
  bucket_contents = 14, ///< index: (bucket, content) → empty
  cid_contents = 15,    ///< index: (cid, content) → empty
  ffs_instances = 16,
  ffs_cids = 17,
  ffs_jobs = 18,
  ffs_logs = 19,
  ffs_retrievals = 20,
  content_selections = 21,
  ffs_cid_jobs = 22,  ///< index: (instance, cid, job) → empty
  ffs_open_jobs = 23, ///< index: (scheduler, job, instance) → empty, of jobs that are not final
  ffs_due = 24,       ///< index: (scheduler, epoch, instance, cid) → empty, of renewals and repairs
  ffs_webhooks = 25,
  ffs_defaults = 26,
};

/// Puts `value`, or deletes when there is none.
struct mutation {
  table_id table{};
  std::string key;
  std::optional<std::string> value;

  friend bool operator==(const mutation&, const mutation&) = default;
};

/// What must hold when the transaction is applied; errc::conflict otherwise.
struct precondition {
  enum class rule : std::uint8_t {
    absent,    ///< no such record
    present,   ///< some record
    unchanged, ///< the record was last written by revision `at`
  };
  table_id table{};
  std::string key;
  rule must = rule::present;
  revision at;

  friend bool operator==(const precondition&, const precondition&) = default;
};

struct transaction {
  std::vector<precondition> preconditions;
  std::vector<mutation> mutations;
  std::vector<event> events;
};

/// A transaction as the journal has it.
struct committed {
  revision rev;
  unix_ms time;
  std::vector<mutation> mutations;
  std::vector<event> events;
};

/// Shared by everyone who is told of it.
using committed_ptr = std::shared_ptr<const committed>;

} // namespace weir
