// What vs_kubo.sh times against go-fil-commp-hashhash: commp_file CAR prints
// the piece CID of a file, read from its start to its end by one thread.
#include "storage/pieces/piece_cid.hpp"
#include "storage/pieces/piece_file.hpp"

#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 2)
    return std::fprintf(stderr, "usage: commp_file CAR\n"), 2;
  auto made = weir::commp_of_file(argv[1]);
  if (!made)
    return std::fprintf(stderr, "%s\n", to_string(made.error()).c_str()), 1;
  std::printf("%s\n", weir::piece_cid_v1(made->root).text().c_str());
}
