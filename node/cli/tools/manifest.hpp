#pragma once
// A manifest of CAR files: what a storage provider and its client agree on
// when the bytes travel on their own. Two forms with the same facts:
//
//   CSV    payload_cid,filename,piece_cid,payload_size,piece_size
//          (RFC 4180 with a header; the first columns of go-graphsplit's manifest.csv. Read by
//          the names in the header, in any order; columns of other names are passed over.)
//   lines  {"file":…,"payloadCid":…,"pieceCid":…,"carSize":…,"pieceSize":…}, one object each
//
// Sizes are bytes: of the CAR file, and of the padded piece.
#include "messages/types/cid.hpp"
#include "messages/types/result.hpp"

#include <functional>

namespace weir::cli {

struct manifest_entry {
  std::string file; ///< below the manifest's folder, or absolute
  cid payload;      ///< root of the CAR
  cid piece;        ///< version 1
  std::uint64_t car_size = 0;
  std::uint64_t piece_size = 0;
};

std::string csv_head();
/// errc::invalid_path for a name with control characters, which no line can hold.
result<std::string> csv_line(const manifest_entry& e);
std::string json_line(const manifest_entry& e);

/// Of a file, or "-". errc::malformed names the line; errc::io. Nothing in it is malformed, too.
status each_entry(const std::string& path, const std::function<status(const manifest_entry&)>& take);

} // namespace weir::cli
