#pragma once
// Limits of contents that the operator can set.
#include <cstddef>
#include <cstdint>

namespace weir {

struct content_options {
  std::size_t uploads = 64;            ///< at once; more are errc::overloaded
  std::size_t open_files = 64;         ///< of one upload
  std::uint64_t max_size = 1ull << 50; ///< bytes of one content
  std::size_t max_name = 1024;         ///< bytes
  std::uint32_t max_copies = 100;
  std::uint64_t pack_after = 64 << 20;      ///< bytes of an upload that become loose blocks; the others go into packs
  std::uint64_t referred_at_once = 1 << 30; ///< bytes of a file that are read for one request; whole MiBs
  std::size_t reads = 256;                  ///< open reads at once
};

} // namespace weir
