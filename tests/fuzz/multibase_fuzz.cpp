#include "messages/types/multibase.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace weir;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto text = fuzz::text_of(data, size);
  if (auto decoded = multibase_decode(text))
    fuzz::require(multibase_encode(decoded->base, decoded->data) == text);
  for (auto base : {multibase::base16, multibase::base32, multibase::base32hex_upper, multibase::base36,
                    multibase::base58btc, multibase::base64, multibase::base64url}) {
    bytes_view plain{data, std::min<std::size_t>(size, 512)};
    auto back = base_decode(base, base_encode(base, plain));
    fuzz::require(back && *back == to_bytes(plain));
  }
  return 0;
}
