#pragma once
// Decides who may download which piece file: whoever shows the token of one of
// its deals that is still alive. Nothing of its own survives or needs to: the
// answer is in the records and in the folder.
#include "actors/support/domain.hpp"
#include "messages/actors/pieces.hpp"

#include <filesystem>

namespace weir {

piece_host_actor spawn_piece_host(caf::actor_system& system, domain d, std::filesystem::path folder);

} // namespace weir
