// What vs_kubo.sh times: import_file SOURCE CAR makes the CAR and its piece
// CID in one pass with all processors, and prints root and piece CID.
#include "storage/import/tree_import.hpp"
#include "storage/pieces/piece_cid.hpp"

#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 3)
    return std::fprintf(stderr, "usage: import_file SOURCE CAR\n"), 2;
  auto made = weir::import_to_car(argv[1], argv[2]);
  if (!made)
    return std::fprintf(stderr, "%s\n", to_string(made.error()).c_str()), 1;
  std::printf("%s %s\n", made->root.text().c_str(), weir::piece_cid_v1(made->commp.root).text().c_str());
}
