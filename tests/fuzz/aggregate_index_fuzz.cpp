// The input as an index; then as a list of segments, whose index must read
// back as they are and whose proofs must hold.
#include "storage/pieces/aggregate.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

using namespace weir;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bytes_view in{data, size};
  for (std::uint64_t padded : {std::uint64_t{1} << 11, std::uint64_t{1} << 20, max_piece_size})
    for (const auto& s : parse_index(in, padded))
      fuzz::require(s.size > 0 && s.offset % s.size == 0);
  if (size >= index_entry_size) {
    std::array<std::uint8_t, index_entry_size> entry;
    std::copy_n(data, entry.size(), entry.begin());
    if (auto s = parse_index_entry(entry))
      fuzz::require(index_entry(*s) == entry);
  }

  std::vector<std::uint64_t> sizes;
  for (std::size_t i = 0; i < std::min<std::size_t>(size, 8); ++i)
    sizes.push_back(std::uint64_t{128} << data[i] % 12);
  auto layout = lay_out_aggregate(sizes);
  if (sizes.empty() || !layout)
    return 0;
  std::vector<data_segment> segments;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    segments.push_back({{}, layout->offsets[i], sizes[i]});
    segments.back().root[0] = data[i];
    segments.back().root[1] = static_cast<std::uint8_t>(i);
  }
  auto whole = aggregate::create(layout->padded_size, segments);
  fuzz::require(whole.ok());
  fuzz::require(parse_index(whole->index_bytes(), layout->padded_size) == whole->segments());
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const auto& s = whole->segments()[i];
    auto proved = verify_inclusion(whole->prove(i), s.root, s.size);
    fuzz::require(proved && proved->root == whole->root() && proved->padded_size == layout->padded_size);
  }
  return 0;
}
