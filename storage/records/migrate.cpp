// The store's format number and the steps from an older one.
#include "storage/records/layout.hpp"
#include "storage/records/store_impl.hpp"

namespace weir::records {

// None yet: the records carry their own versions, so a step is needed only
// when something must be written anew.
std::span<const migration> built_in_migrations() {
  return {};
}

namespace {

constexpr std::size_t batch_size = 1000;

status write(engine& target, leveldb::WriteBatch& batch, bool sync) {
  leveldb::WriteOptions how;
  how.sync = sync;
  auto written = target.db().Write(how, &batch);
  batch.Clear();
  return written.ok() ? status{} : status{from_leveldb(written, "migration")};
}

status convert_one(const migration& step, const cursor& at, leveldb::WriteBatch& batch) {
  auto value = layout::unseal(at.full_key(), at.sealed());
  auto record = value ? layout::decode_record(*value) : std::nullopt;
  auto table = static_cast<table_id>(at.key()[0]);
  if (!record)
    return layout::damaged(describe(table, at.key().substr(1)));
  WEIR_TRY(auto converted, step.convert(table, at.key().substr(1), record->value));
  if (!converted)
    batch.Delete(slice(at.full_key()));
  else if (*converted != record->value)
    batch.Put(slice(at.full_key()), layout::seal(at.full_key(), layout::encode_record(*converted, record->rev)));
  return {};
}

status run(const std::shared_ptr<engine>& target, const migration& step) {
  leveldb::WriteBatch batch;
  std::size_t pending = 0;
  cursor at{target, checked(nullptr), std::string{layout::record}, {}};
  for (; at.valid(); at.next()) {
    WEIR_CHECK(convert_one(step, at, batch));
    if (++pending % batch_size == 0)
      WEIR_CHECK(write(*target, batch, false));
  }
  if (!at.status().ok())
    return from_leveldb(at.status(), "migration to format " + std::to_string(step.to));
  engine::put_number(batch, "format", step.to);
  return write(*target, batch, true);
}

} // namespace

status migrate(const std::shared_ptr<engine>& target, std::span<const migration> steps) {
  WEIR_TRY(auto found, target->number("format"));
  std::uint64_t newest = steps.empty() ? first_format : steps.back().to;
  if (found > newest)
    return fail(errc::data_too_new, "the record store was written by a newer Weir; run that one", std::to_string(found),
                std::to_string(newest));
  if (found == 0) { // new: nothing to convert
    leveldb::WriteBatch batch;
    engine::put_number(batch, "format", newest);
    return write(*target, batch, true);
  }
  for (auto& step : steps)
    if (step.to > found)
      WEIR_CHECK(run(target, step));
  return {};
}

} // namespace weir::records
