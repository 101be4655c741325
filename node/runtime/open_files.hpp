#pragma once
// How many files and connections the process may have open.
namespace weir {

/// As many as the system lets it: the usual soft limit of 1,024 is for programs
/// that use select(2), and tables of the record store (200), packs and a
/// thousand watchers together are more. Where it cannot be raised it stays.
void allow_open_files();

} // namespace weir
