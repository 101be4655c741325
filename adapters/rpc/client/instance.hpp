#pragma once
// FFS of a node from a C++ program: one instance, as far as the token's scopes
// go. The calls block; the same in promises are the schema's own classes
// (promises.hpp: `login(c)` … `getSession().getInstance()`).
//
//   auto session = client::session::open({.address = A, .token = T});
//   auto ffs = (*session)->instance();
//   auto stored = (*session)->store_file("film.mp4");
//   auto job = ffs.push(stored->cid);
//   ffs.watch_jobs({.jobs = {*job}}, 0, [](const client::job& j) { return !j.ended(); });
//
// Amounts are attoFIL in decimal text, addresses text, times Unix ms, durations epochs.
// The meaning of each member and the errors of each call: messages/rpc/weir.capnp.
#include "adapters/rpc/client/client.hpp"

#include <optional>

namespace weir::client {

struct hot_config {
  bool enabled = true, allow_unfreeze = false;
  std::string unfreeze_max_price;
  std::uint64_t add_timeout = 900; ///< seconds
};
struct cold_config {
  bool enabled = true;
  std::uint32_t rep_factor = 1;
  std::int64_t deal_min_duration = 518'400;
  std::vector<std::string> excluded_miners, trusted_miners, country_codes;
  bool renew = false;
  std::int64_t renew_threshold = 0;
  std::string address, max_price;
  bool fast_retrieval = true;
  std::int64_t deal_start_offset = 8'640;
  bool verified_deal = false, share_piece = false;
  std::int64_t deal_timeout = 0;
};
struct cid_config {
  hot_config hot;
  cold_config cold;
  bool repairable = false;
};

struct job {
  std::string id, instance, cid;
  std::string state; ///< "queued", "inProgress", "failed", "cancelled", "done"
  std::string step, why;
  std::string code, message; ///< of its ErrCause; "none": nothing
  cid_config config;
  std::int64_t created = 0, started = 0, ended_at = 0;
  bool unfroze = false;

  bool ended() const { return state == "failed" || state == "cancelled" || state == "done"; }
};
struct job_filter {
  std::vector<std::string> jobs, cids; ///< empty: any
};

struct cid_info {
  std::string cid;
  cid_config config; ///< the newest that was pushed
  bool stored = false, hot = false, cold = false;
  std::uint64_t hot_size = 0;
  std::string queued, running, latest; ///< jobs
  std::size_t proposals = 0;           ///< deals; only of `cid`
};

struct log_line {
  std::string cid, job, message;
  std::int64_t time = 0;
};

struct instance_info {
  std::string id, name, owner, scheduler, wallet;
  std::int64_t created = 0;
  std::uint64_t most_jobs = 0; ///< that wait at a time; 0: no limit
};
/// What an instance uses, or may use (0: no limit).
struct quota {
  std::uint64_t bytes = 0, jobs = 0; ///< that it keeps; that wait at a time
  std::string spend = "0";           ///< attoFIL, in all
};
struct usage {
  quota used, limits;
};
struct made_instance {
  instance_info info;
  std::string token; ///< its first one; shown once
};

struct wallet {
  std::string address, name, balance;
  bool is_default = false;
};

struct push_options {
  bool override_config = false, no_exec = false;
  std::vector<std::uint64_t> import_deals; ///< active on the chain and of the CID: adopted first
};

struct token {
  std::string name;
  std::vector<std::string> scopes;
  std::int64_t created = 0, expires = 0; ///< 0: never
  std::int64_t last_use = 0;             ///< to the minute; 0: never
};

struct webhook {
  std::string id, url;
  std::vector<std::string> events; ///< none: all
  std::string state;               ///< "new", "delivering", "failing"
  std::uint32_t failures = 0;      ///< in a row
  std::string code, message;       ///< of the last try; "none": nothing
};
struct made_webhook {
  webhook info;
  std::string signing_secret; ///< shown once
};

struct scheduler {
  std::string name, hot, selector;
  std::uint64_t parallel = 0, open_jobs = 0; ///< jobs that run at once; that have not ended
};

/// Part of a list; `next` is what `after` has to be for the items that follow, empty at the end.
template <class T>
struct page_of {
  std::vector<T> items;
  std::string next;
};

/// Belongs to its session, and must not outlive it.
class instance {
public:
  result<instance_info> info();
  result<client::usage> usage();
  result<cid_config> default_config();
  result<cid_config> set_default_config(const cid_config& config);
  status validate(const cid_config& config);

  /// Enqueue: config and job are committed when it returns; the job. Without a config: the instance's default.
  result<std::string> push(const std::string& cid, const std::optional<cid_config>& config = {}, push_options how = {});
  /// The blocks come from where the instance's hot layer finds them; seconds until the first bytes, 0: its own.
  result<content> stage_cid(const std::string& cid, std::uint64_t timeout = 0);
  result<std::string> replace(const std::string& cid, const std::string& by);
  status remove(const std::string& cid);
  result<job> cancel(const std::string& job);

  result<cid_info> cid(const std::string& cid);
  result<page_of<cid_info>> cids(const std::string& after = {}, std::uint32_t limit = 100);
  result<client::job> get_job(const std::string& id);
  result<page_of<client::job>> jobs(const job_filter& filter = {}, const std::string& after = {},
                                    std::uint32_t limit = 100);
  result<page_of<log_line>> log(const std::string& cid, const std::string& job = {}, const std::string& after = {},
                                std::uint32_t limit = 100);
  /// The newest state of each job, until `visit` says false; `from` 0 is what there is. Goes on after a
  /// lost connection and a restart of the node; a state may come twice then, a final one is never missed.
  /// The revision to resume from.
  result<std::uint64_t> watch_jobs(const job_filter& filter, std::uint64_t from,
                                   const std::function<bool(const client::job&)>& visit);
  /// History, then live.
  result<std::uint64_t> watch_log(const std::string& cid, std::uint64_t from,
                                  const std::function<bool(const log_line&)>& visit);
  /// The bytes of a file from hot storage; see session::download.
  result<std::uint64_t> download(const std::string& cid, const std::string& path,
                                 const std::function<status(bytes_view)>& take);

  result<std::vector<wallet>> wallets();
  result<wallet> make_wallet(const std::string& name, bool make_default = false);
  result<std::string> send(const std::string& from, const std::string& to, const std::string& amount);
  result<bytes> sign(const std::string& address, bytes_view message);

  /// Its text. No scopes: all of the caller's ("read", "store", "wallet", "admin").
  result<std::string> make_token(const std::string& name, const std::vector<std::string>& scopes = {},
                                 std::int64_t expires = 0);
  status revoke_token(const std::string& name);
  result<std::vector<token>> tokens();

  /// No events: all of the instance; "job.done", "job", "alerts".
  result<made_webhook> make_webhook(const std::string& url, const std::vector<std::string>& events = {});
  /// "" and nothing: as they are.
  result<webhook> change_webhook(const std::string& id, const std::string& url,
                                 const std::optional<std::vector<std::string>>& events = {});
  result<std::vector<webhook>> webhooks();
  status remove_webhook(const std::string& id);
  /// Delivers a test now; its error is what came of it.
  status test_webhook(const std::string& id);

private:
  friend class session;
  instance(session::impl& of, std::string id) : of_{&of}, id_{std::move(id)} {}
  session::impl* of_;
  std::string id_; ///< empty: that of the token
};

} // namespace weir::client
