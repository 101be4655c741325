#pragma once
// The totals of the overview, kept from the transactions as they are
// committed: nothing is counted anew for a request. One pass over the records
// at the start; afterwards each transaction costs what it changes.
//
// A content is *safe* when all its promised deals are active, *on its way*
// while it is in a piece whose deals are being made or replaced, and *none*
// before that, or when it failed.
#include "messages/types/records.hpp"
#include "messages/types/transaction.hpp"
#include "node/api/access.hpp"
#include "storage/records/reader.hpp"
#include "storage/records/store.hpp"

#include <array>
#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace weir::api {

using records::stored;

class tally {
public:
  /// Starts over with these records.
  status load(const records::reader& r);
  /// Starts over at the newest state, with the flow of the last day as far as
  /// the journal has it (bounded, so that a start stays quick).
  status load_with_flow(const records::record_store& store, unix_ms now);
  /// The next transaction; older ones than what was loaded are ignored.
  void apply(const committed& t);

  revision at() const { return at_; }
  /// Of the caller's contents (an admin: of all).
  std::string summary_json(const caller& who) const;
  /// Bytes for each step of the last `window` seconds: in, packed, proposed, active.
  std::string flow_json(unix_ms now, std::int64_t window) const;
  /// Transactions since the start, by the kind of their events, for metrics.
  const std::map<std::string_view, std::uint64_t>& event_counts() const { return event_counts_; }
  std::map<std::string_view, std::uint64_t> contents_by_state() const;
  std::map<std::string_view, std::uint64_t> deals_by_state() const;
  /// Jobs of FFS that an actor works on.
  std::uint64_t running_jobs() const { return running_jobs_.size(); }
  /// Blocks of the contents that are held here (one that two contents share counts twice).
  std::uint64_t local_blocks() const { return local_blocks_; }
  /// Bytes of the piece files that are held here.
  std::uint64_t local_piece_bytes() const { return local_piece_bytes_; }

private:
  static constexpr std::size_t content_states = static_cast<std::size_t>(content_state::removed) + 1;
  static constexpr std::size_t deal_states = static_cast<std::size_t>(deal_state::expired) + 1;
  static constexpr std::int64_t step_ms = 10'000;
  static constexpr std::size_t kept_steps = 24 * 360;

  struct sum {
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
  };
  struct content_entry {
    owner_id owner;
    content_state state = content_state::stored;
    std::uint64_t size = 0;
    std::uint64_t local_blocks = 0;
  };
  struct deal_entry {
    deal_state state = deal_state::intended;
  };
  struct bucket_entry {
    owner_id owner;
    bucket_state state = bucket_state::init;
    bucket_ready ready = bucket_ready::open;
  };
  struct trouble {
    std::string kind; ///< content, bucket, piece
    std::string name;
    owner_id owner;
    weir::problem problem;
    std::string action;
  };
  using by_state = std::array<sum, content_states>;
  enum series : std::size_t { came_in, packed, proposed, active, series_count };
  struct step {
    std::int64_t begins = 0;
    std::array<std::uint64_t, series_count> bytes{};
  };

  void put(const content& c, bool live);
  void put(const deal& d);
  void put(const bucket& b);
  void put(const piece& p);
  void forget(table_id table, const std::string& key);
  void forget_content(const std::string& key);
  status load_running_jobs(const records::reader& r);
  void follow_job(const event& e);
  void mutate(const mutation& m);
  void count(const content_entry& e, std::int64_t sign);
  void forget_piece(const std::string& key);
  void note(const std::string& key, trouble t);
  void flow(series which, std::uint64_t bytes);

  revision at_;
  unix_ms now_; ///< of the transaction that is applied
  std::unordered_map<std::string, content_entry> contents_;
  std::unordered_map<std::string, deal_entry> deals_;
  std::unordered_map<std::string, bucket_entry> buckets_;
  std::unordered_map<std::string, std::uint64_t> pieces_; ///< bytes of the local file
  std::uint64_t local_blocks_ = 0;
  std::uint64_t local_piece_bytes_ = 0;
  std::map<std::string, by_state> owners_;
  std::array<std::uint64_t, deal_states> deal_counts_{};
  std::map<std::string, trouble> troubles_;
  std::deque<step> steps_;
  std::map<std::string_view, std::uint64_t> event_counts_;
  std::unordered_set<std::string> running_jobs_; ///< bounded by what the schedulers run at once
};

} // namespace weir::api
