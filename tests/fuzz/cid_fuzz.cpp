#include "messages/types/cid.hpp"
#include "storage/hash/block_cid.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace weir;

namespace {

void use(const cid& c) {
  fuzz::require(!c.empty() && (c.version() == 0 || c.version() == 1));
  fuzz::require(c.digest().size() <= max_digest_size && c.multihash().size() <= c.data().size());
  for (auto base :
       {multibase::base16, multibase::base32, multibase::base36, multibase::base58btc, multibase::base64url})
    fuzz::require(*cid::parse(c.text(base)) == c);
  fuzz::require(*cid::from_bytes(c.data()) == c);
  (void)verify_block(c, c.digest());
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bytes_view in{data, size};
  if (auto c = cid::from_bytes(in)) {
    fuzz::require(to_bytes(c->data()) == to_bytes(in));
    use(*c);
  }
  while (auto c = cid::take(in))
    use(*c);
  auto text = fuzz::text_of(data, size);
  if (auto c = cid::parse(text))
    use(*c);
  return 0;
}
