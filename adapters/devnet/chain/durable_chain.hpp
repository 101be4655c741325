#pragma once
// The chain on disk: a log of what was done to it (message pushed, tipset
// made, reorg), replayed at the next start; the chain being deterministic,
// that is all there is to keep. Every entry has a length and a checksum; an
// entry that was cut short by a crash is dropped, anything else that does not
// fit is errc::corrupt. Entries that carry messages are synced before anybody
// hears of them.
#include "adapters/devnet/chain/chain_state.hpp"
#include "storage/support/file.hpp"

#include <filesystem>

namespace weir::devnet {

class durable_chain {
public:
  /// `folder` is made. A chain that is there must have the same parameters
  /// (errc::wrong_network otherwise); its own genesis time is kept.
  static result<std::unique_ptr<durable_chain>> open(const std::filesystem::path& folder, chain_params params);

  const chain_state& chain() const { return chain_; }
  const chain_state* operator->() const { return &chain_; }

  result<cid> push(filecoin::signed_message m);
  result<chain_changes> advance(epoch to, bool with_pool = true);
  result<chain_changes> reorg(std::size_t depth, reverted_messages what);

private:
  durable_chain(chain_params params, std::filesystem::path path) : chain_{std::move(params)}, path_{std::move(path)} {}
  status replay();
  status replay_entry(bytes_view entry);
  status write(bytes_view entry, bool sync);

  chain_state chain_;
  std::filesystem::path path_;
  file_descriptor file_;
  std::uint64_t size_ = 0;
  bool broken_ = false;
};

} // namespace weir::devnet
