#pragma once
// Downloads a file of known size by parallel ranges and takes up a broken
// download where it stopped. While unfinished the bytes lie in `into + ".part"`
// and the finished chunks are marked in `into + ".done"` (after a sync of the
// bytes); at the end the file is synced and renamed. What was downloaded is
// not looked at: the caller verifies it.
//
// A chunk that fails is tried again with back-off, `attempts` times in a row;
// then the whole download fails and can be started again. Errors:
// unreachable, timeout, protocol (not 206 with exactly the range), not_found
// (404), unauthenticated (401, 403), io, disk_full, cancelled.
#include "adapters/http/client.hpp"
#include "storage/support/file.hpp"

#include <atomic>
#include <filesystem>
#include <set>

namespace weir::retrieval {

struct download_request {
  std::string url;
  http::headers fields;
  std::uint64_t size = 0; ///< bytes, at least 1
  std::filesystem::path into;
  std::uint64_t chunk = 4 << 20; ///< bytes of one range
  std::size_t parallel = 5;
  int attempts = 4;
  loop::milliseconds first_pause{100}; ///< doubled at each failure in a row
  /// Stops with `cancelled` after so many bytes of this run; for tests and the devnet's faults.
  std::uint64_t break_off_after = UINT64_MAX;
};

/// Loop thread only, but for `received`.
class download : public std::enable_shared_from_this<download> {
public:
  using done_function = std::function<void(status)>;
  /// `client` and `loop` outlive it. `done` is called once, on the loop.
  static std::shared_ptr<download> start(loop::uv_loop& loop, http::client& client, download_request what,
                                         done_function done);
  /// Ends it with `cancelled`; what was downloaded stays for the next time.
  void cancel();
  const std::filesystem::path& into() const { return what_.into; }
  /// Bytes that are there, with those of earlier runs.
  std::uint64_t received() const { return received_.load(std::memory_order_relaxed); }

  download(loop::uv_loop& loop, http::client& client, download_request what, done_function done);

private:
  struct range_call;
  status open();
  std::uint64_t chunks() const { return (what_.size + what_.chunk - 1) / what_.chunk; }
  std::uint64_t length_of(std::uint64_t chunk) const;
  void fill();
  void fetch(std::uint64_t chunk);
  void on_data(range_call& c, bytes_view data);
  void on_done(std::uint64_t chunk, const std::shared_ptr<range_call>& c, status s);
  void sync_then_mark(bool last);
  void finish(status s);

  loop::uv_loop& loop_;
  http::client& client_;
  download_request what_;
  done_function done_;
  std::filesystem::path part_path_, marks_path_;
  file_descriptor part_, marks_;
  std::set<std::uint64_t> missing_; // chunks nobody fetches
  std::map<std::uint64_t, http::call_ptr> running_;
  std::vector<std::uint64_t> unmarked_; // written, not yet synced
  std::atomic<std::uint64_t> received_{0};
  std::uint64_t this_run_ = 0;
  int failures_ = 0; // in a row
  bool paused_ = false;
  bool syncing_ = false;
  bool over_ = false;
  bool breaking_off_ = false; ///< and nothing more counts, also when the rest is here already
  std::unique_ptr<loop::timer> timer_;
};

} // namespace weir::retrieval
