#pragma once
// CAR version 1: a DAG-CBOR header {"roots": [CID…], "version": 1}, then
// frames of varint length, CID, block. https://ipld.io/specs/transport/car/carv1/
#include "messages/types/cid.hpp"

namespace weir {

/// The header as it stands at the front of a file, its length before it. Its
/// size depends on the sizes of the roots only, so that a writer that learns
/// its root last can leave the place free.
bytes car_header(const std::vector<cid>& roots);

/// The roots out of a header without its length. errc::malformed, or
/// errc::unsupported for another version.
result<std::vector<cid>> decode_car_header(bytes_view header);

/// Largest header that is read: far more roots than anyone writes.
inline constexpr std::size_t max_car_header = 1 << 20;

/// Bytes that a block takes in a CAR, and how many of them come before its own.
std::uint64_t car_frame_size(const cid& id, std::uint64_t block_size);
std::uint64_t car_frame_prefix_size(const cid& id, std::uint64_t block_size);

} // namespace weir
