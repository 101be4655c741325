#include "storage/ipld/links.hpp"

#include "storage/hash/digest.hpp"
#include "storage/ipld/dag_cbor.hpp"
#include "storage/ipld/dag_pb.hpp"

#include <cstring>
#include <unordered_set>

namespace weir {

status links_of(const cid& id, bytes_view block, std::vector<cid>& out) {
  switch (id.codec()) {
  case codec::raw:
    return {};
  case codec::dag_pb: {
    auto node = decode_dag_pb(block);
    if (!node) {
      node.error().value = id.text();
      return node.error();
    }
    for (auto& link : node->links)
      out.push_back(std::move(link.hash));
    return {};
  }
  case codec::dag_cbor: {
    auto read = ipld::dag_cbor_links(block, [&](const cid& link) { out.push_back(link); });
    return read ? read : fail(errc::malformed, read.error().message, id.text());
  }
  default:
    return fail(errc::unsupported, "Weir does not know the links of this codec", id.text());
  }
}

namespace {

/// Remembers CIDs by 16 bytes of their digest and their codec: to forge an
/// equal pair is as hard as half of SHA-256.
class cid_set {
public:
  /// Was it new?
  bool insert(const cid& id) { return seen_.insert(key_of(id)).second; }
  std::size_t size() const { return seen_.size(); }

private:
  using key = std::pair<std::uint64_t, std::uint64_t>;
  struct key_hash {
    std::size_t operator()(const key& k) const { return k.first ^ k.second; }
  };

  static key key_of(const cid& id) {
    std::uint64_t parts[2];
    if (id.hash_code() == hash_code::sha2_256) {
      std::memcpy(parts, id.digest().data(), sizeof parts);
      return {parts[0] ^ id.codec(), parts[1]};
    }
    auto digest = sha2_256(id.data());
    std::memcpy(parts, digest.data(), sizeof parts);
    return {parts[0], parts[1]};
  }

  std::unordered_set<key, key_hash> seen_;
};

/// The children of one block that are still to be visited.
struct level {
  std::vector<cid> links;
  std::size_t next = 0;
};

} // namespace

struct dag_walk::state {
  cid root;
  walk_limits limits;
  cid_set seen;
  std::vector<level> way;
  std::size_t pending = 1;
  bool found = false; ///< `id` is to be opened
  cid id;
};

dag_walk::dag_walk(const cid& root, const walk_limits& limits) : state_{std::make_unique<state>()} {
  state_->root = root;
  state_->limits = limits;
  state_->way.push_back({{root}, 0});
}

dag_walk::~dag_walk() = default;
dag_walk::dag_walk(dag_walk&&) noexcept = default;

const cid* dag_walk::next() {
  auto& s = *state_;
  while (!s.found && !s.way.empty()) {
    auto& here = s.way.back();
    if (here.next == here.links.size()) {
      s.pending -= here.links.size();
      s.way.pop_back();
      continue;
    }
    s.id = here.links[here.next++];
    s.found = s.seen.insert(s.id);
  }
  return s.found ? &s.id : nullptr;
}

status dag_walk::opened(std::vector<cid> links) {
  auto& s = *state_;
  s.found = false;
  if (s.seen.size() > s.limits.blocks)
    return fail(errc::too_large, "the DAG has too many blocks", s.root.text(), std::to_string(s.limits.blocks));
  if (links.empty())
    return {};
  s.pending += links.size();
  if (s.way.size() > s.limits.depth || s.pending > s.limits.pending)
    return fail(errc::too_large, "the DAG is too deep and wide", s.root.text(),
                std::to_string(s.limits.depth) + " links down, " + std::to_string(s.limits.pending) + " links open");
  s.way.push_back({std::move(links), 0});
  return {};
}

std::uint64_t dag_walk::blocks() const {
  return state_->seen.size() - (state_->found ? 1 : 0);
}

status walk_dag(const cid& root, const std::function<status(const cid&, std::vector<cid>& links)>& open,
                const walk_limits& limits) {
  dag_walk walk{root, limits};
  while (const auto* id = walk.next()) {
    std::vector<cid> links;
    WEIR_CHECK(open(*id, links));
    WEIR_CHECK(walk.opened(std::move(links)));
  }
  return {};
}

status for_each_block(const cid& root, block_source& source, const std::function<status(const cid&, bytes_view)>& visit,
                      const walk_limits& limits) {
  bytes block;
  auto open = [&](const cid& id, std::vector<cid>& links) -> status {
    WEIR_CHECK(source.get(id, block));
    WEIR_CHECK(visit(id, block));
    return links_of(id, block, links);
  };
  return walk_dag(root, open, limits);
}

} // namespace weir
