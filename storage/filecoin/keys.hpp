#pragma once
// secp256k1 keys: making, signing and verifying. The digest that is signed is
// BLAKE2b-256, the nonce that of RFC 6979, so the same bytes always get the
// same signature. Secrets are wiped and have no text form.
#include "storage/filecoin/message.hpp"
#include "storage/filecoin/proposal.hpp"

#include <functional>
#include <memory>
#include <span>

namespace weir::filecoin {

/// Fills with unpredictable bytes; handed in, so that tests can be repeated.
using fill_random = std::function<void(std::span<std::uint8_t>)>;

class secret_key {
public:
  static constexpr std::size_t size = 32;

  /// 32 bytes, big endian, not 0 and below the curve's order.
  static result<secret_key> from_bytes(bytes_view data);
  static secret_key generate(const fill_random& random);

  secret_key(secret_key&&) noexcept;
  secret_key& operator=(secret_key&&) noexcept;
  ~secret_key();

  /// Its f1 address.
  const weir::address& address() const { return address_; }
  /// For the keystore only.
  bytes_view reveal() const { return secret_; }
  /// 65 bytes: r, s (the low one) and the recovery id.
  signature sign(bytes_view data) const;

private:
  struct curve; // libsecp256k1's context, blinded for this key
  secret_key();
  void derive_address();

  std::unique_ptr<curve> curve_;
  std::array<std::uint8_t, size> secret_;
  weir::address address_;
};

/// Whether `signer` (an f1 address) signed `data`: errc::signature if not,
/// errc::unsupported for BLS and delegated signatures, which need other curves.
status verify(const signature& s, const address& signer, bytes_view data);

client_deal_proposal sign(const secret_key& key, deal_proposal proposal);
signed_message sign(const secret_key& key, message msg);
/// `signer` is the key address of the proposal's client.
status verify(const client_deal_proposal& p, const address& signer);
/// `signer` is the key address of the message's sender.
status verify(const signed_message& m, const address& signer);

} // namespace weir::filecoin
