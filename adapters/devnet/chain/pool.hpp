#pragma once
// Messages that wait for the next epoch, with the rules of Lotus' pool: nonces
// without gaps at execution, replacement by a higher premium, funds for what
// is pending, 1,000 messages a sender.
#include "adapters/devnet/chain/ledger.hpp"
#include "storage/filecoin/message.hpp"

#include <map>

namespace weir::devnet {

inline constexpr std::size_t max_pending_per_sender = 1000;
inline constexpr std::size_t max_message_size = 64 * 1024;

class message_pool {
public:
  /// Errors carry Lotus' sentences (errc::chain_error; errc::precondition when the very same message is there).
  status add(const ledger& state, const chain_params& params, filecoin::signed_message m);
  /// What came back from a reverted tipset: no questions asked.
  void put_back(const ledger& state, filecoin::signed_message m);
  /// The next nonce of a sender, with what is pending.
  std::uint64_t next_nonce(const ledger& state, const address& sender) const;
  /// What can be executed now, in an order that `salt` decides between
  /// senders. Messages whose nonce has passed are dropped.
  std::vector<filecoin::signed_message> take(const ledger& state, std::uint64_t salt);
  bool empty() const { return waiting_.empty(); }
  std::vector<filecoin::signed_message> all() const;
  const filecoin::signed_message* find(const cid& c) const;

private:
  using queue = std::map<std::uint64_t, filecoin::signed_message>;
  std::map<address, queue> waiting_; // by key address of the sender
};

} // namespace weir::devnet
