#include "adapters/devnet/clock.hpp"

#include <algorithm>

namespace weir::devnet {

namespace {

constexpr loop::milliseconds look_again{3};
constexpr std::size_t max_commands = 64;
constexpr std::string_view names[] = {"automatic", "still", "fast"};

} // namespace

std::string_view to_string(clock_mode m) {
  return names[static_cast<std::size_t>(m)];
}

std::optional<clock_mode> clock_mode_from(std::string_view name) {
  for (std::size_t i = 0; i < std::size(names); ++i)
    if (names[i] == name)
      return static_cast<clock_mode>(i);
  return std::nullopt;
}

chain_clock::chain_clock(loop::uv_loop& loop, chain_node& node, clock_options options, clock_hooks hooks)
    : loop_{loop}, node_{node}, options_{options}, hooks_{std::move(hooks)}, timer_{loop}, command_timer_{loop} {}

void chain_clock::start() {
  running_ = true;
  last_epoch_ = loop_.now();
  last_active_ = node_.chain().head()->height();
  schedule();
}

void chain_clock::stop() {
  running_ = false;
  timer_.stop();
  command_timer_.stop();
  auto commands = std::move(commands_);
  commands_.clear();
  for (auto& c : commands)
    c.done(fail(errc::cancelled, "the devnet is stopping"));
}

void chain_clock::set_mode(clock_mode m) {
  options_.mode = m;
  last_epoch_ = loop_.now();
  schedule();
}

void chain_clock::poke() {
  if (running_)
    schedule();
}

bool chain_clock::pending() const {
  auto& chain = node_.chain();
  return !chain.pool().empty() || hooks_.providers_waiting()
         || chain.head()->height() - last_active_ <= chain.params().finality + options_.linger;
}

void chain_clock::schedule() {
  timer_.stop();
  if (!running_ || !commands_.empty() || options_.mode == clock_mode::still)
    return;
  auto period = options_.mode == clock_mode::fast || pending() ? options_.fast : options_.real;
  auto passed = loop_.now() - last_epoch_;
  timer_.start(std::max(loop::milliseconds{0}, period - passed), [this] { tick(); });
}

void chain_clock::tick() {
  if (make_epoch(node_.chain().head()->height() + 1))
    schedule();
}

bool chain_clock::make_epoch(epoch to) {
  last_epoch_ = loop_.now();
  if (auto made = node_.advance(to); !made) {
    stop();
    hooks_.failed(made.error());
    return false;
  }
  if (!node_.chain().head()->messages.empty())
    last_active_ = to;
  hooks_.wake_providers();
  return true;
}

void chain_clock::advance(epoch_delta epochs, std::function<void(result<epoch>)> done) {
  if (!running_ || epochs < 0)
    return done(fail(running_ ? errc::invalid_argument : errc::cancelled, "the clock cannot go there"));
  if (commands_.size() >= max_commands)
    return done(fail(errc::overloaded, "too many advances wait for each other"));
  commands_.push_back({epochs, std::nullopt, std::move(done)});
  if (commands_.size() > 1)
    return;
  timer_.stop();
  waiting_since_ = loop_.now();
  step_command();
}

epoch chain_clock::next_stop(epoch target) const {
  auto head = node_.chain().head()->height();
  if (pending())
    return head + 1;
  auto next = std::min(target, head + options_.jump);
  for (auto due : {next_due(node_.chain().state()), hooks_.providers_due()})
    if (due > head)
      next = std::min(next, due);
  return next;
}

/// One look at the foremost command: waits, makes an epoch, or ends it.
void chain_clock::step_command() {
  auto& c = commands_.front();
  auto head = node_.chain().head()->height();
  if (!c.target)
    c.target = head + c.epochs;
  bool settled = !hooks_.providers_working() && hooks_.clients_quiet();
  if (settled || loop_.now() - waiting_since_ > options_.patience) {
    if (head >= *c.target) {
      auto done = std::move(c.done);
      commands_.pop_front();
      done(head);
    } else if (!make_epoch(next_stop(*c.target))) {
      return;
    }
    waiting_since_ = loop_.now();
  }
  if (commands_.empty())
    return schedule();
  command_timer_.start(look_again, [this] { step_command(); });
}

} // namespace weir::devnet
