#include "node/cli/commands/shared.hpp"
#include "node/cli/tools/tools.hpp"

namespace weir::cli {

std::span<const command> commands() {
  static const std::vector<command> all = [] {
    std::vector<command> out;
    for (auto part : {process_commands,     add_commands,    content_commands, get_commands,        dag_commands,
                      bucket_commands,      place_commands,  watch_commands,   wallet_commands,     token_commands,
                      ffs_commands,         devnet_commands, cid_commands,     car_create_commands, car_commands,
                      car_extract_commands, piece_commands,  proof_commands,   offline_commands,    key_commands,
                      store_commands,       pin_commands,    shell_commands})
      for (auto& c : part())
        out.push_back(std::move(c));
    return out;
  }();
  return all;
}

} // namespace weir::cli
