#include "storage/blocks/flatfs.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace weir;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto text = fuzz::text_of(data, size);
  if (auto multihash = flatfs_multihash(text))
    fuzz::require(flatfs_file_name(*multihash) == text);
  if (auto sharding = flatfs_sharding::parse(text)) {
    fuzz::require(*flatfs_sharding::parse(sharding->text()) == *sharding);
    fuzz::require(sharding->folder_of(text).size() == sharding->length);
  }
  for (auto how :
       {flatfs_sharding::function::prefix, flatfs_sharding::function::suffix, flatfs_sharding::function::next_to_last})
    for (std::size_t length : {1, 2, 16})
      fuzz::require(flatfs_sharding{how, length}.folder_of(text).size() == length);
  return 0;
}
