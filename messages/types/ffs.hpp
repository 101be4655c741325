#pragma once
// The shared records of FFS (seed 000; facts in Powergate's own words where it
// had them). Deals and pieces are the node's own records: what FFS adds to
// them is `content::terms` and `deal::content`. Keys begin with the instance,
// so that one prefix is one tenant.
#include "messages/types/cid.hpp"
#include "messages/types/error.hpp"
#include "messages/types/ffs_config.hpp"
#include "messages/types/ffs_states.hpp"
#include "messages/types/ids.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace weir::ffs {

/// Sorts by the time at which it was made (a UUID of version 7).
using job_id = strong<struct job_id_tag, std::string>;

/// Seed 000: Job.ErrCause, whole; code none is "nothing".
struct err_cause {
  errc code = errc::none;
  std::string message, value, limit;

  bool any() const { return code != errc::none; }
  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("code", s.code);
    v("message", s.message);
    v("value", s.value);
    v("limit", s.limit);
  }
};

inline err_cause cause_of(const error& e) {
  return {e.code, e.message.empty() ? std::string{info(e.code).title} : e.message, e.value, e.limit};
}

/// A deal of a job that came to nothing; the job may have succeeded all the same.
struct deal_error {
  deal_uuid deal; ///< empty: nothing was proposed, the provider takes no piece of that size
  address provider;
  std::string message; ///< the provider's or the chain's own words

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("deal", s.deal);
    v("provider", s.provider);
    v("message", s.message);
  }
};

/// What an instance may use; 0 is no limit.
struct quota {
  std::uint64_t bytes = 0; ///< of blocks kept hot or stored, each CID counted once
  std::uint64_t jobs = 0;  ///< not yet final at a time
  token_amount spend;      ///< attoFIL promised to providers in deals, ever

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("bytes", s.bytes);
    v("jobs", s.jobs);
    v("spend", s.spend);
  }
};

/// Seed 000: a Powergate instance.
struct instance {
  static constexpr std::uint32_t version = 2;
  instance_id id;
  std::string name; ///< for people; unique
  std::string scheduler = "default";
  unix_ms created;
  epoch created_at = no_epoch;
  cid_config defaults; ///< for what is pushed without a config
  quota limits;
  address wallet;         ///< its default address
  bool deleting = false;  ///< its data is being erased
  std::string moved_from; ///< a scheduler that still has CIDs of it: they are being taken over

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("id", s.id);
    v("name", s.name);
    v("scheduler", s.scheduler);
    v("created", s.created);
    v("createdAt", s.created_at);
    v("defaults", s.defaults);
    v("limits", s.limits);
    v("wallet", s.wallet);
    v("deleting", s.deleting);
    v("movedFrom", s.moved_from, 2);
  }
};

/// The first of the three levels of defaults. Key: "node".
struct node_defaults {
  static constexpr std::uint32_t version = 1;
  cid_config defaults; ///< of instances that have not set their own

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("defaults", s.defaults);
  }
};

/// The owner of the contents of an instance.
inline owner_id owner_of(const instance_id& id) {
  return owner_id{"ffs/" + id.value};
}
/// Empty when the owner is no instance.
inline instance_id instance_of(const owner_id& owner) {
  return instance_id{owner.value.starts_with("ffs/") ? owner.value.substr(4) : std::string{}};
}

/// Seed 000: HotInfo.
struct hot_info {
  bool enabled = false;
  std::uint64_t size = 0; ///< bytes of its blocks
  std::string layer;      ///< "store", the node's own, or the operator's name of one outside
  unix_ms since;

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("enabled", s.enabled);
    v("size", s.size);
    v("layer", s.layer);
    v("since", s.since);
  }
};

/// Seed 000: ColdInfo. Its proposals are the deals of the content: a view.
struct cold_info {
  bool enabled = false;
  content_id content;           ///< empty: nothing was ever stored cold
  std::uint64_t piece_size = 0; ///< padded bytes, of all its pieces

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("enabled", s.enabled);
    v("content", s.content);
    v("pieceSize", s.piece_size);
  }
};

/// What an instance wants of a CID and what is: CidConfig and CidInfo in one
/// record. Key: instance, CID.
struct cid_entry {
  static constexpr std::uint32_t version = 2;
  instance_id instance;
  weir::cid cid;
  cid_config config; ///< the newest that was pushed
  unix_ms pushed;
  bool stored = false; ///< a job of it has succeeded: hot and cold are true
  hot_info hot;
  cold_info cold;
  job_id info_job; ///< that the two are from; empty after an import without a job
  unix_ms info_time;
  job_id queued;                     ///< waits; at most one
  job_id running;                    ///< at most one
  job_id latest;                     ///< of any state
  epoch renew_at = no_epoch;         ///< when a renewal is due; -1: never
  epoch repair_at = no_epoch;        ///< when it is looked at again; -1: never
  std::string scheduler = "default"; ///< that its instance is wired to
  std::vector<std::string> hot_left; ///< layers that may have a pin of a job that did not come to a good end

