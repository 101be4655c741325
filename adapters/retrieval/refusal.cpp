#include "adapters/retrieval/refusal.hpp"

#include "messages/types/result.hpp"

namespace weir::retrieval {

error refused_range(int http_status, const std::string& url) {
  auto value = "HTTP status " + std::to_string(http_status) + " of " + url;
  if (http_status == 404 || http_status == 410)
    return fail(errc::not_found, "the host does not have it", value);
  if (http_status == 401 || http_status == 403)
    return fail(errc::unauthenticated, "the host does not give it", value);
  if (http_status == 429 || http_status >= 500)
    return fail(errc::unreachable, "the host cannot answer now", value);
  return fail(errc::protocol, "the host does not answer with the range that was asked for", value);
}

} // namespace weir::retrieval
