#pragma once
// The devnet's clock. `automatic`: fast while something waits for the chain,
// one epoch in 30 s otherwise; `still`: only by command; `fast`: always fast.
// Loop thread only.
#include "adapters/devnet/chain/chain_node.hpp"
#include "adapters/loop/uv_loop.hpp"

#include <deque>
#include <optional>

namespace weir::devnet {

enum class clock_mode : std::uint8_t { automatic, still, fast };
std::string_view to_string(clock_mode m);
std::optional<clock_mode> clock_mode_from(std::string_view name);

/// What the clock asks the rest of the devnet.
struct clock_hooks {
  std::function<void()> wake_providers;
  std::function<bool()> providers_working;  ///< a step of theirs is not finished
  std::function<bool()> providers_waiting;  ///< for the chain to move
  std::function<epoch()> providers_due;     ///< the next epoch that matters to one of them, or none
  std::function<bool()> clients_quiet;      ///< they were told everything and ask nothing right now
  std::function<void(const error&)> failed; ///< the chain cannot go on (disk)
};

struct clock_options {
  clock_mode mode = clock_mode::automatic;
  loop::milliseconds fast{80}; ///< an epoch while something is pending
  loop::milliseconds real{epoch_seconds * 1000};
  epoch_delta jump = 720;             ///< most null rounds in one go when advanced by command
  epoch_delta linger = 4;             ///< fast epochs after finality has caught up
  loop::milliseconds patience{5'000}; ///< longest wait for providers and clients before an epoch of an advance
};

class chain_clock {
public:
  chain_clock(loop::uv_loop& loop, chain_node& node, clock_options options, clock_hooks hooks);

  void start();
  void stop(); ///< advances under way end with `cancelled`
  clock_mode mode() const { return options_.mode; }
  void set_mode(clock_mode m);
  /// Something may be pending now.
  void poke();
  bool pending() const;
  /// Goes `epochs` on, waiting for providers and clients on the way; `done` gets the new head.
  void advance(epoch_delta epochs, std::function<void(result<epoch>)> done);

private:
  struct command {
    epoch_delta epochs = 0;
    std::optional<epoch> target; ///< known once it has begun
    std::function<void(result<epoch>)> done;
  };
  void schedule();
  void tick();
  void step_command();
  epoch next_stop(epoch target) const;
  bool make_epoch(epoch to);

  loop::uv_loop& loop_;
  chain_node& node_;
  clock_options options_;
  clock_hooks hooks_;
  loop::timer timer_, command_timer_;
  loop::milliseconds last_epoch_{0}, waiting_since_{0};
  epoch last_active_{0};
  std::deque<command> commands_;
  bool running_ = false;
};

} // namespace weir::devnet
