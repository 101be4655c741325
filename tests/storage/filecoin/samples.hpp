#pragma once
// The key, deal and message that the published byte samples were made with.
#include "storage/filecoin/address_text.hpp"
#include "storage/filecoin/keys.hpp"

#include <numeric>

namespace weir::filecoin::sample {

inline bytes unhex(std::string_view text) {
  return from_hex(text).value();
}

/// Secret 0102…1f20.
inline secret_key key() {
  std::array<std::uint8_t, secret_key::size> secret;
  std::iota(secret.begin(), secret.end(), std::uint8_t{1});
  return *secret_key::from_bytes(secret);
}

inline deal_proposal proposal() {
  deal_proposal p;
  p.piece = *cid::parse("baga6ea4seaqes3nobte6ezpp4wqan2age2s5yxcatzotcvobhgcmv5wi2xh5mbi");
  p.padded_size = 512;
  p.client = *parse_address("f1q4lfq4ndghuwprws3pwcvt7obmenyxw3sig2wca");
  p.provider = address::from_id(1000);
  p.label = {"bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi", true};
  p.start = epoch{6000000};
  p.end = epoch{6518400};
  p.price_per_epoch = token_amount{1000000000};
  p.provider_collateral = token_amount{1234567890123456789};
  return p;
}

inline constexpr std::string_view proposal_hex =
    "8bd82a5828000181e203922020496dae0cc9e265efe5a006e80626a5dc5c409e5d3155c13984caf6c8d5cfd605190200f4550187165871a331"
    "e9"
    "67c6d2dbec2acfee0b08dc5edb4300e807783b62616679626569676479727a74357366703775646d37687537367568377932366e6633656675"
    "79"
    "6c71616266336f636c67747179353566627a64691a005b8d801a0063768045003b9aca004900112210f47de9811540";

inline constexpr std::string_view proposal_signature_hex = "56f81b33de96974e2c57a5f554fd5cbbf8a5aed4d4400b3508a5f9a330e"
                                                           "fab362f1780f88b9ddba81c4d49d9834205e28fe3c63c233613a6f7d0"
                                                           "1f088736467a01";

/// AddBalance of 1 FIL, nonce 7.
inline message add_balance() {
  message m;
  m.to = address::from_id(5);
  m.from = key().address();
  m.nonce = 7;
  m.value = token_amount{1000000000000000000};
  m.gas_limit = 5000000;
  m.gas_fee_cap = token_amount{200000};
  m.gas_premium = token_amount{100000};
  m.method = 2;
  m.params = unhex("550187165871a331e967c6d2dbec2acfee0b08dc5edb");
  return m;
}

inline constexpr std::string_view add_balance_hex = "8a00420005550187165871a331e967c6d2dbec2acfee0b08dc5edb0749000de0b6"
                                                    "b3a76400001a004c4b404400030d4044000186a00256550187"
                                                    "165871a331e967c6d2dbec2acfee0b08dc5edb";

} // namespace weir::filecoin::sample
