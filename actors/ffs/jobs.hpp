#pragma once
// The life of a job as transactions: plain logic, built from the newest state,
// doing nothing when the work is found done. Whoever moves a job looks at its
// state first: for a final one nothing happens any more, so its end does not
// depend on what its actor does at that moment.
#include "actors/support/committer.hpp"
#include "messages/actors/ffs.hpp"

namespace weir::ffs {

struct job_moment {
  epoch now;
  unix_ms time;
};

/// The queue that a job comes to.
struct job_place {
  job_id id;
  std::string scheduler;
  std::size_t waiting = 0;      ///< jobs of the instance that wait there: its quota limits them
  const instance* of = nullptr; ///< the instance, if it was read and nothing was committed since
  bool is_new = false;          ///< the id: nobody can have committed a job of it
};
struct enqueued {
  job_id made;  ///< empty with no_exec, and for what is looked at by itself while a job of the CID is not final
  job_id older; ///< that gave way, if one waited
};
/// The config, its job, the end of an older one that waits, in one. Errors:
/// not_found (the instance), overloaded (its quota), precondition (also: another
/// scheduler has the instance now).
result<transaction_builder> enqueue_job(const records::reader& state, const enqueue& wish, const job_place& to,
                                        job_moment at, enqueued& out);

/// From queued to in_progress; nothing when it is another scheduler's now, or
/// another one still runs a job of the CID.
result<transaction_builder> begin_job(const records::reader& state, const instance_id& of, const job_id& id,
                                      const std::string& by, job_moment at);

/// Where an instance was moved to.
struct new_home {
  std::string scheduler, hot;
  std::vector<std::string> known; ///< schedulers that run
};
/// Some CIDs of an instance become those of the scheduler that it was moved to:
/// what waits goes over, what runs ends where it began, and what is kept hot in
/// another layer is due at once.
struct taken_over {
  std::vector<job> waiting;    ///< are the new scheduler's now
  std::vector<job> running;    ///< of a scheduler that is no more: go on at the new one
  std::vector<cid_entry> left; ///< idle ones of which another layer may have a forgotten pin
  bool more = false;
};
result<transaction_builder> take_over_some(const records::reader& state, const instance_id& of, const new_home& home,
                                           job_moment at, taken_over& out);

/// Ends it whatever it does; no new deals are made for it. errc::not_found, errc::precondition.
result<transaction_builder> cancel_job_now(const records::reader& state, const cancel_job& which, job_moment at,
                                           job& out);

/// A line of its log, and the step that it comes to.
struct job_note {
  std::string words;
  std::optional<job_step> step = {};
  bool unfroze = false;
};
result<transaction_builder> note_job(const records::reader& state, const instance_id& of, const job_id& id,
                                     const job_note& note, job_moment at);

/// How a job ended. What was reached of hot and cold is recorded also when it failed.
struct job_end {
  job_state how = job_state::done;
  err_cause err;
  std::vector<deal_error> deal_errors;
  std::optional<hot_info> hot;
  std::optional<cold_info> cold;
  epoch renew_at = no_epoch, repair_at = no_epoch;
  std::vector<std::string> swept; ///< layers that let go of it
};
/// Somebody pushed it after that job was to replace it, or a job of it has not ended: it stays.
bool wanted_again(const cid_entry& replaced, const job& by);
result<transaction_builder> end_job(const records::reader& state, const instance_id& of, const job_id& id,
                                    const job_end& end, job_moment at);

/// The CID is the instance's no more.
result<transaction_builder> forget_cid(const records::reader& state, const remove_cid& which, job_moment at);

/// Contents of the instance with this CID that are not removed.
result<std::vector<stored<content>>> contents_of(const records::reader& state, const instance_id& of, const cid& id);

} // namespace weir::ffs
