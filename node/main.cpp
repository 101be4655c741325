#include "node/cli/context.hpp"

#include <iostream>

int main(int count, char** words) {
  return weir::cli::run({words + 1, words + count}, std::cout, std::cerr);
}
