#include "actors/content/store_report.hpp"

#include "storage/ipld/links.hpp"
#include "storage/records/tables.hpp"

#include <algorithm>

namespace weir {

namespace {

constexpr std::size_t named_of_each = 1000;

status find_missing(block_store& blocks, const content& c, const store_check_options& o, store_report& out) {
  bytes block;
  std::size_t named = 0;
  auto open = [&](const cid& id, std::vector<cid>& links) -> status {
    if (o.go_on)
      WEIR_CHECK(o.go_on());
    bool leaf = id.codec() == codec::raw;
    if (leaf && blocks.has(id))
      return {};
    auto got = leaf ? status{block_not_found(id)} : static_cast<block_source&>(blocks).get(id, block);
    if (got)
      return links_of(id, block, links);
    if (got.error().code != errc::not_found && got.error().code != errc::corrupt)
      return got;
    if (named++ < named_of_each)
      out.missing.push_back({id, c.id, c.name});
    return {};
  };
  auto walked = walk_dag(c.cid, open);
  if (walked || walked.error().code == errc::cancelled || walked.error().code == errc::io)
    return walked;
  out.missing.push_back({c.cid, c.id, c.name});
  return {};
}

} // namespace

bool store_report::whole() const {
  return missing.empty() && blocks.unreadable.empty()
         && std::all_of(blocks.damaged.begin(), blocks.damaged.end(), [&](const cid& id) {
              return std::find(blocks.mended.begin(), blocks.mended.end(), id) != blocks.mended.end();
            });
}

result<store_report> check_whole_store(block_store& blocks, const records::reader& state,
                                       const store_check_options& o) {
  store_report out;
  WEIR_TRY(out.blocks, blocks.check_all(o));
  status failed;
  WEIR_CHECK(state.each<content>([&](const records::stored<content>& c) {
    if (failed && c.value.local && c.value.state != content_state::removed)
      failed = find_missing(blocks, c.value, o, out);
  }));
  WEIR_CHECK(failed);
  return out;
}

} // namespace weir
