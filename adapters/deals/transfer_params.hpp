#pragma once
// What a provider needs to download a piece, the JSON in mk12's Transfer
// (filecoin.md 1.3): {"URL":"…","Headers":{"Authorization":"Bearer …"}}.
#include "messages/types/bytes.hpp"
#include "messages/types/result.hpp"

#include <map>
#include <string>

namespace weir::deals {

struct http_transfer {
  std::string url;
  std::map<std::string, std::string> fields;
};

bytes encode_http_transfer(const http_transfer& t);
/// errc::malformed; a null or missing "Headers" is none.
result<http_transfer> decode_http_transfer(bytes_view params);

} // namespace weir::deals
