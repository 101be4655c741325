#pragma once
// Packs contents into piece files: CAR and commP in one pass.
//
// in:  the contents of a bucket (bucket_processor)
// out: piece files named by their CID, the local index of their blocks, and
//      the records that the asker commits
// Survives a restart: files and index. A file without a record is written
// again by the next try, with the same bytes and name; where that makes another
// piece of them, the dropper takes it away. Until the asker has committed the
// answer's claims keep the files, also from a drop of the same piece that was
// needed no longer.
#include "actors/pieces/block_index.hpp"
#include "actors/pieces/plan.hpp"
#include "actors/pieces/shelf.hpp"
#include "actors/support/domain.hpp"
#include "messages/actors/pieces.hpp"

namespace weir {

/// Long, synchronous. Errors name the content (value): errc::not_found or
/// errc::corrupt for a block that is missing or damaged; errc::disk_full,
/// errc::cancelled when the node stops.
class piece_packer {
public:
  piece_packer(piece_shelf& shelf, block_index& index, const domain& d)
      : shelf_{shelf}, blocks_{shelf.blocks()}, index_{index}, domain_{d} {}

  result<built_pieces> pack(const build_pieces& order, const piece_options& options);

private:
  result<content_blocks> list(const content& c);
  status pack_piece(const planned_piece& plan, const build_pieces& order, const piece_options& options,
                    built_pieces& out);
  status write_segment(const planned_segment& s, const std::function<status(bytes_view)>& sink);
  status go_on() const;

  piece_shelf& shelf_;
  block_source& blocks_;
  block_index& index_;
  const domain& domain_;
};

piece_builder_actor spawn_piece_builder(caf::actor_system& system, domain d, std::shared_ptr<piece_shelf> shelf,
                                        piece_options options, std::function<std::uint64_t()> least_piece);

} // namespace weir
