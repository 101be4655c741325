#pragma once
// What the commands of FFS share.
#include "node/cli/commands/shared.hpp"

namespace weir::cli {

/// --instance, of every command that is about one.
extern const option instance_option;
/// Of --instance, else that of the token.
std::string instance_path(context& c);
/// Of the CID that is the first argument.
std::string cid_path(context& c);

/// --watch, of a command that makes a job.
extern const option follow_option;
/// The job's log as it is written, until the job has ended; its end is the exit status.
int follow_job(context& c, const std::string& id);
/// The answer of a call that makes a job: the job, which is followed if that was asked for.
int show_job(context& c, const result<json::value>& made);

std::vector<command> ffs_cid_commands();
std::vector<command> ffs_config_commands();
std::vector<command> ffs_job_commands();
std::vector<command> ffs_webhook_commands();

} // namespace weir::cli
