#pragma once
// The inner loops of commP and of leaf hashing, one implementation for each
// kind of processor, chosen at run time (filecoin.md 5.1, performance.md 2).
//
// A node of the tree is SHA-256 of 64 bytes with the two top bits of the last
// byte cleared. 127 bytes of payload (a *quad*) become four such leaves by
// fr32 padding.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace weir::commp {

inline constexpr std::size_t node_size = 32;
inline constexpr std::size_t quad_size = 127; ///< payload bytes of four leaves

/// A kernel computes the root of this many payload bytes at once: 16 lanes of
/// 64 quads; 4096 leaves.
inline constexpr std::size_t chunk_quads = 1024;
inline constexpr std::size_t chunk_size = chunk_quads * quad_size;

/// Most messages of `sha256_lanes`.
inline constexpr std::size_t lanes = 16;

struct kernel {
  /// "portable", "sha-ni", "sha-ni-avx", "sha-ni-avx512" or "avx-512".
  std::string_view name;
  /// out[32 i] = node of in[64 i]; `in` and `out` may be the same memory.
  void (*hash_nodes)(const std::uint8_t* in, std::uint8_t* out, std::size_t nodes);
  /// Root (32 bytes) of exactly `chunk_size` payload bytes.
  void (*hash_chunk)(const std::uint8_t* payload, std::uint8_t* root);
  /// Plain SHA-256 of 1 to `lanes` messages of the same size; digest l is at out + 32 l.
  void (*sha256_lanes)(const std::uint8_t* const* messages, std::size_t count, std::size_t size, std::uint8_t* out);
  /// From so many messages on `sha256_lanes` is faster than OpenSSL one by one
  /// (`sha2_256`); more than `lanes`: never.
  std::size_t worthwhile_lanes;
};

/// What this processor can run; the portable one is always there and first.
std::span<const kernel* const> available_kernels();

/// The fastest of them here: they are tried when this is first asked, which
/// takes a third of a millisecond. WEIR_KERNEL=name in the environment chooses
/// instead.
const kernel& best_kernel();

/// One quad: 127 bytes in, 128 bytes out.
void fr32_pad(const std::uint8_t* quad, std::uint8_t* leaves);
/// The inverse; the two top bits of each 32 bytes are ignored.
void fr32_unpad(const std::uint8_t* leaves, std::uint8_t* quad);

} // namespace weir::commp
