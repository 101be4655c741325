#pragma once
// Completion scripts for the shells, from the table of commands.
#include "node/cli/options.hpp"

namespace weir::cli {

/// errc::usage for a shell other than bash, zsh and fish.
result<std::string> completion_script(std::string_view shell, std::span<const command> commands);

} // namespace weir::cli
