#include "node/runtime/signals.hpp"

#include <csignal>
#include <thread>
#include <unistd.h>

namespace weir {

namespace {

sigset_t endings() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

int next_signal() {
  auto set = endings();
  int which = 0;
  sigwait(&set, &which);
  return which;
}

} // namespace

void hold_signals() {
  auto set = endings();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

void wait_for_signal() {
  next_signal();
  std::thread{[] { ::_exit(128 + next_signal()); }}.detach();
}

} // namespace weir
