#pragma once
// SIGINT and SIGTERM as the main thread waits for them: the first ends in
// order, a second one at once.
namespace weir {

/// Before any thread is started: from then on only `wait_for_signal` hears them.
void hold_signals();
/// Returns at the first; from then on a second ends the process at once.
void wait_for_signal();

} // namespace weir
