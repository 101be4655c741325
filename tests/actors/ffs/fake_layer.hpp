#pragma once
// A hot layer outside, in memory: what it has, what it can find elsewhere, and
// its manners. It survives the node's crashes, as a layer outside does.
#include "messages/actors/ffs_layers.hpp"
#include "storage/blocks/block_store.hpp"
#include "storage/blocks/memory_blocks.hpp"
#include "storage/car/car_writer.hpp"
#include "storage/ipld/links.hpp"

#include <map>
#include <memory>
#include <set>

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

namespace weir::test {

struct layer_world {
  memory_blocks has, elsewhere;
  std::map<cid, std::set<instance_id>> pins;
  std::shared_ptr<block_store> node; ///< whose blocks `add` reads
  errc refuses = errc::none;         ///< answers everything with this
  bool silent = false;               ///< never answers
  cid swapped;                       ///< gives this DAG, whatever is asked for
  bool dead = false;                 ///< whoever asks is dead: nothing reaches it
  int reads = 0;                     ///< readings that were opened
  std::map<std::uint64_t, std::pair<bytes, std::size_t>> open;
  std::vector<caf::typed_response_promise<ffs::hot_info>> unanswered;

  bool whole(const cid& root) {
    return for_each_block(root, has, [](const cid&, bytes_view) { return status{}; }).ok();
  }
  status copy(const cid& root, block_source& from) {
    return for_each_block(root, from, [this](const cid& id, bytes_view data) { return has.put(id, data); });
  }
  bool pinned(const instance_id& of, const cid& id) const {
    auto found = pins.find(id);
    return found != pins.end() && found->second.contains(of);
  }
  bytes car_of(const cid& root) {
    bytes out;
    car_writer writer{[&](bytes_view data) {
      out.insert(out.end(), data.begin(), data.end());
      return status{};
    }};
    return write_car(root, has, writer) ? out : bytes{};
  }
  ffs::hot_info keep(const instance_id& of, const cid& id) {
    pins[id].insert(of);
    return {true, has.count(), "fake", unix_ms{1}};
  }
};
using layer_world_ptr = std::shared_ptr<layer_world>;

inline ffs::hot_layer_actor::behavior_type fake_layer(ffs::hot_layer_actor::pointer self, layer_world_ptr w) {
  auto refused = [w] { return w->dead ? errc::shutting_down : w->refuses; };
  auto later = [self, w] { return w->unanswered.emplace_back(self->make_response_promise<ffs::hot_info>()); };
  return {
      [w, refused, later](const ffs::hot_add& m) -> caf::result<ffs::hot_info> {
        if (refused() != errc::none)
          return to_caf(fail(refused()));
        if (w->silent)
          return later();
        if (auto done = w->copy(m.cid, *w->node); !done)
          return to_caf(done.error());
        return w->keep(m.instance, m.cid);
      },
      [w, refused, later](const ffs::hot_pin& m) -> caf::result<ffs::hot_info> {
        if (refused() != errc::none)
          return to_caf(fail(refused()));
        if (w->silent)
          return later();
        if (!w->whole(m.cid) && !w->copy(m.cid, w->elsewhere))
          return to_caf(fail(errc::timeout, "The hot layer did not have it in time."));
        return w->keep(m.instance, m.cid);
      },
      [w, refused](const ffs::hot_check& m) -> caf::result<ffs::hot_info> {
        if (refused() != errc::none)
          return to_caf(fail(refused()));
        return ffs::hot_info{w->pinned(m.instance, m.cid) && w->whole(m.cid), 1, "fake", unix_ms{1}};
      },
      [w, refused](const ffs::hot_remove& m) -> caf::result<nothing> {
        if (refused() != errc::none)
          return to_caf(fail(refused()));
        w->pins[m.cid].erase(m.instance);
        return nothing{};
      },
      [w, refused](const ffs::hot_get& m) -> caf::result<ffs::hot_reading> {
        if (refused() != errc::none)
          return to_caf(fail(refused()));
        auto root = w->swapped.empty() ? m.cid : w->swapped;
        if (!w->whole(root) && !w->copy(root, w->elsewhere))
          return to_caf(fail(errc::timeout, "The hot layer did not give the first bytes in time."));
        auto number = static_cast<std::uint64_t>(++w->reads);
        w->open[number] = {w->car_of(root), 0};
        return ffs::hot_reading{number};
      },
      [w](const ffs::hot_next& m) -> caf::result<ffs::hot_part> {
        auto found = w->open.find(m.read);
        if (found == w->open.end())
          return to_caf(fail(errc::not_found, "There is no such reading."));
        auto& [car, at] = found->second;
        auto step = std::min<std::size_t>(car.size() - at, 64 << 10);
        auto from = car.begin() + static_cast<std::ptrdiff_t>(at);
        auto part = std::make_shared<const bytes>(from, from + static_cast<std::ptrdiff_t>(step));
        at += step;
        bool done = at == car.size();
        if (done)
          w->open.erase(found);
        return ffs::hot_part{part, done};
      },
      [w](const ffs::hot_close& m) { w->open.erase(m.read); },
  };
}

} // namespace weir::test
