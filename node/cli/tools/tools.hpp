#pragma once
// Commands that work on files alone: no node, no network (but `piece prove`,
// which asks a node for what is no file).
#include "node/cli/context.hpp"

#include <vector>

namespace weir::cli {

std::vector<command> cid_commands();
std::vector<command> car_create_commands();
std::vector<command> car_commands();
std::vector<command> car_extract_commands();
std::vector<command> piece_commands();
std::vector<command> store_commands();
std::vector<command> proof_commands();
std::vector<command> offline_commands();
std::vector<command> key_commands();

} // namespace weir::cli
