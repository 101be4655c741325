#include "storage/hash/block_cid.hpp"

#include "storage/hash/digest.hpp"

#include <algorithm>

namespace weir {

result<cid> cid_of(const cid_format& format, bytes_view block) {
  if (format.version == 0) {
    if (format.codec != codec::dag_pb || format.hash != hash_code::sha2_256)
      return fail(errc::invalid_argument, "a CID of version 0 is always SHA-256 of dag-pb");
    return cid::v0(sha2_256(block));
  }
  WEIR_TRY(auto digest, digest_of(format.hash, block));
  return cid::v1(format.codec, format.hash, digest.view());
}

status verify_block(const cid& id, bytes_view block) {
  if (id.empty())
    return fail(errc::invalid_cid, "a block without a CID cannot be checked");
  auto expected = id.digest();
  if (id.hash_code() == hash_code::identity) {
    // Without digest_of: a block that is too long is damaged, not "too large".
    if (!std::equal(block.begin(), block.end(), expected.begin(), expected.end()))
      return fail(errc::corrupt, "block does not match its CID", id.text());
    return {};
  }
  WEIR_TRY(auto digest, digest_of(id.hash_code(), block));
  if (!std::equal(expected.begin(), expected.end(), digest.view().begin(), digest.view().end()))
    return fail(errc::corrupt, "block does not match its CID", id.text());
  return {};
}

} // namespace weir
