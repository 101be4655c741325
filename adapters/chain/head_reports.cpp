#include "adapters/chain/head_reports.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace weir::lotus {

bool head_reports::gather(std::vector<head_change> changes) {
  gathered_.insert(gathered_.end(), std::make_move_iterator(changes.begin()), std::make_move_iterator(changes.end()));
  for (auto& change : gathered_)
    if (change.what != head_change::kind::revert)
      head_ = change.at;
  if (gathered_.size() > max_changes) {
    gathered_.clear();
    missed_ = true;
  }
  fresh_ = true;
  return !std::exchange(asking_, true);
}

void head_reports::deliver(std::optional<epoch> finalized, std::int64_t now, std::int64_t longest_lag) {
  asking_ = false;
  finalized_ = std::max(finalized_, finalized.value_or(no_epoch));
  auto changes = std::exchange(gathered_, {});
  if (!std::exchange(fresh_, false) || !head_)
    return;
  newest_ = head_changes{{{head_change::kind::current, *head_}}, finalized_};
  if (lags(now, longest_lag)) {
    missed_ = true;
    return;
  }
  say({errc::none, {}, {}, {}});
  heads(std::exchange(missed_, false) ? *newest_ : head_changes{std::move(changes), finalized_});
}

bool head_reports::lags(std::int64_t now, std::int64_t longest_lag) {
  if (longest_lag == 0 || !head_ || now - head_->timestamp <= longest_lag)
    return false;
  say(fail(errc::out_of_sync, "the chain node lags behind; it has to catch up first",
           std::to_string(now - head_->timestamp) + " s", std::to_string(longest_lag) + " s"));
  return true;
}

void head_reports::check_lag(std::int64_t now, std::int64_t longest_lag) {
  if (problem_.code == errc::none && lags(now, longest_lag))
    missed_ = true;
}

void head_reports::lost(error why) {
  gathered_.clear();
  fresh_ = false;
  missed_ = true;
  say(std::move(why));
}

void head_reports::say(error problem) {
  if (problem_.code == problem.code)
    return;
  problem_ = std::move(problem);
  health(chain_health{problem_});
}

} // namespace weir::lotus
