#include "storage/blocks/block_io.hpp"

namespace weir {

status block_source::get(const cid& id, bytes& out) {
  if (id.empty())
    return fail(errc::invalid_cid, "a block cannot be read without a CID");
  if (id.hash_code() != hash_code::identity)
    return read(id, out);
  auto digest = id.digest();
  out.assign(digest.begin(), digest.end());
  return {};
}

result<bytes> block_source::get(const cid& id) {
  bytes out;
  WEIR_CHECK(get(id, out));
  return out;
}

result<std::uint64_t> block_source::size_of(const cid& id) {
  if (id.empty())
    return fail(errc::invalid_cid, "a block cannot be measured without a CID");
  if (id.hash_code() == hash_code::identity)
    return std::uint64_t{id.digest().size()};
  return measure(id);
}

result<std::uint64_t> block_source::measure(const cid& id) {
  WEIR_TRY(auto block, get(id));
  return std::uint64_t{block.size()};
}

status block_sink::put(const cid& id, bytes_view block) {
  if (id.empty())
    return fail(errc::invalid_cid, "a block cannot be stored without a CID");
  if (block.size() > max_block_size)
    return fail(errc::too_large, "block is too large", id.text(), std::to_string(max_block_size));
  if (id.hash_code() == hash_code::identity)
    return {};
  return write(id, block);
}

error block_not_found(const cid& id) {
  return fail(errc::not_found, "block is not here", id.text());
}

} // namespace weir
