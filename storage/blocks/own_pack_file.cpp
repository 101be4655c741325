#include "storage/blocks/own_pack_file.hpp"

namespace weir {

result<std::unique_ptr<own_pack_file>> own_pack_file::create(const std::filesystem::path& file, const cid& root) {
  WEIR_TRY(auto out, new_file::create(file));
  std::unique_ptr<own_pack_file> made{new own_pack_file{std::move(out)}};
  WEIR_CHECK(made->car_.start({root}));
  return made;
}

} // namespace weir
