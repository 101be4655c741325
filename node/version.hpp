#pragma once
// The version of this Weir, from CMake's project().
#include <string_view>

namespace weir {

std::string_view version();

} // namespace weir
