#pragma once
// Packs contents into piece files: CAR and commP in one pass.
//
// in:  the contents of a bucket (bucket_processor)
// out: piece files named by their CID, the local index of their blocks, and
//      the records that the asker commits
// Survives a restart: files and index. A file without a record is written
// again by the next try, with the same bytes and name.
#include "actors/pieces/block_index.hpp"
#include "actors/pieces/plan.hpp"
#include "actors/support/domain.hpp"
#include "messages/actors/pieces.hpp"
#include "storage/blocks/block_store.hpp"

#include <filesystem>

namespace weir {

/// pieces/<cid>.piece
std::filesystem::path piece_path(const std::filesystem::path& folder, const cid& piece);

/// Long, synchronous. Errors name the content (value): errc::not_found or
/// errc::corrupt for a block that is missing or damaged; errc::disk_full,
/// errc::cancelled when the node stops.
class piece_packer {
public:
  piece_packer(block_source& blocks, block_index& index, std::filesystem::path folder, const domain& d)
      : blocks_{blocks}, index_{index}, folder_{std::move(folder)}, domain_{d} {}

  result<built_pieces> pack(const build_pieces& order, const piece_options& options);

private:
  result<content_blocks> list(const content& c);
  status pack_piece(const planned_piece& plan, const build_pieces& order, const piece_options& options,
                    built_pieces& out);
  status write_segment(const planned_segment& s, const std::function<status(bytes_view)>& sink);
  status go_on() const;

  block_source& blocks_;
  block_index& index_;
  std::filesystem::path folder_;
  const domain& domain_;
};

piece_builder_actor spawn_piece_builder(caf::actor_system& system, domain d, std::shared_ptr<block_store> blocks,
                                        std::filesystem::path folder, piece_options options,
                                        std::function<std::uint64_t()> least_piece);

} // namespace weir
