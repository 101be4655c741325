#pragma once
// What the node itself hears of the chain: whether it answers. Loop thread only.
#include "adapters/loop/hosted.hpp"
#include "messages/actors/chain.hpp"

#include <memory>

namespace weir {

class chain_ear {
public:
  bool connected() const { return heard_ && problem_.code == errc::none; }
  const error& problem() const { return problem_; }
  void heads() { heard_ = true; }
  void health(error e) { problem_ = std::move(e); }

private:
  bool heard_ = false;
  error problem_{errc::none, {}, {}, {}};
};

/// Subscribes a hosted listener that fills the ear.
void listen_to_chain(loop::host& host, std::shared_ptr<chain_ear> ear, const chain_actor& chain);

} // namespace weir
