#pragma once
// What listeners hear of the heads: gathers changes until the finalized epoch
// after them is known, keeps the order, the bound and the health. Pure.
#include "messages/actors/chain.hpp"

#include <functional>
#include <optional>

namespace weir::lotus {

class head_reports {
public:
  /// More changes than this at a time are replaced by the newest head.
  static constexpr std::size_t max_changes = 1000;

  std::function<void(head_changes)> heads;
  std::function<void(chain_health)> health;

  /// True: the finalized epoch has to be asked for, then `deliver`.
  bool gather(std::vector<head_change> changes);
  /// `finalized`: as the node says, or nothing if it did not. `now` is the wall
  /// clock's, in seconds, `longest_lag` the age of a head that is too old; 0 is
  /// any age.
  void deliver(std::optional<epoch> finalized, std::int64_t now = 0, std::int64_t longest_lag = 0);
  /// A head that has become too old while nothing came.
  void check_lag(std::int64_t now, std::int64_t longest_lag);
  /// The way to the node broke: what was gathered is out of date.
  void lost(error why);

  const std::optional<head_changes>& newest() const { return newest_; }
  const error& problem() const { return problem_; }

private:
  void say(error problem);
  bool lags(std::int64_t now, std::int64_t longest_lag);

  std::vector<head_change> gathered_;
  bool asking_ = false;
  bool fresh_ = false;  ///< something was gathered since the last delivery or loss
  bool missed_ = false; ///< listeners have not heard everything: the next is a `current`
  std::optional<tipset> head_;
  std::optional<head_changes> newest_;
  epoch finalized_ = no_epoch;
  error problem_{errc::none, {}, {}, {}};
};

} // namespace weir::lotus
