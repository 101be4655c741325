#include "node/version.hpp"

namespace weir {

std::string_view version() {
  return WEIR_VERSION;
}

} // namespace weir
