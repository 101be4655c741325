#pragma once
// The shared tables, typed: which record lies where under which key, and
// which index entries follow from a record.
//
// An index is a table of keys without values. The `transaction_builder` keeps
// the indexes; nobody else writes them.
#include "messages/types/ffs.hpp"
#include "messages/types/records.hpp"
#include "messages/types/transaction.hpp"
#include "storage/records/key.hpp"

#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace weir::records {

/// "contents", "deals", …; empty for a number that is no table.
std::string_view table_name(table_id table);
/// 0 is no table.
table_id table_from_name(std::string_view name);
/// "contents/5f1c…" for error messages.
std::string describe(table_id table, std::string_view key);

/// Specialised for every record: `id`, `key_type`, `key(record)`.
template <class R>
struct table_of;

#define WEIR_TABLE_(record, table, type, expression)                                                                   \
  template <>                                                                                                          \
  struct table_of<record> {                                                                                            \
    static constexpr table_id id = table_id::table;                                                                    \
    using key_type = type;                                                                                             \
    static key_type key([[maybe_unused]] const record& r) { return expression; }                                       \
  }
using placement_key = std::tuple<content_id, std::uint32_t>;
using answer_key = std::tuple<owner_id, std::string>;
WEIR_TABLE_(content, contents, content_id, r.id);
WEIR_TABLE_(bucket, buckets, bucket_id, r.id);
WEIR_TABLE_(piece, pieces, cid, r.cid);
WEIR_TABLE_(placement, placements, placement_key, (key_type{r.content, r.part}));
WEIR_TABLE_(deal, deals, deal_uuid, r.uuid);
WEIR_TABLE_(provider, providers, address, r.id);
WEIR_TABLE_(selection, selections, cid, r.piece);
WEIR_TABLE_(wallet_address, wallets, address, r.addr);
WEIR_TABLE_(chain_message, chain_messages, std::string, r.id);
WEIR_TABLE_(access_token, tokens, std::string, r.hash);
WEIR_TABLE_(idempotent_answer, idempotency, answer_key, (key_type{r.owner, r.key}));
WEIR_TABLE_(content_selection, content_selections, content_id, r.content);
using ffs_cid_key = std::tuple<instance_id, cid>;
using ffs_job_key = std::tuple<instance_id, ffs::job_id>;
using ffs_hook_key = std::tuple<instance_id, std::string>;
using ffs_log_key = std::tuple<instance_id, cid, std::uint64_t, ffs::job_id, std::uint32_t>;
WEIR_TABLE_(ffs::instance, ffs_instances, instance_id, r.id);
WEIR_TABLE_(ffs::cid_entry, ffs_cids, ffs_cid_key, (key_type{r.instance, r.cid}));
WEIR_TABLE_(ffs::job, ffs_jobs, ffs_job_key, (key_type{r.instance, r.id}));
WEIR_TABLE_(ffs::log_line, ffs_logs, ffs_log_key,
            (key_type{r.instance, r.cid, static_cast<std::uint64_t>(r.time.value), r.job, r.number}));
WEIR_TABLE_(ffs::webhook, ffs_webhooks, ffs_hook_key, (key_type{r.instance, r.id}));
WEIR_TABLE_(ffs::node_defaults, ffs_defaults, std::string, "node");
WEIR_TABLE_(ffs::retrieval, ffs_retrievals, ffs_job_key, (key_type{r.instance, r.id}));
#undef WEIR_TABLE_

/// Indexes: the parts of the key say everything.
struct piece_contents {
  static constexpr table_id id = table_id::piece_contents;
  using key_type = std::tuple<cid, content_id, std::uint32_t>; ///< piece, content, part
};
struct piece_deals {
  static constexpr table_id id = table_id::piece_deals;
  using key_type = std::tuple<cid, deal_uuid>;
};
struct bucket_contents {
  static constexpr table_id id = table_id::bucket_contents;
  using key_type = std::tuple<bucket_id, content_id>; ///< the bucket with an empty id has the unassigned ones
};
struct cid_contents {
  static constexpr table_id id = table_id::cid_contents;
  using key_type = std::tuple<cid, content_id>;
};

struct ffs_cid_jobs {
  static constexpr table_id id = table_id::ffs_cid_jobs;
  using key_type = std::tuple<instance_id, cid, ffs::job_id>;
};
struct ffs_open_jobs {
  static constexpr table_id id = table_id::ffs_open_jobs;
  using key_type = std::tuple<std::string, ffs::job_id, instance_id>;
};

struct ffs_due {
  static constexpr table_id id = table_id::ffs_due;
  using key_type = std::tuple<std::string, std::uint64_t, instance_id, cid>;
};

/// A record and the revision that last wrote it.
template <class R>
struct stored {
  R value;
  revision rev;
};

using index_keys = std::vector<std::pair<table_id, std::string>>;

/// The index entries of a record.
template <class R>
index_keys index_of(const R&) {
  return {};
}
index_keys index_of(const content& c);
index_keys index_of(const placement& p);
index_keys index_of(const deal& d);
index_keys index_of(const ffs::job& j);
index_keys index_of(const ffs::cid_entry& e);

/// An index entry of it can change while its key stays: whoever puts it must
/// say what it was.
template <class R>
inline constexpr bool index_changes = false;
template <>
inline constexpr bool index_changes<content> = true;
template <>
inline constexpr bool index_changes<placement> = true;
template <>
inline constexpr bool index_changes<ffs::job> = true;
template <>
inline constexpr bool index_changes<ffs::cid_entry> = true;

} // namespace weir::records
