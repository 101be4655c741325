#include "actors/content/adopt.hpp"

#include "storage/ipld/links.hpp"
#include "storage/unixfs/tree_reader.hpp"

namespace weir {

namespace {

/// Of what is no UnixFS: the bytes of its blocks.
std::uint64_t size_of(block_ledger& ledger, const cid& root, std::uint64_t dag_size) {
  unixfs::tree_reader tree{ledger.blocks()};
  auto info = tree.stat(root);
  return info && info->kind == unixfs::node_kind::file ? info->size : dag_size;
}

} // namespace

result<content> adopt(block_ledger& ledger, const content_id& id, const cid& root,
                      const std::function<status()>& go_on) {
  WEIR_CHECK(ledger.start_upload(id));
  held_sink sink{ledger, id};
  auto walked = for_each_block(root, ledger.blocks(), [&](const cid& at, bytes_view block) -> status {
    WEIR_CHECK(go_on());
    return sink.put(at, block);
  });
  if (walked)
    walked = sink.commit();
  if (!walked) {
    (void)ledger.release(id);
    (void)ledger.finish_upload(id);
    return walked.error();
  }
  content c;
  c.id = id;
  c.cid = root;
  c.dag_size = sink.size();
  c.blocks = sink.blocks();
  c.size = size_of(ledger, root, c.dag_size);
  c.files = 1;
  return c;
}

status adopted(block_ledger& ledger, const content_id& id) {
  return ledger.finish_upload(id);
}

} // namespace weir
