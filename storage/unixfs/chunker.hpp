#pragma once
// Where a file is cut into leaves: after so many bytes, or where its content
// says so (rabin, buzhash), so that an insertion moves few cuts. Bit for bit
// what Kubo does. https://github.com/ipfs/boxo/tree/main/chunker
#include "messages/types/bytes.hpp"
#include "messages/types/result.hpp"

#include <memory>
#include <optional>

namespace weir::unixfs {

/// Room for the protobuf around a chunk in a leaf.
inline constexpr std::size_t leaf_overhead = 256;

/// How `ipfs add --chunker` says it: "size-262144", "rabin", "rabin-32768",
/// "rabin-16384-32768-65536" (least, average, most), "buzhash".
struct chunking {
  enum class method : std::uint8_t { size, rabin, buzhash };
  method how = method::size;
  std::size_t most = 1 << 20; ///< bytes of the largest chunk; of each, when `how` is size
  std::size_t least = 0;      ///< bytes, the others only
  std::size_t average = 0;    ///< bytes, rabin only

  /// errc::malformed for what does not parse, errc::invalid_argument as `check`.
  static result<chunking> parse(std::string_view text);
  static chunking fixed(std::size_t size) { return {.most = size}; }
  /// Least is a third of the average, most is one and a half of it.
  static chunking rabin(std::size_t average);
  static chunking buzhash();
  std::string text() const;

  friend bool operator==(const chunking&, const chunking&) = default;
};

/// errc::invalid_argument: sizes of 1 byte to 2 MiB less 256 bytes; rabin wants
/// 16 <= least < average < most.
status check(const chunking& c);

/// Cuts one stream. For one thread.
class chunker {
public:
  virtual ~chunker() = default;
  /// `data` continues the chunk that is open. How many of its bytes still
  /// belong to it, when it ends there; the next byte then starts a new chunk.
  virtual std::optional<std::size_t> next_cut(bytes_view data) = 0;
};

std::unique_ptr<chunker> make_chunker(const chunking& c);

} // namespace weir::unixfs
