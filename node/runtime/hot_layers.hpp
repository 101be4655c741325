#pragma once
// The hot layers outside of the node that its configuration names: one loop
// thread for all of them, so that neither chain nor API waits for their bytes.
#include "messages/actors/ffs_layers.hpp"
#include "node/config/hot_layers.hpp"
#include "storage/records/store.hpp"

#include <caf/actor_system.hpp>

#include <map>
#include <memory>

namespace weir {

class hot_layers {
public:
  /// Reads the files with their credentials; nothing is asked of the layers yet,
  /// they may be down. Errors name the layer and the file, never what is in it.
  static result<std::unique_ptr<hot_layers>> open(caf::actor_system& system, const hot_layer_map& layers,
                                                  std::shared_ptr<records::record_store> records);
  ~hot_layers(); ///< stops

  /// By the names of the configuration; what the schedulers are wired to.
  const std::map<std::string, ffs::hot_layer_actor>& all() const;
  /// Who gives them the blocks of the node, once that is there.
  void read_from(const retriever_actor& retriever);
  void stop();

private:
  struct impl;
  explicit hot_layers(std::unique_ptr<impl> i);
  std::unique_ptr<impl> impl_;
};

} // namespace weir
