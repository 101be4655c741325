#pragma once
// Secret keys at rest: one file per key, mode 0600, named by its address,
// written durably. A file that others can read, or whose key is not that of
// its name, is refused. One process at a time uses the folder (the lock of the
// data folder sees to it).
#include "storage/filecoin/keys.hpp"

#include <filesystem>
#include <vector>

namespace weir::filecoin {

class keystore {
public:
  /// Makes the folder (mode 0700) when it is missing.
  static result<keystore> open(const std::filesystem::path& folder);

  /// Durable when it returns; fine when the key is there already.
  status add(const secret_key& key);
  /// errc::not_found, errc::precondition (readable by others), errc::corrupt.
  result<secret_key> load(const address& of) const;
  /// Addresses of all keys, in their order.
  result<std::vector<address>> list() const;

private:
  explicit keystore(std::filesystem::path folder) : folder_{std::move(folder)} {}
  std::filesystem::path path_of(const address& a) const;

  std::filesystem::path folder_;
};

} // namespace weir::filecoin
