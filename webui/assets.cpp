#include "webui/assets.hpp"

#include <algorithm>

namespace weir::webui {

const asset* find_asset(std::string_view path) {
  if (path == "/")
    path = "/index.html";
  auto all = assets();
  auto i =
      std::lower_bound(all.begin(), all.end(), path, [](const asset& a, std::string_view p) { return a.path < p; });
  return i != all.end() && i->path == path ? &*i : nullptr;
}

std::string_view cache_control(const asset& a) {
  return a.immutable ? "public, max-age=31536000, immutable" : "no-cache";
}

} // namespace weir::webui
