#pragma once
// The options of `ipfs add` that decide which CIDs come out, for the tools that
// work without a node.
#include "node/cli/options.hpp"
#include "storage/import/tree_import.hpp"

namespace weir::cli {

/// Entries for a command's table.
std::vector<option> import_option_table();

/// As `ipfs add` reads them, over a profile (unixfs-v1-2025 unless --profile
/// names another): --cid-version decides about raw leaves unless --raw-leaves
/// does, another hash than SHA-256 means version 1, and mode and time mean
/// leaves that are not raw. errc::usage.
result<tree_import_options> import_options_of(const parsed& given);

} // namespace weir::cli
