#pragma once
// The scheduler of the node's actors: CAF's work sharing with fewer wake-ups.
//
// CAF's own wakes a sleeping thread for each actor that becomes ready, while
// it holds the lock which that thread wants first. Answers to many come in
// bursts here (a group of commits has up to 1,000), and the waking was two
// thirds of what it took to give them. This one has at most one thread on its
// way out of sleep; that thread wakes the next one if it leaves work behind.
// Requests that are not answered end a little later than with CAF's own: see
// request_timeouts.hpp.
#include <cstddef>

namespace caf {
class actor_system_config;
}

namespace weir {

/// Before the system is made. `threads` 0: one for each processor, at least four.
void use_scheduler(caf::actor_system_config& config, std::size_t threads = 0);

} // namespace weir
