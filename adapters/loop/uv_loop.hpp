#pragma once
// One thread that owns one libuv loop. Everything that lives on the loop
// (sockets, timers, hosted actors) is touched by this thread alone; the rest
// of the process talks to it with `post`.
//
//   loop::uv_loop loop{"api"};
//   loop.start();
//   loop.post([&] { … runs on the loop thread … });
//   loop.stop();            // closes what was registered, joins the thread
//
// Constructing the first loop makes the process ignore SIGPIPE: sendfile(2)
// on a reset connection raises it, and libuv leaves that to the application.
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

struct uv_loop_s; // libuv's loop, so that uv.h stays out of the headers

namespace weir::loop {

using task = std::function<void()>;
using milliseconds = std::chrono::milliseconds;

class uv_loop {
public:
  /// At most `max_posted` control messages wait; bulk data does not go through
  /// `post`. The name is the thread's (15 characters are kept).
  explicit uv_loop(std::string name, std::size_t max_posted = 65536);
  uv_loop(const uv_loop&) = delete;
  uv_loop& operator=(const uv_loop&) = delete;
  ~uv_loop(); ///< stops

  void start();

  /// Runs the task on the loop thread, in the order of the posts. From any
  /// thread. False, and the task is dropped, when the queue is full or the
  /// loop has stopped.
  bool post(task what);
  /// As `post`, but refused only by a stopped loop: for callers that bound
  /// themselves (one outstanding wake-up each).
  bool wake(task what);
  /// Runs the task on the loop thread and waits for its end; at once when
  /// called on that thread. False when the loop is stopped.
  bool run(const task& what);

  /// True on the loop's own thread.
  bool on_thread() const;
  /// The loop's clock, monotonic, in milliseconds; read once per iteration.
  milliseconds now() const;

  /// Registers what has to happen on the loop thread when the loop stops:
  /// called in reverse order of registration. The number takes it back.
  std::size_t at_stop(task what);
  void forget(std::size_t registration);

  /// Ordered end: runs the tasks posted so far, then the `at_stop` tasks in
  /// reverse, closes the remaining handles, joins the thread. From any thread
  /// but the loop's own; later calls do nothing.
  void stop();

  uv_loop_s* raw() const; ///< for code on the loop thread

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// A timer of the loop. Made, used and destroyed on the loop thread.
class timer {
public:
  explicit timer(uv_loop& owner);
  timer(const timer&) = delete;
  timer& operator=(const timer&) = delete;
  ~timer();
  /// Calls `what` after the time, and again each `repeat` if that is not zero.
  /// A running timer starts afresh. `what` may destroy the timer.
  void start(milliseconds after, task what, milliseconds repeat = milliseconds{0});
  void stop();
  bool active() const;

private:
  struct impl;
  impl* impl_; // outlives this object until libuv has closed the handle
};

} // namespace weir::loop
