#pragma once
// When requests are over that nobody answered: CAF's clock for these alone.
//
// CAF's own wakes its thread for each request, and keeps a timer of each until
// it would have fired, answered or not: at 10,000 requests a second the waking
// took a tenth of the processor, and 60 seconds of timers 100 MB. Here those
// that end within the same quarter of a second lie in one list, of 32 bytes
// each, and the thread sleeps until the first list is due. A request thus ends
// up to a quarter of a second after its time. Those of actors that are no more
// are let go of whenever what is held has doubled: a job may wait for days.
#include <caf/actor_control_block.hpp>
#include <caf/message_id.hpp>

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace weir {

class request_timeouts {
public:
  using clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds step{250};
  static constexpr std::size_t smallest_sweep = 4096;

  request_timeouts() = default;
  request_timeouts(const request_timeouts&) = delete;
  ~request_timeouts() { stop(); }

  void start();
  void stop();
  /// Any thread. At `due` the actor hears sec::request_timeout in place of the answer, if that has not come.
  void add(clock::time_point due, caf::weak_actor_ptr who, caf::message_id id);
  void clear();
  std::size_t size();

private:
  struct waiting {
    caf::weak_actor_ptr who;
    caf::message_id id;
  };
  void run();
  void sweep();

  std::mutex lock_;
  std::condition_variable changed_;
  std::map<clock::time_point, std::vector<waiting>> due_;
  std::size_t size_ = 0;
  std::size_t sweep_at_ = smallest_sweep;
  bool over_ = false;
  std::thread thread_;
};

} // namespace weir
