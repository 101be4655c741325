#include "actors/pieces/piece_source.hpp"

#include "actors/pieces/builder.hpp"
#include "storage/hash/block_cid.hpp"
#include "storage/support/file.hpp"

#include <fcntl.h>

namespace weir {

status piece_source::read(const cid& id, bytes& out) {
  WEIR_TRY(auto places, index_.find(id));
  auto problem = block_not_found(id);
  for (auto& place : places) {
    if (place.length > max_block_size)
      continue;
    auto path = piece_path(folder_, place.piece);
    auto file = open_file(path, O_RDONLY);
    if (!file)
      continue;
    out.resize(place.length);
    auto got = read_at(file->get(), out, place.offset, path);
    if (got && *got == place.length && verify_block(id, out))
      return {};
    problem = fail(errc::corrupt, "The block is damaged in piece " + place.piece.text() + ".", id.text());
  }
  return problem;
}

} // namespace weir
