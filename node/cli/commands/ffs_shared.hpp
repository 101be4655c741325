#pragma once
// What the commands of FFS share.
#include "node/cli/commands/shared.hpp"

namespace weir::cli {

/// Of --instance, else that of the token.
std::string instance_path(context& c);

std::vector<command> ffs_job_commands();
std::vector<command> ffs_webhook_commands();

} // namespace weir::cli
