#pragma once
// Commands that work on files alone: no node, no network.
#include "node/cli/context.hpp"

#include <vector>

namespace weir::cli {

std::vector<command> cid_commands();
std::vector<command> car_create_commands();
std::vector<command> car_commands();
std::vector<command> piece_commands();

} // namespace weir::cli
