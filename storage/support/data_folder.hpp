#pragma once
// The folder that holds everything a node has: one process at a time, one
// format version, one network for ever.
//
//   lock      held with flock(2) while the node runs; says who holds it
//   version   format of the folder as a decimal number
//   network   name of the network that its deals belong to, once known
//   records/ blocks/ pieces/ uploads/ devnet/ keys/   (keys: mode 0700)
//
// Errors: errc::data_in_use, errc::data_too_new, errc::wrong_network,
// errc::precondition (a folder that has things in it which are not Weir's),
// errc::corrupt, errc::disk_full, errc::io.
#include "messages/types/result.hpp"
#include "storage/support/file.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace weir {

class data_folder {
public:
  /// What this program writes; it reads this and what is older.
  static constexpr std::uint32_t format_version = 1;

  /// Opens `root`, made with what is missing, and locks it until destruction.
  static result<data_folder> open(const std::filesystem::path& root);

  /// Empty until `belong_to` was called for the first time, in any run.
  const std::string& network() const { return network_; }
  /// The first name is kept for ever; another one is errc::wrong_network.
  status belong_to(std::string_view network);

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path records() const { return root_ / "records"; }
  std::filesystem::path blocks() const { return root_ / "blocks"; }
  std::filesystem::path pieces() const { return root_ / "pieces"; }
  std::filesystem::path uploads() const { return root_ / "uploads"; }
  std::filesystem::path devnet() const { return root_ / "devnet"; }
  std::filesystem::path keys() const { return root_ / "keys"; }

private:
  data_folder(std::filesystem::path root, file_descriptor lock) : root_{std::move(root)}, lock_{std::move(lock)} {}
  status check_version();
  status make_subfolders();
  status read_network();

  std::filesystem::path root_;
  file_descriptor lock_;
  std::string network_;
};

} // namespace weir
