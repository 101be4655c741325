#pragma once
// What a simulated provider remembers of its deals: one file each, written
// durably at every step, so that it goes on after a crash where it was.
#include "storage/filecoin/message.hpp"
#include "storage/filecoin/mk12.hpp"

#include <filesystem>
#include <map>

namespace weir::devnet {

enum class deal_step : std::uint8_t {
  accepted,   ///< to be downloaded
  verified,   ///< bytes are here and have the right commP; to be published
  publishing, ///< the publish message is signed and sent
  sealing,    ///< on chain with an id
  activating, ///< the message that proves the sector is signed and sent
  active,
  ended, ///< paid and over, or terminated
  failed,
};
std::string_view to_string(deal_step s);
inline bool is_over(deal_step s) {
  return s == deal_step::ended || s == deal_step::failed;
}

struct provider_deal {
  filecoin::mk12::deal_params params;
  deal_step step = deal_step::accepted;
  std::string problem;              ///< why it failed
  filecoin::signed_message message; ///< the last one sent for it; shared by the deals of a batch
  cid message_cid;                  ///< empty: none
  cid publish_cid;
  std::uint64_t deal_id = 0;
  std::uint64_t sector = 0;
  epoch since = no_epoch; ///< of the step, by the chain

  const filecoin::deal_proposal& proposal() const { return params.proposal.proposal; }
};

class deal_book {
public:
  /// Reads what is there; a file that does not parse is errc::corrupt.
  static result<deal_book> open(const std::filesystem::path& folder);

  std::map<filecoin::mk12::uuid, provider_deal>& deals() { return deals_; }
  const std::map<filecoin::mk12::uuid, provider_deal>& deals() const { return deals_; }
  provider_deal* find(const filecoin::mk12::uuid& id);
  /// Durable when it returns.
  status save(const provider_deal& d) const;
  /// A new one, saved.
  result<provider_deal*> add(provider_deal d);

private:
  std::filesystem::path folder_;
  std::map<filecoin::mk12::uuid, provider_deal> deals_;
};

} // namespace weir::devnet
