#pragma once
// A whole node: data folder → records → actors → adapters → listeners, and
// back in the opposite order. The only place that knows everything.
#include "node/config/options.hpp"

#include <map>
#include <memory>
#include <string>

namespace weir {

class runtime {
public:
  /// Everything runs when it returns. Errors name what to change: a port or a
  /// folder in use, a folder of another network or a newer version, a full disk.
  static result<std::unique_ptr<runtime>> start(node_options options);
  ~runtime(); ///< stops

  /// Ordered, within two seconds; what is committed stays, what runs is resumed at the next start.
  void stop();

  /// URLs of "api", "gateway", "pieces", and of a devnet "devnet" and "rpc".
  std::map<std::string, std::string> addresses() const;
  /// Where a first start put the admin's token; empty otherwise.
  std::string admin_token_file() const;

private:
  struct impl;
  explicit runtime(std::unique_ptr<impl> i);
  std::unique_ptr<impl> impl_;
};

} // namespace weir
