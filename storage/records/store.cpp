#include "storage/records/store.hpp"

#include "storage/records/layout.hpp"
#include "storage/records/readers.hpp"
#include "storage/records/store_impl.hpp"

#include <sys/statvfs.h>

namespace weir::records {

namespace {

/// Opening writes what the log held into a table: that needs some room, and a
/// store that was closed for lack of it had better stay open for reading.
bool has_room(const std::filesystem::path& folder, std::size_t bytes) {
  struct statvfs found {};
  if (::statvfs(folder.c_str(), &found) != 0)
    return true;
  return found.f_bavail * found.f_frsize >= bytes;
}

} // namespace

status record_store::impl::open() {
  WEIR_TRY(engine_, engine::open(folder, options));
  WEIR_CHECK(migrate(engine_, options.migrations));
  return read_numbers(*engine_);
}

status record_store::impl::read_numbers(engine& from) {
  WEIR_TRY(auto newest, from.number("head"));
  WEIR_TRY(auto first, from.number("oldest"));
  head = newest;
  oldest = std::max<std::uint64_t>(first, 1);
  return {};
}

std::shared_ptr<engine> record_store::impl::current() const {
  std::lock_guard lock{opening};
  return engine_;
}

error record_store::impl::closed_because() const {
  std::lock_guard lock{opening};
  return why_;
}

bool record_store::impl::failed() const {
  std::lock_guard lock{opening};
  return failed_;
}

result<std::shared_ptr<engine>> record_store::impl::writable() {
  std::lock_guard lock{opening};
  if (engine_ && !failed_)
    return engine_;
  return reopen();
}

result<std::shared_ptr<engine>> record_store::impl::reopen() {
  // Opening writes what the log has into a table of its own.
  if (!has_room(folder, options.write_buffer + (8u << 20)))
    return why_;
  if (engine_ && engine_.use_count() > 1)
    return why_; // somebody reads; the next write tries again
  engine_.reset();
  auto opened = engine::open(folder, options);
  status read = opened ? read_numbers(**opened) : status{opened.error()};
  if (!read) {
    why_ = read.error();
    return why_;
  }
  engine_ = *opened;
  failed_ = false;
  return engine_;
}

status record_store::impl::write(engine& to, leveldb::WriteBatch& batch, bool sync) {
  leveldb::WriteOptions how;
  how.sync = sync;
  auto written = to.db().Write(how, &batch);
  if (written.ok())
    return {};
  auto problem = from_leveldb(written, folder.string());
  std::lock_guard lock{opening};
  failed_ = true;
  why_ = problem;
  return problem;
}

record_store::record_store(std::unique_ptr<impl> parts) : impl_{std::move(parts)} {}
record_store::~record_store() = default;

result<std::unique_ptr<record_store>> record_store::open(const std::filesystem::path& folder, store_options options) {
  auto parts = std::make_unique<impl>(folder, options);
  WEIR_CHECK(parts->open());
  return std::unique_ptr<record_store>{new record_store{std::move(parts)}};
}

revision record_store::head() const {
  return revision{impl_->head};
}

revision record_store::oldest() const {
  return revision{impl_->oldest};
}

result<committed_ptr> record_store::commit(transaction t, unix_ms now) {
  std::vector<transaction> one;
  one.push_back(std::move(t));
  return std::move(commit_group(std::move(one), now).front());
}

std::shared_ptr<const reader> record_store::snapshot() const {
  auto source = impl_->current();
  if (!source)
    return std::make_shared<closed_reader>(head(), impl_->closed_because());
  return std::make_shared<newest_reader>(source, head());
}

result<std::shared_ptr<const reader>> record_store::view_at(revision at) const {
  auto source = impl_->current();
  if (!source)
    return impl_->closed_because();
  auto made = std::make_shared<past_reader>(source, at);
  WEIR_CHECK(made->reachable());
  return std::shared_ptr<const reader>{std::move(made)};
}

} // namespace weir::records
