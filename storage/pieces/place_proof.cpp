#include "storage/pieces/place_proof.hpp"

#include "storage/blocks/memory_blocks.hpp"
#include "storage/hash/block_cid.hpp"
#include "storage/ipld/links.hpp"
#include "storage/pieces/commp.hpp"

#include <algorithm>

namespace weir {

namespace {

error not_proved(const char* why) {
  return fail(errc::invalid_argument, std::string{"the proof of its place does not hold: "} + why);
}

/// Four leaves out of 127 bytes, hashed up to the quad's node.
piece_node quad_node(const std::uint8_t* quad) {
  std::array<std::uint8_t, quad_padded> leaves;
  commp::fr32_pad(quad, leaves.data());
  piece_node out;
  commp::best_kernel().hash_nodes(leaves.data(), leaves.data(), 2);
  commp::best_kernel().hash_nodes(leaves.data(), out.data(), 1);
  return out;
}

/// The shown bytes that begin before `end` and end behind `begin`.
const shown_bytes* first_shown(const std::vector<shown_bytes>& shown, std::uint64_t begin, std::uint64_t end) {
  auto at = std::partition_point(shown.begin(), shown.end(),
                                 [&](const shown_bytes& s) { return s.offset + s.data.size() <= begin; });
  return at != shown.end() && at->offset < end ? &*at : nullptr;
}

struct prover {
  bytes_view car;
  const std::vector<shown_bytes>& shown;
  std::vector<piece_node>& nodes;

  void walk(std::uint64_t offset, std::uint64_t padded) {
    auto begin = unpadded_size_of(offset), end = unpadded_size_of(offset + padded);
    if (!first_shown(shown, begin, end)) {
      auto from = std::min<std::uint64_t>(begin, car.size()), to = std::min<std::uint64_t>(end, car.size());
      nodes.push_back(from == to ? zero_root(padded)
                                 : extended_to(commp_of(car.subspan(from, to - from)), padded).root);
    } else if (padded > quad_padded) {
      walk(offset, padded / 2);
      walk(offset + padded / 2, padded / 2);
    }
  }
};

struct verifier {
  const place_proof& proof;
  std::size_t used = 0;

  result<piece_node> walk(std::uint64_t offset, std::uint64_t padded) {
    auto begin = unpadded_size_of(offset), end = unpadded_size_of(offset + padded);
    auto* found = first_shown(proof.shown, begin, end);
    if (!found) {
      if (used == proof.nodes.size())
        return not_proved("nodes of its tree are missing");
      return proof.nodes[used++];
    }
    if (padded == quad_padded)
      return quad_node(found->data.data() + (begin - found->offset));
    WEIR_TRY(auto left, walk(offset, padded / 2));
    WEIR_TRY(auto right, walk(offset + padded / 2, padded / 2));
    return hash_nodes(left, right);
  }
};

bool lies_in(const placed_block& b, std::uint64_t end) {
  return b.length > 0 && b.offset < end && b.length <= end - b.offset;
}

/// The quads of all blocks, joined where they meet.
result<std::vector<shown_bytes>> quads_of(bytes_view car, std::uint64_t end, std::vector<placed_block> blocks) {
  std::sort(blocks.begin(), blocks.end(), [](auto& a, auto& b) { return a.offset < b.offset; });
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
  std::uint64_t sum = 0;
  for (auto& b : blocks) {
    if (!lies_in(b, car.size()))
      return fail(errc::invalid_argument, "a block does not lie in the segment", b.id.text());
    auto from = b.offset / quad_payload * quad_payload;
    auto to = std::min(end, (b.offset + b.length + quad_payload - 1) / quad_payload * quad_payload);
    if (!ranges.empty() && from <= ranges.back().second)
      ranges.back().second = std::max(ranges.back().second, to);
    else
      ranges.emplace_back(from, to);
  }
  std::vector<shown_bytes> out;
  for (auto [from, to] : ranges) {
    if ((sum += to - from) > max_shown_bytes)
      return fail(errc::too_large, "a proof would show too many bytes", std::to_string(sum),
                  std::to_string(max_shown_bytes));
    auto data = to_bytes(car.subspan(from, std::min<std::uint64_t>(to, car.size()) - from));
    data.resize(to - from);
    out.push_back({from, std::move(data)});
  }
  return out;
}

status check_shape(const place_proof& proof, std::uint64_t end) {
  std::uint64_t last = 0, sum = 0;
  for (auto& s : proof.shown) {
    if (s.data.empty() || s.data.size() % quad_payload != 0 || s.offset % quad_payload != 0)
      return not_proved("it does not show whole quads");
    if (s.offset >= end || s.data.size() > end - s.offset || (&s != proof.shown.data() && s.offset <= last))
      return not_proved("what it shows overlaps, or is outside of the segment");
    last = s.offset + s.data.size();
    if ((sum += s.data.size()) > max_shown_bytes)
      return not_proved("it shows too much");
  }
  return proof.blocks.empty() ? status{not_proved("it names no block")} : status{};
}

} // namespace

result<place_proof> prove_places(bytes_view car, std::uint64_t padded_size, std::vector<placed_block> blocks) {
  if (!valid_piece_size(padded_size) || car.size() > unpadded_size_of(padded_size) || blocks.empty())
    return fail(errc::invalid_argument, "a place is proved of blocks in a segment", std::to_string(padded_size));
  place_proof out;
  WEIR_TRY(out.shown, quads_of(car, unpadded_size_of(padded_size), blocks));
  prover{car, out.shown, out.nodes}.walk(0, padded_size);
  out.blocks = std::move(blocks);
  return out;
}

result<bool> verify_places(const place_proof& proof, const piece_node& segment_root, std::uint64_t segment_size) {
  if (!valid_piece_size(segment_size))
    return not_proved("the segment is not a piece");
  WEIR_CHECK(check_shape(proof, unpadded_size_of(segment_size)));
  verifier tree{proof};
  WEIR_TRY(auto root, tree.walk(0, segment_size));
  if (tree.used != proof.nodes.size() || root != segment_root)
    return not_proved("it leads to another root");
  memory_blocks blocks;
  for (auto& b : proof.blocks) {
    if (!lies_in(b, unpadded_size_of(segment_size)))
      return not_proved("a block lies outside of the segment");
    auto* found = first_shown(proof.shown, b.offset, b.offset + 1);
    if (!found || b.length > found->offset + found->data.size() - b.offset)
      return not_proved("a block is not shown");
    auto data = bytes_view{found->data}.subspan(b.offset - found->offset, b.length);
    WEIR_CHECK(verify_block(b.id, data));
    WEIR_CHECK(blocks.put(b.id, data));
  }
  auto whole = for_each_block(proof.blocks[0].id, blocks, [](const cid&, bytes_view) { return status{}; });
  if (!whole && whole.error().code != errc::not_found && whole.error().code != errc::unsupported)
    return whole.error();
  return whole.ok();
}

} // namespace weir
