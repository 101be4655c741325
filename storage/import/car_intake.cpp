#include "storage/import/car_intake.hpp"

#include "storage/ipld/links.hpp"
#include "storage/unixfs/tree_reader.hpp"

#include <algorithm>
#include <cstring>
#include <map>

namespace weir {

namespace {

struct counted {
  std::uint64_t files = 0, size = 0;
};

/// Files and bytes of a tree. What stands at several places is looked at once,
/// so that a few folders that name each other often are no endless work.
class tree_count {
public:
  explicit tree_count(block_source& blocks) : tree_{blocks} {}

  result<counted> below(const cid& id, std::size_t depth = 0) {
    if (auto known = known_.find(id); known != known_.end())
      return known->second;
    if (depth > limits_.depth)
      return fail(errc::too_large, "the tree has too many folders in folders", id.text(),
                  std::to_string(limits_.depth));
    WEIR_TRY(auto info, tree_.stat(id));
    counted all;
    if (info.kind == unixfs::node_kind::file)
      all = {1, info.size};
    if (info.kind == unixfs::node_kind::directory)
      WEIR_CHECK(tree_.list(id, [&](const unixfs::directory_link& link) -> status {
        WEIR_TRY(auto child, below(link.id, depth + 1));
        return add(all, child);
      }));
    known_.emplace(id, all);
    return all;
  }

private:
  status add(counted& to, const counted& more) const {
    if (__builtin_add_overflow(to.size, more.size, &to.size) || (to.files += more.files) > limits_.entries)
      return fail(errc::too_large, "the tree has too many files, or too large ones", {},
                  std::to_string(limits_.entries));
    return {};
  }

  unixfs::tree_reader tree_;
  unixfs::tree_limits limits_;
  std::map<cid, counted> known_;
};

} // namespace

car_intake::key car_intake::key_of(const cid& id) {
  std::uint64_t parts[2] = {};
  auto digest = id.digest();
  std::memcpy(parts, digest.data(), std::min(digest.size(), sizeof parts));
  return {parts[0], parts[1]};
}

car_intake::car_intake(block_sink& sink)
    : parser_{[this, &sink](const cid& id, bytes_view block, const car_position&) -> status {
        if (id.hash_code() != hash_code::identity)
          seen_.insert(key_of(id));
        return sink.put(id, block);
      }} {}

status car_intake::feed(bytes_view data) {
  return parser_.feed(data);
}

/// Every block of the DAG came in this CAR: what only others hold may go with them.
status car_intake::measure(block_source& blocks, taken_car& out) const {
  bytes block;
  return walk_dag(out.root, [&](const cid& id, std::vector<cid>& links) -> status {
    const bool inside = id.hash_code() == hash_code::identity;
    if (!inside && !seen_.contains(key_of(id)))
      return fail(errc::malformed, "The CAR does not have this block of its DAG.", id.text());
    WEIR_CHECK(blocks.get(id, block));
    out.blocks += inside ? 0 : 1;
    out.dag_size += inside ? 0 : block.size();
    return links_of(id, block, links);
  });
}

result<taken_car> car_intake::finish(block_source& blocks) {
  WEIR_CHECK(parser_.finish());
  if (!parser_.roots() || parser_.roots()->size() != 1)
    return fail(errc::malformed, "A content has one root, this CAR has another number of them.",
                std::to_string(parser_.roots() ? parser_.roots()->size() : 0), "1");
  taken_car out;
  out.root = parser_.roots()->front();
  WEIR_CHECK(measure(blocks, out));
  WEIR_TRY(auto all, tree_count{blocks}.below(out.root));
  out.files = all.files;
  out.size = all.size;
  return out;
}

} // namespace weir
