#pragma once
// Proves to anyone that a content lies in its pieces.
//
// in:  prove_content (API)
// out: one proof for each part, made from the piece files that are here
// Keeps the index of the piece that it was asked about last. Survives a
// restart: nothing.
#include "actors/support/domain.hpp"
#include "messages/actors/pieces.hpp"

#include <filesystem>

namespace weir {

piece_prover_actor spawn_piece_prover(caf::actor_system& system, domain d, std::filesystem::path folder);

} // namespace weir
