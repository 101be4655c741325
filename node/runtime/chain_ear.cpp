#include "node/runtime/chain_ear.hpp"

#include <spdlog/spdlog.h>

namespace weir {

namespace {

constexpr std::chrono::seconds subscribe_time{30};

chain_listener::behavior_type listener(chain_listener::pointer self, std::shared_ptr<chain_ear> ear,
                                       chain_actor chain) {
  self->request(chain, subscribe_time, atom::subscribe_v, caf::actor_cast<chain_listener>(self))
      .then([](nothing) {}, [ear](const caf::error& e) { ear->health(from_caf(e)); });
  return {[ear](const head_changes&) { ear->heads(); },
          [ear](const chain_health& h) {
            ear->health(h.problem);
            if (h.problem.code != errc::none)
              spdlog::warn("chain: {}", to_string(h.problem));
          }};
}

} // namespace

void listen_to_chain(loop::host& host, std::shared_ptr<chain_ear> ear, const chain_actor& chain) {
  host.spawn(listener, std::move(ear), chain);
}

} // namespace weir
