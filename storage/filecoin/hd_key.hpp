#pragma once
// A tree of secp256k1 keys out of one seed (BIP-32), and Filecoin's place in it
// (SLIP-44: coin type 461): m/44'/461'/0'/0/INDEX.
// https://github.com/bitcoin/bips/blob/master/bip-0032.mediawiki
#include "storage/filecoin/keys.hpp"
#include "storage/filecoin/mnemonic.hpp"

#include <string>

namespace weir::filecoin {

/// Added to a child's index: its parent's public key does not lead to it.
inline constexpr std::uint32_t hardened = 1u << 31;

class hd_key {
public:
  /// m, out of 16 to 64 bytes. errc::invalid_argument, also for the one seed in 2^127 that has no key.
  static result<hd_key> master(bytes_view seed);
  /// errc::invalid_argument for the one index in 2^127 that has no key.
  result<hd_key> child(std::uint32_t index) const;

  bytes_view secret() const { return secret_.view(); }
  bytes_view chain_code() const { return chain_code_.view(); }

private:
  static result<hd_key> from(secret_bytes<64> halves);

  secret_bytes<32> secret_;
  secret_bytes<32> chain_code_;
};

/// "m/44'/461'/0'/0/7"
std::string derivation_path(std::uint32_t index);

/// The parent of all of Weir's keys of a seed: m/44'/461'/0'/0.
result<hd_key> address_branch(bytes_view seed);
/// Its child: an address's key.
result<secret_key> address_key(const hd_key& branch, std::uint32_t index);

} // namespace weir::filecoin
