#include "storage/pieces/commp.hpp"

#include <algorithm>
#include <bit>

namespace weir {

namespace {

constexpr std::uint64_t chunk_padded = commp::chunk_quads * quad_padded;

/// Root of at most a chunk, filled to a power of two of quads.
commitment small_commitment(bytes payload) {
  commitment out;
  out.payload_size = payload.size();
  out.padded_size = piece_size_for(payload.size());
  auto quads = std::max<std::size_t>((payload.size() + quad_payload - 1) / quad_payload, 1);
  payload.resize(quads * quad_payload);
  bytes nodes((quads * 4 + 1) * commp::node_size); // one more for a zero on the right edge
  for (std::size_t i = 0; i < quads; ++i)
    commp::fr32_pad(payload.data() + i * quad_payload, nodes.data() + i * quad_padded);
  auto count = quads * 4;
  for (std::uint64_t size = commp::node_size; size < out.padded_size; size *= 2) {
    if (count % 2 != 0) {
      auto& zero = zero_root(size);
      std::copy(zero.begin(), zero.end(), nodes.begin() + static_cast<std::ptrdiff_t>(count * commp::node_size));
    }
    count = (count + 1) / 2;
    commp::best_kernel().hash_nodes(nodes.data(), nodes.data(), count);
  }
  std::copy_n(nodes.begin(), commp::node_size, out.root.begin());
  return out;
}

} // namespace

commitment extended_to(commitment c, std::uint64_t padded_size) {
  for (; c.padded_size < padded_size; c.padded_size *= 2)
    c.root = hash_nodes(c.root, zero_root(c.padded_size));
  return c;
}

void commp_stream::update(bytes_view payload) {
  size_ += payload.size();
  if (!partial_.empty()) {
    auto part = payload.first(std::min(payload.size(), commp::chunk_size - partial_.size()));
    partial_.insert(partial_.end(), part.begin(), part.end());
    payload = payload.subspan(part.size());
    if (partial_.size() < commp::chunk_size)
      return;
    push_chunk(partial_.data());
    partial_.clear();
  }
  for (; payload.size() >= commp::chunk_size; payload = payload.subspan(commp::chunk_size))
    push_chunk(payload.data());
  if (!payload.empty()) {
    partial_.reserve(commp::chunk_size);
    partial_.assign(payload.begin(), payload.end());
  }
}

void commp_stream::push_chunk(const std::uint8_t* payload) {
  if (keep_front_ && chunks_ == 0)
    front_.assign(payload, payload + commp::chunk_size);
  piece_node root;
  commp::best_kernel().hash_chunk(payload, root.data());
  push(root);
}

void commp_stream::push(const piece_node& node, std::size_t level) {
  auto merged = node;
  const auto added = std::uint64_t{1} << level;
  for (; chunks_ >> level & 1; ++level) {
    if (chunks_ >> level == 1) // the left one is that of the front
      right_of_front_[level] = merged;
    merged = hash_nodes(pending_[level], merged);
  }
  pending_[level] = merged;
  chunks_ += added;
}

void commp_stream::push_chunks(const piece_node& root, std::size_t count) {
  size_ += count * commp::chunk_size;
  push(root, static_cast<std::size_t>(std::countr_zero(count)));
}

void commp_stream::keep_front() {
  keep_front_ = true;
}

void commp_stream::replace_front(bytes_view front) {
  if (chunks_ == 0) {
    std::copy(front.begin(), front.end(), partial_.begin());
    return;
  }
  std::copy(front.begin(), front.end(), front_.begin());
  piece_node node;
  commp::best_kernel().hash_chunk(front_.data(), node.data());
  std::size_t level = 0;
  for (; chunks_ >> level != 1; ++level)
    node = hash_nodes(node, right_of_front_[level]);
  pending_[level] = node;
}

commitment commp_stream::finish() {
  commitment out;
  if (chunks_ == 0) {
    out = small_commitment(std::move(partial_));
  } else {
    if (!partial_.empty())
      push(extended_to(small_commitment(std::move(partial_)), chunk_padded).root);
    // From the lowest pending subtree up: what is to the right of it is zeros.
    auto level = static_cast<std::size_t>(std::countr_zero(chunks_));
    auto top = static_cast<std::size_t>(std::countr_zero(std::bit_ceil(chunks_)));
    out.root = pending_[level];
    for (bool first = true; level < top; ++level, first = false)
      out.root = !first && (chunks_ >> level & 1) ? hash_nodes(pending_[level], out.root)
                                                  : hash_nodes(out.root, zero_root(chunk_padded << level));
    out.padded_size = chunk_padded << top;
  }
  out.payload_size = size_;
  partial_.clear();
  size_ = chunks_ = 0;
  keep_front_ = false;
  front_ = {};
  return out;
}

piece_node commp_of_chunks(bytes_view payload) {
  constexpr std::size_t most = 64;
  std::uint8_t nodes[most * commp::node_size];
  const auto count = std::min(payload.size() / commp::chunk_size, most);
  for (std::size_t i = 0; i < count; ++i)
    commp::best_kernel().hash_chunk(payload.data() + i * commp::chunk_size, nodes + i * commp::node_size);
  for (auto left = count / 2; left >= 1; left /= 2)
    commp::best_kernel().hash_nodes(nodes, nodes, left);
  piece_node root;
  std::copy_n(nodes, commp::node_size, root.begin());
  return root;
}

commitment commp_of(bytes_view payload) {
  commp_stream stream;
  stream.update(payload);
  return stream.finish();
}

} // namespace weir
