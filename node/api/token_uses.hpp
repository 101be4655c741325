#pragma once
// When each access token was used last, to the minute: whoever looks after
// tokens sees which of them nobody needs. Kept in a local table, so that it
// survives a restart, and never more than one write a minute and token.
// Thread-safe: both APIs note.
#include "storage/records/store.hpp"

#include <map>
#include <mutex>

namespace weir::api {

class token_uses {
public:
  explicit token_uses(std::shared_ptr<records::record_store> records) : records_{std::move(records)} {}

  /// Of a token that was found valid; nothing for the operator, who has none.
  void note(const std::string& hash, unix_ms now);
  /// 0: never.
  unix_ms last(const std::string& hash) const;

private:
  std::shared_ptr<records::record_store> records_;
  std::mutex mutex_;
  std::map<std::string, unix_ms> written_; ///< of this run; as many as there are tokens
};

} // namespace weir::api