  /// The sooner of the two.
  epoch due() const {
    if (renew_at == no_epoch || repair_at == no_epoch)
      return std::max(renew_at, repair_at);
    return std::min(renew_at, repair_at);
  }

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("instance", s.instance);
    v("cid", s.cid);
    v("config", s.config);
    v("pushed", s.pushed);
    v("stored", s.stored);
    v("hot", s.hot);
    v("cold", s.cold);
    v("infoJob", s.info_job);
    v("infoTime", s.info_time);
    v("queued", s.queued);
    v("running", s.running);
    v("latest", s.latest);
    v("renewAt", s.renew_at);
    v("repairAt", s.repair_at);
    v("scheduler", s.scheduler);
    v("hotLeft", s.hot_left, 2);
  }
};

/// Seed 000: Job. Key: instance, id.
struct job {
  static constexpr std::uint32_t version = 1;
  instance_id instance;
  job_id id;
  weir::cid cid;
  std::string scheduler;
  cid_config config; ///< that it enforces
  job_cause why = job_cause::push;
  weir::cid replaces; ///< of job_cause::replace
  job_state state = job_state::queued;
  job_step step = job_step::waiting;
  err_cause err;
  std::vector<deal_error> deal_errors;
  unix_ms created, started, ended;
  epoch created_at = no_epoch;
  epoch started_at = no_epoch;
  bool unfroze = false; ///< the bytes came back from a provider

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("instance", s.instance);
    v("id", s.id);
    v("cid", s.cid);
    v("scheduler", s.scheduler);
    v("config", s.config);
    v("why", s.why);
    v("replaces", s.replaces);
    v("state", s.state);
    v("step", s.step);
    v("err", s.err);
    v("dealErrors", s.deal_errors);
    v("created", s.created);
    v("started", s.started);
    v("ended", s.ended);
    v("createdAt", s.created_at);
    v("startedAt", s.started_at);
    v("unfroze", s.unfroze);
  }
};

/// A line of the log of a CID, for people. Key: instance, CID, time, job, number.
struct log_line {
  static constexpr std::uint32_t version = 1;
  instance_id instance;
  weir::cid cid;
  unix_ms time;
  job_id job;
  std::uint32_t number = 0; ///< of its job
  std::string message;

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("instance", s.instance);
    v("cid", s.cid);
    v("time", s.time);
    v("job", s.job);
    v("number", s.number);
    v("message", s.message);
  }
};

/// Whoever wants to be told over HTTP. What was told is a place in the journal:
/// each event is delivered at least once, in order. Key: instance, id.
struct webhook {
  static constexpr std::uint32_t version = 2;
  instance_id instance;
  std::string id;
  std::string url;
  std::string secret;              ///< of the HMAC; never shown
  std::vector<std::string> events; ///< names; empty: all of the instance
  unix_ms created;
  revision told;              ///< everything up to here was delivered
  std::uint32_t failures = 0; ///< in a row
  unix_ms last_try, last_success;
  err_cause err;         ///< of the last try
  unix_ms failing_since; ///< the first of the failures in a row; 0: it does not fail
  unix_ms next_try;      ///< after a failure; 0: nothing failed

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("instance", s.instance);
    v("id", s.id);
    v("url", s.url);
    v("secret", s.secret);
    v("events", s.events);
    v("created", s.created);
    v("told", s.told);
    v("failures", s.failures);
    v("lastTry", s.last_try);
    v("lastSuccess", s.last_success);
    v("err", s.err);
    v("failingSince", s.failing_since, 2);
    v("nextTry", s.next_try, 2);
  }
};

/// An unfreeze: bytes that came (or did not come) back from providers.
/// Key: instance, id (of the job).
struct retrieval {
  static constexpr std::uint32_t version = 1;
  instance_id instance;
  job_id id;
  weir::cid cid;
  address wallet;
  bool pending = true;
  std::uint64_t bytes_received = 0;
  token_amount paid;
  unix_ms started, ended, updated;
  err_cause err;

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("instance", s.instance);
    v("id", s.id);
    v("cid", s.cid);
    v("address", s.wallet);
    v("pending", s.pending);
    v("bytesReceived", s.bytes_received);
    v("paid", s.paid);
    v("started", s.started);
    v("ended", s.ended);
    v("updated", s.updated);
    v("err", s.err);
  }
};

} // namespace weir::ffs
