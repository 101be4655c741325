#include "storage/pieces/piece_prover.hpp"

#include "storage/car/car_parser.hpp"
#include "storage/hash/block_cid.hpp"
#include "storage/ipld/links.hpp"
#include "storage/pieces/piece_cid.hpp"
#include "storage/pieces/piece_file.hpp"
#include "storage/support/file.hpp"

#include <algorithm>
#include <unordered_map>

#include <fcntl.h>

namespace weir {

namespace fs = std::filesystem;

namespace {

/// The blocks of a CAR in memory.
class car_bytes : public block_source {
public:
  static result<car_bytes> read(bytes_view car) {
    car_bytes out{car};
    auto note = [&](const cid& id, bytes_view block, const car_position& where) {
      out.places_.try_emplace(key(id), placed_block{id, where.offset, block.size()});
      return status{};
    };
    car_parser parser{note, {.verify = false}};
    WEIR_CHECK(parser.feed(car));
    WEIR_CHECK(parser.finish());
    return out;
  }

  /// Where the bytes are; under the CID by which they are linked.
  std::optional<placed_block> find(const cid& id) const {
    auto found = places_.find(key(id));
    if (found == places_.end())
      return std::nullopt;
    return placed_block{id, found->second.offset, found->second.length};
  }

private:
  explicit car_bytes(bytes_view car) : car_{car} {}
  static std::string key(const cid& id) { return std::string{as_text(id.multihash())}; }

  status read(const cid& id, bytes& out) override {
    auto at = find(id);
    if (!at)
      return block_not_found(id);
    auto data = car_.subspan(at->offset, at->length);
    WEIR_CHECK(verify_block(id, data));
    out.assign(data.begin(), data.end());
    return {};
  }

  bytes_view car_;
  std::unordered_map<std::string, placed_block> places_;
};

/// All blocks below `root` when they are few bytes, else the root's alone.
result<std::vector<placed_block>> blocks_to_show(car_bytes& car, const cid& root) {
  std::vector<placed_block> all;
  std::uint64_t sum = 0;
  auto walked = for_each_block(root, car, [&](const cid& id, bytes_view block) -> status {
    auto at = car.find(id);
    if (at)
      all.push_back(*at);
    sum += block.size();
    return sum > shown_whole_below ? status{fail(errc::too_large)} : status{};
  });
  if (walked)
    return all;
  // A part of a split content links to blocks that are in other parts.
  bool only_more = walked.error().code == errc::too_large || walked.error().code == errc::not_found;
  if (!only_more || all.empty() || all[0].id != root)
    return walked.error();
  all.resize(1);
  return all;
}

result<place_proof> prove_in_car(bytes_view car, std::uint64_t padded_size, const cid& root) {
  WEIR_TRY(auto blocks, car_bytes::read(car));
  WEIR_TRY(auto shown, blocks_to_show(blocks, root));
  return prove_places(car, padded_size, std::move(shown));
}

} // namespace

result<piece_prover> piece_prover::open(fs::path file, const cid& piece, std::uint64_t padded_size,
                                        std::uint32_t segments) {
  piece_prover out;
  WEIR_TRY(auto root, piece_root(piece));
  out.piece_ = piece_cid_v1(root);
  out.padded_size_ = padded_size;
  std::error_code wrong;
  if (!fs::exists(file, wrong))
    return fail(errc::not_found, "The file of this piece is not here.", piece.text());
  if (segments > 1) {
    WEIR_TRY(auto found, read_piece_index(file, padded_size));
    WEIR_TRY(auto whole, aggregate::create(padded_size, std::move(found)));
    if (whole.root() != root)
      return fail(errc::corrupt, "The index in this piece's file does not lead to its CID.", piece.text());
    out.whole_ = std::make_shared<const aggregate>(std::move(whole));
  }
  out.file_ = std::move(file);
  return out;
}

status piece_prover::prove_segment(std::uint64_t offset, content_proof& out) const {
  if (!whole_) {
    WEIR_TRY(auto root, piece_root(piece_));
    out.segment = {root, 0, padded_size_};
    return offset == 0 ? status{} : status{fail(errc::corrupt, "This piece has one segment only.", piece_.text())};
  }
  auto& all = whole_->segments();
  auto at = std::find_if(all.begin(), all.end(), [&](auto& s) { return unpadded_size_of(s.offset) == offset; });
  if (at == all.end())
    return fail(errc::corrupt, "The index of this piece does not have the segment.", piece_.text());
  auto proof = whole_->prove(static_cast<std::size_t>(at - all.begin()));
  out.segment = *at;
  out.subtree = std::move(proof.subtree);
  out.entry = std::move(proof.entry);
  return {};
}

result<content_proof> piece_prover::prove(std::uint64_t offset, std::uint64_t length, const cid& root) const {
  content_proof out;
  out.piece = piece_;
  out.piece_size = padded_size_;
  out.root = root;
  WEIR_CHECK(prove_segment(offset, out));
  if (length > max_searched_segment)
    return out;
  WEIR_TRY(auto fd, open_file(file_, O_RDONLY));
  bytes car(length);
  WEIR_TRY(auto got, read_at(fd.get(), car, offset, file_));
  if (got != length)
    return fail(errc::corrupt, "The piece's file is shorter than its piece.", piece_.text());
  WEIR_TRY(out.place, prove_in_car(car, out.segment.size, root));
  return out;
}

result<proved_content> verify(const content_proof& proof) {
  WEIR_TRY(auto wanted, piece_root(proof.piece));
  auto& s = proof.segment;
  if (proof.entry) {
    WEIR_TRY(auto proved, verify_inclusion({proof.subtree, *proof.entry}, s.root, s.size));
    if (proved.root != wanted || proved.padded_size != proof.piece_size)
      return fail(errc::invalid_argument, "The proof holds for another piece.", piece_cid_v1(proved.root).text(),
                  proof.piece.text());
    if (s.offset != proof.subtree.index * s.size)
      return fail(errc::invalid_argument, "The segment does not lie where the proof says.", std::to_string(s.offset));
  } else if (s.root != wanted || s.offset != 0 || s.size != proof.piece_size || proof.subtree != tree_proof{}) {
    return fail(errc::invalid_argument, "The proof has no index entry, and its segment is not the whole piece.",
                proof.piece.text());
  }
  proved_content out{piece_cid_v1(wanted), false, false};
  if (!proof.place)
    return out;
  if (proof.place->blocks.empty() || proof.place->blocks[0].id != proof.root)
    return fail(errc::invalid_argument, "The place that is proved is not that of the content.", proof.root.text());
  WEIR_TRY(out.whole, verify_places(*proof.place, s.root, s.size));
  out.placed = true;
  return out;
}

} // namespace weir
