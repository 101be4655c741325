#pragma once
// A thread that runs jobs one after the other: what a simulated provider
// "thinks" on, so that its code may wait for answers.
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace weir::devnet {

class job_thread {
public:
  using job = std::function<void()>;
  explicit job_thread(std::string name, std::size_t max_jobs = 4096);
  job_thread(const job_thread&) = delete;
  job_thread& operator=(const job_thread&) = delete;
  ~job_thread(); ///< stops

  void start();
  /// False, and the job is dropped, when too many wait or the thread has stopped.
  bool post(job what);
  /// Nothing is queued or running.
  bool idle() const;
  /// The running job ends, the waiting ones are dropped.
  void stop();
  /// For long jobs: leave at the next good place.
  bool stopping() const;
  /// From a job: waits, but not longer than until `stop`.
  void pause(std::chrono::milliseconds time);

private:
  void run();

  std::string name_;
  std::size_t max_jobs_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<job> jobs_;
  bool running_ = false;
  bool stop_ = false;
  std::thread thread_;
};

} // namespace weir::devnet
