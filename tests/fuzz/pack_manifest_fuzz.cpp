#include "storage/blocks/pack_manifest.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace weir;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto manifest = decode_pack_manifest(fuzz::text_of(data, size));
  if (!manifest)
    return 0;
  auto once = encode(*manifest);
  fuzz::require(once && *decode_pack_manifest(*once) == *manifest);
  return 0;
}
