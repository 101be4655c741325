#include "actors/ffs/leftovers.hpp"

#include <algorithm>

namespace weir::ffs {

namespace {

bool among(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

result<transaction_builder> begin_hot(const records::reader& state, const instance_id& of, const job_id& id,
                                      const hot_layer_set& layers, job_moment at) {
  WEIR_TRY(auto t, note_job(state, of, id, {"Storing it hot.", job_step::hot}, at));
  WEIR_TRY(auto j, state.find<job>({of, id}));
  if (layers.all.size() < 2 || !j || j->value.state != job_state::in_progress)
    return t;
  WEIR_TRY(auto e, state.find<cid_entry>({of, j->value.cid}));
  bool known =
      !e || (e->value.hot.enabled && e->value.hot.layer == layers.mine) || among(e->value.hot_left, layers.mine);
  if (known)
    return t;
  auto after = e->value;
  after.hot_left.push_back(layers.mine);
  t.update(*e, after);
  return t;
}

std::vector<std::string> leftovers(const cid_entry& e, const hot_layer_set& layers,
                                   const std::vector<std::string>& without) {
  std::vector<std::string> found;
  for (auto& name : e.hot_left)
    if (layers.all.contains(name) && !among(without, name))
      found.push_back(name);
  return found;
}

result<transaction_builder> swept(const records::reader& state, const instance_id& of, const cid& id,
                                  const std::vector<std::string>& layers) {
  transaction_builder t;
  WEIR_TRY(auto e, state.find<cid_entry>({of, id}));
  if (!e)
    return t;
  auto after = e->value;
  if (std::erase_if(after.hot_left, [&](const std::string& name) { return among(layers, name); }) != 0)
    t.update(*e, after);
  return t;
}

} // namespace weir::ffs
