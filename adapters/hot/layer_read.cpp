// Get: CARs out of a hot layer.
#include "adapters/hot/layer_state.hpp"

#include <algorithm>

namespace weir::hot {

/// Readings whose reader went away without a word must not be there for ever.
bool layer_state::make_room() {
  if (readings.size() < options.most_readings)
    return true;
  auto oldest = std::min_element(readings.begin(), readings.end(),
                                 [](const auto& a, const auto& b) { return a.second->used < b.second->used; });
  if (oldest->second->busy || parts->later->now() - oldest->second->used < options.reading_rest)
    return false;
  readings.erase(oldest);
  return true;
}

caf::typed_response_promise<ffs::hot_reading> layer_state::get(const ffs::hot_get& what) {
  auto promise = self->make_response_promise<ffs::hot_reading>();
  auto inner = make_room() ? parts->there->open(what.cid, false, options.longest) : nullptr;
  if (!inner) {
    bool full = readings.size() >= options.most_readings;
    promise.deliver(to_caf(full ? fail(errc::overloaded, "Too much is being read from this hot layer.", {},
                                       std::to_string(options.most_readings))
                                : fail(errc::unsupported,
                                       "This hot layer gives nothing out: name an IPFS node of the cluster in its "
                                       "configuration (ipfs).")));
    return promise;
  }
  auto r = std::make_shared<reading>();
  r->from = std::make_shared<checked_reader>(std::move(inner), what.cid);
  r->busy = true;
  r->used = parts->later->now();
  auto number = ++last_reading;
  readings[number] = r;
  // Nobody gets a number before there is something to read.
  r->from->next(guarded([this, r, number, promise](result<bytes> got) mutable {
    if (readings.count(number) == 0)
      return; // it took too long
    r->busy = false;
    if (!got) {
      readings.erase(number);
      promise.deliver(to_caf(got.error()));
      return;
    }
    r->first = *std::move(got);
    promise.deliver(ffs::hot_reading{number});
  }));
  if (r->busy && what.timeout > 0)
    parts->later->after(time_of(what.timeout), guarded([this, r, number, promise]() mutable {
                          if (!r->busy || r->begun || readings.erase(number) == 0)
                            return;
                          promise.deliver(
                              to_caf(fail(errc::timeout, "The hot layer did not give the first bytes in time.")));
                        }));
  return promise;
}

caf::typed_response_promise<ffs::hot_part> layer_state::next(const ffs::hot_next& what) {
  auto promise = self->make_response_promise<ffs::hot_part>();
  auto found = readings.find(what.read);
  if (found == readings.end() || found->second->busy) {
    promise.deliver(to_caf(found == readings.end()
                               ? fail(errc::not_found, "There is no such reading.", std::to_string(what.read))
                               : fail(errc::precondition, "One part at a time.", std::to_string(what.read))));
    return promise;
  }
  auto r = found->second;
  r->used = parts->later->now();
  auto give = [this, number = what.read, promise](result<bytes> got) mutable {
    if (!got || got->empty())
      readings.erase(number);
    if (!got) {
      promise.deliver(to_caf(got.error()));
      return;
    }
    bool over = got->empty();
    promise.deliver(ffs::hot_part{std::make_shared<const bytes>(*std::move(got)), over});
  };
  if (!std::exchange(r->begun, true)) {
    give(std::exchange(r->first, {}));
    return promise;
  }
  r->busy = true;
  r->from->next(guarded([r, give](result<bytes> got) mutable {
    r->busy = false;
    give(std::move(got));
  }));
  return promise;
}

} // namespace weir::hot
