// Actor events (FIP-0083).
#include "adapters/devnet/rpc/methods.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace weir::devnet::rpc {

namespace {

constexpr std::size_t max_events = 10'000;
constexpr epoch_delta max_range = 2880 * 30;

std::vector<bytes> read_values(const json& list) {
  std::vector<bytes> values;
  for (auto& v : list)
    values.push_back(read_base64(v.at("value")));
  return values;
}

} // namespace

bool event_filter::matches(const actor_event& e) const {
  if (!emitters.empty() && std::find(emitters.begin(), emitters.end(), e.emitter) == emitters.end())
    return false;
  return std::all_of(fields.begin(), fields.end(), [&](auto& wanted) {
    return std::any_of(e.entries.begin(), e.entries.end(), [&](auto& entry) {
      return entry.key == wanted.first
             && std::find(wanted.second.begin(), wanted.second.end(), entry.value) != wanted.second.end();
    });
  });
}

event_filter read_filter(context& c, const json& j) {
  event_filter f;
  f.from = std::max(epoch{0}, c.node.head()->height() - c.node.chain().params().finality);
  f.to = epoch{INT64_MAX};
  if (j.is_null())
    return f;
  for (auto& a : j.value("addresses", json::array()))
    f.emitters.push_back(need_actor(c.node.state(), read_address(a)));
  auto fields = j.value("fields", json::object());
  for (auto& [key, values] : fields.items())
    f.fields[key] = read_values(values);
  if (auto key = j.value("tipsetKey", json{}); !key.is_null()) {
    f.from = f.to = tipset_of(c, key)->height();
    return f;
  }
  if (auto from = j.value("fromHeight", json{}); !from.is_null())
    f.from = read_epoch(from);
  if (auto to = j.value("toHeight", json{}); !to.is_null() && read_epoch(to) >= epoch{0})
    f.to = read_epoch(to);
  if (f.to != epoch{INT64_MAX} && f.to - f.from > max_range)
    throw rpc_failure{-32005, "invalid epoch range: to height is more than " + std::to_string(max_range)
                                  + " epochs after from height"};
  return f;
}

json collect_events(context& c, const event_filter& filter) {
  auto list = json::array();
  for (auto& t : c.node.chain().between(filter.from, std::min(filter.to, c.node.head()->height())))
    for (auto& e : t->events)
      if (filter.matches(e)) {
        if (list.size() == max_events)
          throw rpc_failure{1, "filter matches too many events, try a more restricted filter"};
        list.push_back(show(e, *t, false));
      }
  return list;
}

void add_event_methods(method_table& table) {
  table["GetActorEventsRaw"] = {1, [](context& c, const json& p) { return collect_events(c, read_filter(c, p[0])); }};
}

} // namespace weir::devnet::rpc
