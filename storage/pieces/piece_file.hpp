#pragma once
// Piece files: exactly the unpadded bytes that a provider downloads. One
// segment is a plain piece; several are an FRC-0058 aggregate with its index.
// Written in one pass that also computes every commitment; memory is flat, and
// what is zero is a hole in the file where the file system can.
#include "messages/types/cid.hpp"
#include "storage/pieces/aggregate.hpp"

#include <filesystem>
#include <functional>

namespace weir {

/// Takes the next bytes; an error stops whoever produces them.
using byte_sink = std::function<status(bytes_view)>;

struct segment_source {
  std::uint64_t size = 0; ///< bytes that `produce` gives, known before
  /// Streams the bytes (a CAR). An error (stopping, an unreadable block) ends
  /// the whole and is returned.
  std::function<status(const byte_sink&)> produce;
};

struct piece_limits {
  std::uint64_t least = min_piece_size; ///< smaller ones are filled with zeros, padded bytes
  std::uint64_t most = max_piece_size;
};

struct written_segment {
  piece_node root{}; ///< of the segment at its own padded size
  std::uint64_t padded_size = 0;
  std::uint64_t offset = 0; ///< in the file, bytes
  std::uint64_t length = 0; ///< of its payload
};

struct written_piece {
  cid id; ///< piece CID version 1
  std::uint64_t padded_size = 0;
  std::uint64_t payload_size = 0;        ///< up to the end of the last segment's payload
  std::vector<written_segment> segments; ///< in the order of the sources
};

/// The padded size of a piece of such segments (unpadded bytes each), before
/// anything is written. errc::too_large, errc::invalid_argument.
result<std::uint64_t> planned_piece_size(std::span<const std::uint64_t> sizes, const piece_limits& limits);

/// Writes `path` anew; it is durable, but not its name: see `name_piece_file`.
/// On an error the file is removed. errc::changed when a source gives another
/// number of bytes than it said; errc::disk_full, errc::io; errc::too_large,
/// errc::invalid_argument as above.
result<written_piece> write_piece_file(const std::filesystem::path& path, std::span<const segment_source> sources,
                                       const piece_limits& limits = {});

/// Gives a finished file its final name, durably, as one step. Passes the
/// crash points `piece.written` and `piece.named`.
status name_piece_file(const std::filesystem::path& from, const std::filesystem::path& to);

/// Commitment of a file's bytes. `go_on` is asked between slices of 1 MiB; its
/// error (stopping) is returned.
result<commitment> commp_of_file(const std::filesystem::path& path, const std::function<status()>& go_on = {});

/// The segments that a piece file's index lists; none for a plain piece.
result<std::vector<data_segment>> read_piece_index(const std::filesystem::path& path, std::uint64_t padded_size);

} // namespace weir
