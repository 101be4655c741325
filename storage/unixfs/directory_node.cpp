#include "storage/unixfs/directory_node.hpp"

#include "storage/ipld/dag_pb.hpp"
#include "storage/unixfs/murmur3.hpp"

#include <algorithm>
#include <bit>

namespace weir::unixfs {

std::size_t hamt_prefix_size(std::size_t fanout) {
  std::size_t digits = 1;
  for (auto highest = fanout - 1; highest > 0xf; highest >>= 4)
    ++digits;
  return digits;
}

hamt_path::hamt_path(std::string_view name, std::size_t fanout) : hamt_path{murmur3_64(as_bytes(name)), fanout} {}

hamt_path::hamt_path(std::uint64_t hash, std::size_t fanout)
    : hash_{hash}, bits_{static_cast<unsigned>(std::countr_zero(fanout))} {}

std::optional<std::size_t> hamt_path::next() {
  if (left_ < bits_)
    return std::nullopt;
  left_ -= bits_;
  return hash_ >> left_ & ((1u << bits_) - 1);
}

namespace {

std::uint64_t sum_of_sizes(const std::vector<directory_entry>& entries) {
  std::uint64_t size = 0;
  for (const auto& e : entries)
    size += e.node.file_size;
  return size;
}

bytes directory_message(const attributes& attr) {
  return encode({.type = data_type::directory, .attr = attr});
}

bool needs_shards(const profile& p, const std::vector<directory_entry>& entries, const attributes& attr) {
  if (p.directory_links > 0 && entries.size() > p.directory_links)
    return true;
  const bool whole_block = p.measure == directory_measure::block;
  std::uint64_t measured = 0;
  if (whole_block) {
    bytes end;
    put_pb_data(end, directory_message(attr));
    measured = end.size();
  }
  for (const auto& e : entries) {
    auto id_size = e.node.id.data().size();
    measured += whole_block ? pb_link_size(id_size, e.name.size(), e.node.dag_size) : id_size + e.name.size();
    if (measured > p.shard_threshold)
      return true;
  }
  return false;
}

result<child> put_flat(node_writer& writer, std::vector<directory_entry>& entries, const attributes& attr) {
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  bytes block;
  std::uint64_t below = 0;
  for (const auto& e : entries) {
    put_pb_link(block, e.node.id, e.name, e.node.dag_size);
    below += e.node.dag_size;
  }
  put_pb_data(block, directory_message(attr));
  if (block.size() > max_block_size)
    return fail(errc::too_large, "a folder does not fit in one block and the profile does not shard it",
                std::to_string(block.size()), std::to_string(max_block_size));
  return writer.put_node(block, below, sum_of_sizes(entries));
}

/// An entry of the folder with the hash of its name.
struct hashed {
  std::uint64_t hash;
  const directory_entry* entry;
};

class shard_writer {
public:
  shard_writer(node_writer& writer, const attributes& attr)
      : writer_{writer}, attr_{attr}, fanout_{writer.settings().hamt_fanout},
        bits_{static_cast<unsigned>(std::countr_zero(fanout_))}, prefix_size_{hamt_prefix_size(fanout_)} {}

  /// `range` is sorted by hash, and equal in the bits above this level.
  result<child> put(std::span<const hashed> range, unsigned level) {
    if ((level + 1) * bits_ > 64)
      return fail(errc::too_large, "too many names of a folder have the same hash", range.front().entry->name);
    const auto shift = 64 - (level + 1) * bits_;
    bytes links, field(fanout_ / 8, 0);
    std::uint64_t below = 0, size = 0;
    while (!range.empty()) {
      auto slot = slot_of(range.front().hash, shift);
      std::size_t count = 1;
      while (count < range.size() && slot_of(range[count].hash, shift) == slot)
        ++count;
      WEIR_TRY(auto c, put_slot(links, slot, range.first(count), level));
      field[field.size() - 1 - slot / 8] |= static_cast<std::uint8_t>(1u << slot % 8);
      below += c.dag_size;
      size += c.file_size;
      range = range.subspan(count);
    }
    put_pb_data(links, message(field, level));
    return writer_.put_node(links, below, size);
  }

private:
  std::size_t slot_of(std::uint64_t hash, unsigned shift) const { return hash >> shift & (fanout_ - 1); }

  /// A lone entry is a link by itself; several are a shard below.
  result<child> put_slot(bytes& links, std::size_t slot, std::span<const hashed> range, unsigned level) {
    auto name = prefix(slot);
    child c;
    if (range.size() == 1) {
      c = range.front().entry->node;
      name += range.front().entry->name;
    } else {
      WEIR_TRY(c, put(range, level + 1));
    }
    put_pb_link(links, c.id, name, c.dag_size);
    return c;
  }

  std::string prefix(std::size_t slot) const {
    std::string text(prefix_size_, '0');
    for (auto it = text.rbegin(); it != text.rend(); ++it, slot >>= 4)
      *it = "0123456789ABCDEF"[slot & 0xf];
    return text;
  }

  bytes message(const bytes& field, unsigned level) const {
    auto first = std::find_if(field.begin(), field.end(), [](auto byte) { return byte != 0; });
    data d{.type = data_type::hamt_shard, .hash_type = murmur3_x64_64, .fanout = fanout_};
    d.content.emplace(first, field.end());
    if (level == 0)
      d.attr = attr_;
    return encode(d);
  }

  node_writer& writer_;
  const attributes& attr_;
  std::size_t fanout_;
  unsigned bits_;
  std::size_t prefix_size_;
};

result<child> put_sharded(node_writer& writer, const std::vector<directory_entry>& entries, const attributes& attr) {
  std::vector<hashed> order;
  order.reserve(entries.size());
  for (const auto& e : entries)
    order.push_back({murmur3_64(as_bytes(e.name)), &e});
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.hash < b.hash; });
  return shard_writer{writer, attr}.put(order, 0);
}

} // namespace

result<child> put_directory(node_writer& writer, std::vector<directory_entry>& entries, const attributes& attr) {
  if (needs_shards(writer.settings(), entries, attr))
    return put_sharded(writer, entries, attr);
  return put_flat(writer, entries, attr);
}

} // namespace weir::unixfs
