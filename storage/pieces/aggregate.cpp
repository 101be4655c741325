#include "storage/pieces/aggregate.hpp"

#include <algorithm>
#include <bit>

namespace weir {

namespace {

error bad_aggregate(const char* why, std::uint64_t value) {
  return fail(errc::invalid_argument, std::string{"not an aggregate: "} + why, std::to_string(value));
}

constexpr std::size_t many_leaves = 16;

/// Offsets are below 2^36, and sizes are powers of two.
std::uint64_t key_of(std::uint64_t offset, std::uint64_t size) {
  return offset | static_cast<std::uint64_t>(std::countr_zero(size)) << 40;
}

piece_node hash_entry(const data_segment& s) {
  auto entry = index_entry(s);
  piece_node left, right;
  std::copy_n(entry.begin(), left.size(), left.begin());
  std::copy_n(entry.begin() + left.size(), right.size(), right.begin());
  return hash_nodes(left, right);
}

piece_node walk(const tree_proof& proof, piece_node node) {
  auto index = proof.index;
  for (auto& sibling : proof.path) {
    node = index & 1 ? hash_nodes(sibling, node) : hash_nodes(node, sibling);
    index >>= 1;
  }
  return node;
}

error not_proved(const char* why) {
  return fail(errc::invalid_argument, std::string{"the inclusion proof does not hold: "} + why);
}

} // namespace

result<aggregate> aggregate::create(std::uint64_t padded_size, std::vector<data_segment> segments) {
  if (!valid_piece_size(padded_size))
    return bad_aggregate("no piece has this size", padded_size);
  if (segments.size() > index_capacity(padded_size))
    return bad_aggregate("it has more segments than its index has entries", segments.size());
  std::sort(segments.begin(), segments.end(), [](auto& a, auto& b) { return a.offset < b.offset; });
  std::uint64_t end = 0;
  auto limit = index_offset(padded_size);
  for (auto& s : segments) {
    if (!valid_piece_size(s.size) || s.offset % s.size != 0)
      return bad_aggregate("a segment is not aligned to its size", s.offset);
    if (s.offset < end || s.offset > limit || s.size > limit - s.offset)
      return bad_aggregate("a segment overlaps another one or the index", s.offset);
    end = s.offset + s.size;
  }
  aggregate out;
  out.padded_size_ = padded_size;
  for (auto& s : segments)
    out.leaves_.push_back({s.offset, s.size, s.root});
  for (std::size_t i = 0; i < segments.size(); ++i)
    out.leaves_.push_back({limit + i * index_entry_size, index_entry_size, hash_entry(segments[i])});
  out.segments_ = std::move(segments);
  out.remember(0, padded_size);
  return out;
}

piece_node aggregate::root() const {
  return subtree(0, padded_size_);
}

std::span<const aggregate::leaf> aggregate::leaves_in(std::uint64_t offset, std::uint64_t size) const {
  auto before = [](const leaf& l, std::uint64_t at) { return l.offset < at; };
  auto first = std::lower_bound(leaves_.begin(), leaves_.end(), offset, before);
  return {first, std::lower_bound(first, leaves_.end(), offset + size, before)};
}

/// Fills `known_` from the leaves up.
piece_node aggregate::remember(std::uint64_t offset, std::uint64_t size) {
  auto leaves = leaves_in(offset, size);
  if (leaves.size() < many_leaves)
    return subtree(offset, size);
  auto left = remember(offset, size / 2);
  auto node = hash_nodes(left, remember(offset + size / 2, size / 2));
  known_.emplace(key_of(offset, size), node);
  return node;
}

piece_node aggregate::subtree(std::uint64_t offset, std::uint64_t size) const {
  auto leaves = leaves_in(offset, size);
  if (leaves.empty())
    return zero_root(size);
  if (leaves[0].offset == offset && leaves[0].size == size)
    return leaves[0].root;
  if (leaves.size() >= many_leaves)
    if (auto found = known_.find(key_of(offset, size)); found != known_.end())
      return found->second;
  return hash_nodes(subtree(offset, size / 2), subtree(offset + size / 2, size / 2));
}

tree_proof aggregate::prove_node(std::uint64_t offset, std::uint64_t size) const {
  tree_proof out{offset / size, {}};
  for (; size < padded_size_; size *= 2) {
    out.path.push_back(subtree(offset ^ size, size));
    offset &= ~size;
  }
  return out;
}

inclusion_proof aggregate::prove(std::size_t number) const {
  auto& s = segments_[number];
  return {prove_node(s.offset, s.size),
          prove_node(index_offset(padded_size_) + number * index_entry_size, index_entry_size)};
}

bytes aggregate::index_bytes() const {
  bytes padded;
  for (auto& s : segments_) {
    auto entry = index_entry(s);
    padded.insert(padded.end(), entry.begin(), entry.end());
  }
  padded.resize((padded.size() + quad_padded - 1) / quad_padded * quad_padded);
  bytes out(unpadded_size_of(padded.size()));
  for (std::size_t i = 0; i < padded.size() / quad_padded; ++i)
    commp::fr32_unpad(padded.data() + i * quad_padded, out.data() + i * quad_payload);
  return out;
}

result<proved_aggregate> verify_inclusion(const inclusion_proof& proof, const piece_node& segment_root,
                                          std::uint64_t segment_size) {
  constexpr std::size_t max_path = 40;
  if (!valid_piece_size(segment_size) || (segment_root[31] & 0xc0) != 0)
    return not_proved("the segment is not a piece");
  if (proof.subtree.path.size() > max_path || proof.entry.path.size() > max_path)
    return not_proved("a path is too long");
  auto size = segment_size << proof.subtree.path.size();
  if (size > max_piece_size || size != index_entry_size << proof.entry.path.size())
    return not_proved("its two paths are of trees of different sizes");
  if (proof.subtree.index >> proof.subtree.path.size() != 0 || proof.entry.index >> proof.entry.path.size() != 0)
    return not_proved("a node lies outside of its tree");
  if (proof.entry.index < index_offset(size) / index_entry_size)
    return not_proved("the entry does not lie in the index");
  auto root = walk(proof.subtree, segment_root);
  data_segment claimed{segment_root, proof.subtree.index * segment_size, segment_size};
  if (walk(proof.entry, hash_entry(claimed)) != root)
    return not_proved("its two paths lead to different roots");
  return proved_aggregate{root, size};
}

} // namespace weir
