#pragma once
// What the faces of FFS (HTTP and the remote API) ask of its records, and what
// they get: filters, pages and views that are put together, never copies.
#include "messages/types/ffs.hpp"
#include "messages/types/records.hpp"
#include "messages/types/result.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::ffs {

template <class T>
bool among(const std::vector<T>& list, const T& v) {
  return list.empty() || std::find(list.begin(), list.end(), v) != list.end();
}

/// Which jobs a list or a watch is for. Empty is any; all that are named have to fit.
struct job_filter {
  std::vector<std::string> jobs;
  std::vector<weir::cid> cids;
  std::vector<job_state> states;

  bool wants(const job& j) const { return among(jobs, j.id.value) && among(cids, j.cid) && among(states, j.state); }
  /// Somebody asked for it by name: also told of in a first state when it has ended.
  bool named() const { return !jobs.empty() || !cids.empty(); }
};

struct page_wish {
  std::size_t limit = 100; ///< 1 to 1000
  std::string after;       ///< `next` of the page before
  std::string search;      ///< how a CID begins; what a name has or an id begins with
};

struct deal_filter {
  std::vector<weir::cid> cids;
  std::vector<address> wallets; ///< of clients
  bool pending = true, active = true, failed = true;
  unix_ms since; ///< changed later than this; the oldest change comes first then
  bool ascending = false;
  page_wish page;

  /// "pending", "active", "failed", or all; errc::invalid_argument.
  status only(const std::string& state) {
    pending = active = failed = state.empty() || state == "all";
    for (auto [name, wanted] : {std::pair{"pending", &pending}, {"active", &active}, {"failed", &failed}})
      *wanted = *wanted || state == name;
    if (pending || active || failed)
      return {};
    return fail(errc::invalid_argument, "There is no such state of a deal record.", state, "all pending active failed");
  }
};

/// `next` is empty at the end. A filtered list looks at a bounded number of
/// records, so a page may be short and yet have a next one.
template <class T>
struct page_of {
  std::vector<T> items;
  std::string next;
  revision at;
};

/// CidConfig and CidInfo of one CID.
struct cid_view {
  cid_entry entry;
  std::vector<deal> proposals;
  std::vector<selection> selections; ///< why which providers were chosen and the others were not
  bool unverified = false;           ///< imported by a deal's label; nobody has read what the piece holds
};

struct deal_record {
  deal what;
  instance_id instance;
  weir::cid cid;
  unix_ms updated; ///< when anything of it changed last
};

struct pinned {
  weir::cid cid;
  instance_id instance;
  bool staged = false; ///< otherwise hot
  unix_ms since;
};

struct token_wish {
  std::string name;
  std::uint32_t scopes = scope::all;
  unix_ms expires; ///< 0 is never
};
struct made_token {
  access_token record;
  std::string text; ///< shown once
};
/// What is to be of a webhook; nothing: as it is. No events are all of the instance.
struct webhook_change {
  std::optional<std::string> url;
  std::optional<std::vector<std::string>> events;
};

struct scheduler_view {
  std::string name;
  std::string hot;      ///< name of its hot layer
  std::string selector; ///< cheapest, reputation, fixed
  std::vector<address> miners;
  std::uint64_t parallel = 0;
  epoch_delta repair_every = 0;
  token_amount max_price;
  std::uint64_t least_size = 0;
  std::uint64_t open_jobs = 0; ///< that have not ended

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("name", s.name);
    v("hot", s.hot);
    v("selector", s.selector);
    v("miners", s.miners);
    v("parallel", s.parallel);
    v("repairEvery", s.repair_every);
    v("maxPrice", s.max_price);
    v("leastSize", s.least_size);
    v("openJobs", s.open_jobs);
  }
};

struct made_instance {
  instance info;
  std::string token; ///< its first one; shown once
};

} // namespace weir::ffs
