#pragma once
// Figures of this process and its disk, as the kernel has them.
#include <cstdint>
#include <filesystem>

namespace weir {

/// Resident memory, bytes.
std::uint64_t resident_bytes();
/// What an ordinary user may still write on the disk of this folder.
std::uint64_t free_bytes(const std::filesystem::path& folder);

} // namespace weir
