// Group commit: one write and one sync for what a group has.
#include "storage/records/group_impl.hpp"
#include "storage/support/crash_point.hpp"

#include <utility>

namespace weir::records {

std::shared_ptr<transaction_group> record_store::begin_group(const std::shared_ptr<transaction_group>& before) {
  using parts = transaction_group::impl;
  auto made = [](auto&&... with) {
    auto group = std::make_unique<parts>(std::forward<decltype(with)>(with)...);
    return std::shared_ptr<transaction_group>{new transaction_group{std::move(group)}};
  };
  if (before) {
    // Not upon a store that is to be opened anew: each group would fail with
    // the one before, and hold the database open, for as long as others come.
    std::lock_guard lock{before->impl_->ending};
    if (before->impl_->target && !impl_->failed())
      return made(before->impl_->target, before->impl_->upto, before);
  }
  std::lock_guard lock{impl_->writing};
  auto target = impl_->writable();
  return target ? made(*target, impl_->head.load(), nullptr) : made(target.error());
}

std::vector<result<committed_ptr>> record_store::write_group(transaction_group& group) {
  std::lock_guard lock{impl_->writing};
  auto& g = *group.impl_;
  g.newest.reset();
  auto before = std::exchange(g.before, {});
  if (before && before->impl_->not_there)
    g.not_there = before->impl_->not_there;
  else if (g.upto != g.base)
    if (auto written = write(g); !written)
      g.not_there = written.error();
  {
    std::lock_guard ending{g.ending};
    g.target.reset();
  }
  // A conflict with what is not there is none.
  if (g.not_there)
    for (auto& answer : g.done)
      if (answer || answer.error().code == errc::conflict)
        answer = *g.not_there;
  return std::exchange(g.done, {});
}

status record_store::write(transaction_group::impl& g) {
  {
    auto now = impl_->writable();
    if (!now)
      return now.error();
    if (*now != g.target || impl_->head.load() != g.base)
      return fail(errc::io, "the record store was opened anew meanwhile: the transaction is not there; try it again");
  }
  engine::put_number(g.batch, "head", g.upto);
  crash_point("records.commit.before");
  auto written = impl_->write(*g.target, g.batch, true);
  crash_point("records.commit.after");
  if (written) {
    impl_->head = g.upto;
    return {};
  }
  // Whether it is there is seen when the store is opened anew.
  {
    std::lock_guard ending{g.ending};
    g.target.reset();
  }
  if (impl_->writable())
    return impl_->head.load() == g.upto ? status{} : written;
  if (written.error().code == errc::disk_full)
    return written; // the log's entry is incomplete: it will not be there
  return fail(errc::outcome_unknown, "the commit may or may not be there: " + written.error().message);
}

std::vector<result<committed_ptr>> record_store::commit_group(std::vector<transaction> group, unix_ms now) {
  auto made = begin_group();
  for (auto& t : group)
    made->add(std::move(t), now);
  return write_group(*made);
}

} // namespace weir::records
