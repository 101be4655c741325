#include "storage/filecoin/keys.hpp"

#include "storage/filecoin/chain_hash.hpp"

#include <openssl/crypto.h>
#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include <cstdlib>

namespace weir::filecoin {

namespace {

constexpr std::size_t compact_size = 64;
constexpr std::size_t signature_size = 65;
constexpr std::size_t public_size = 65; ///< uncompressed

/// One for verifying: it holds no secret, so all threads share it.
const secp256k1_context* verifier() {
  static const secp256k1_context* const context = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
  return context;
}

address address_of(const secp256k1_pubkey& key) {
  std::array<std::uint8_t, public_size> text;
  std::size_t size = text.size();
  secp256k1_ec_pubkey_serialize(verifier(), text.data(), &size, &key, SECP256K1_EC_UNCOMPRESSED);
  bytes out{static_cast<std::uint8_t>(address::protocol::secp256k1)};
  std::array<std::uint8_t, 20> payload;
  blake2b(payload, text);
  out.insert(out.end(), payload.begin(), payload.end());
  return *address::from_bytes(out);
}

std::optional<address> recover(bytes_view signature, const digest256& digest) {
  secp256k1_ecdsa_recoverable_signature parsed;
  secp256k1_ecdsa_signature plain;
  secp256k1_pubkey key;
  if (signature.size() != signature_size || signature[compact_size] > 3
      || !secp256k1_ecdsa_recoverable_signature_parse_compact(verifier(), &parsed, signature.data(),
                                                              signature[compact_size]))
    return std::nullopt;
  // A second signature with the high s would be as good: refuse it.
  secp256k1_ecdsa_recoverable_signature_convert(verifier(), &plain, &parsed);
  if (secp256k1_ecdsa_signature_normalize(verifier(), nullptr, &plain)
      || !secp256k1_ecdsa_recover(verifier(), &key, &parsed, digest.data()))
    return std::nullopt;
  return address_of(key);
}

} // namespace

struct secret_key::curve {
  secp256k1_context* context = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
  curve() = default;
  curve(const curve&) = delete;
  curve& operator=(const curve&) = delete;
  ~curve() { secp256k1_context_destroy(context); }
};

secret_key::secret_key() : curve_{std::make_unique<curve>()}, secret_{} {}
secret_key::secret_key(secret_key&& other) noexcept
    : curve_{std::move(other.curve_)}, secret_{other.secret_}, address_{std::move(other.address_)} {
  OPENSSL_cleanse(other.secret_.data(), other.secret_.size());
}
secret_key& secret_key::operator=(secret_key&& other) noexcept {
  std::swap(curve_, other.curve_);
  std::swap(secret_, other.secret_);
  std::swap(address_, other.address_);
  return *this;
}
secret_key::~secret_key() {
  OPENSSL_cleanse(secret_.data(), secret_.size());
}

result<secret_key> secret_key::from_bytes(bytes_view data) {
  if (data.size() != size || !secp256k1_ec_seckey_verify(verifier(), data.data()))
    return fail(errc::invalid_argument, "not a secp256k1 key: it takes 32 bytes below the curve's order");
  secret_key key;
  std::copy(data.begin(), data.end(), key.secret_.begin());
  key.derive_address();
  return key;
}

secret_key secret_key::generate(const fill_random& random) {
  secret_key key;
  do
    random(key.secret_);
  while (!secp256k1_ec_seckey_verify(verifier(), key.secret_.data()));
  key.derive_address();
  return key;
}

void secret_key::derive_address() {
  // Blinding hides the secret from timing and power; a hash of it is as
  // unpredictable as it is, and repeatable.
  auto blinding = blake2b_256(secret_);
  if (!secp256k1_context_randomize(curve_->context, blinding.data()))
    std::abort();
  OPENSSL_cleanse(blinding.data(), blinding.size());
  secp256k1_pubkey key;
  if (!secp256k1_ec_pubkey_create(curve_->context, &key, secret_.data()))
    std::abort();
  address_ = address_of(key);
}

signature secret_key::sign(bytes_view data) const {
  auto digest = blake2b_256(data);
  secp256k1_ecdsa_recoverable_signature made;
  if (!secp256k1_ecdsa_sign_recoverable(curve_->context, &made, digest.data(), secret_.data(), nullptr, nullptr))
    std::abort();
  signature out{signature::type::secp256k1, bytes(signature_size)};
  int recovery = 0;
  secp256k1_ecdsa_recoverable_signature_serialize_compact(curve_->context, out.data.data(), &recovery, &made);
  out.data[compact_size] = static_cast<std::uint8_t>(recovery);
  return out;
}

status verify(const signature& s, const address& signer, bytes_view data) {
  if (s.kind != signature::type::secp256k1)
    return fail(errc::unsupported, "only secp256k1 signatures can be verified here",
                std::to_string(static_cast<int>(s.kind)));
  if (signer.empty() || signer.kind() != address::protocol::secp256k1)
    return fail(errc::signature, "the signer's address is not that of a secp256k1 key");
  if (recover(s.data, blake2b_256(data)) != signer)
    return fail(errc::signature, "the signature is not the signer's");
  return {};
}

client_deal_proposal sign(const secret_key& key, deal_proposal proposal) {
  auto made = key.sign(encode(proposal));
  return {std::move(proposal), std::move(made)};
}

signed_message sign(const secret_key& key, message msg) {
  auto made = key.sign(message_cid(msg).data());
  return {std::move(msg), std::move(made)};
}

status verify(const client_deal_proposal& p, const address& signer) {
  return verify(p.client_signature, signer, encode(p.proposal));
}

status verify(const signed_message& m, const address& signer) {
  return verify(m.sig, signer, message_cid(m.msg).data());
}

} // namespace weir::filecoin
