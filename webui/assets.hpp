#pragma once
// The built dashboard inside the binary. The bytes are compressed as they go
// over the wire (Content-Encoding: gzip). The dashboard's own addresses are
// fragments (`/#/contents/7`), so that no path of an API is taken by a page.
#include <cstdint>
#include <span>
#include <string_view>

namespace weir::webui {

struct asset {
  std::string_view path;             ///< "/index.html", "/assets/main-UFLSAH7X.js"
  std::string_view mime;             ///< value of Content-Type
  std::string_view etag;             ///< with its quotes; of the uncompressed bytes
  std::span<const unsigned char> gz; ///< gzip bytes
  std::uint64_t size = 0;            ///< bytes when uncompressed
  bool immutable = false;            ///< its name has its hash: may be cached for ever
};

/// All assets, ordered by path.
std::span<const asset> assets();

/// The asset for the path of a request ("/" is the page); nullptr when there is none.
const asset* find_asset(std::string_view path);

/// Value of Cache-Control for an asset.
std::string_view cache_control(const asset& a);

/// Value of the Content-Security-Policy header that every asset is sent with:
/// nothing leaves the node, nothing inline runs, nobody frames the page.
/// `blob:` is for images that the page itself fetched as attachments.
inline constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

} // namespace weir::webui
