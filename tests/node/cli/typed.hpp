#pragma once
// A command line, as a person types it, and what came of it.
#include "node/cli/context.hpp"

#include <sstream>

namespace weir::cli {

struct outcome {
  int status;
  std::string out, err;
};

inline outcome typed(std::vector<std::string> words) {
  std::ostringstream out, err;
  int status = run(std::move(words), out, err);
  return {status, out.str(), err.str()};
}

} // namespace weir::cli
