#include "storage/filecoin/hd_key.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <secp256k1.h>

#include <algorithm>

namespace weir::filecoin {

namespace {

constexpr std::uint32_t purpose = 44, coin_type = 461;
constexpr std::size_t compressed_size = 33;

/// Blinded anew for each use would cost as much as the use; it lives in memory that only this thread has.
const secp256k1_context* curve() {
  static const secp256k1_context* const context = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
  return context;
}

result<secret_bytes<64>> hmac_sha512(bytes_view key, bytes_view data) {
  secret_bytes<64> out;
  unsigned size = 0;
  if (!HMAC(EVP_sha512(), key.data(), static_cast<int>(key.size()), data.data(), data.size(), out.data.data(), &size)
      || size != out.data.size())
    return fail(errc::internal, "HMAC-SHA512 failed.");
  return out;
}

error no_key() {
  return fail(errc::invalid_argument, "There is no key at this place; take the next one.");
}

} // namespace

result<hd_key> hd_key::from(secret_bytes<64> halves) {
  hd_key made;
  std::copy_n(halves.data.begin(), 32, made.secret_.data.begin());
  std::copy_n(halves.data.begin() + 32, 32, made.chain_code_.data.begin());
  return made;
}

result<hd_key> hd_key::master(bytes_view seed) {
  if (seed.size() < 16 || seed.size() > 64)
    return fail(errc::invalid_argument, "A seed has 16 to 64 bytes.", std::to_string(seed.size()));
  WEIR_TRY(auto halves, hmac_sha512(as_bytes("Bitcoin seed"), seed));
  if (!secp256k1_ec_seckey_verify(curve(), halves.data.data()))
    return no_key();
  return from(halves);
}

result<hd_key> hd_key::child(std::uint32_t index) const {
  secret_bytes<compressed_size + 4> data;
  if (index >= hardened) {
    std::copy(secret_.data.begin(), secret_.data.end(), data.data.begin() + 1);
  } else {
    secp256k1_pubkey point;
    std::size_t size = compressed_size;
    if (!secp256k1_ec_pubkey_create(curve(), &point, secret_.data.data()))
      return no_key();
    secp256k1_ec_pubkey_serialize(curve(), data.data.data(), &size, &point, SECP256K1_EC_COMPRESSED);
  }
  for (int i = 0; i < 4; ++i)
    data.data[compressed_size + static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(index >> (24 - 8 * i));
  WEIR_TRY(auto halves, hmac_sha512(chain_code_.view(), data.view()));
  WEIR_TRY(auto made, from(halves));
  auto tweak = made.secret_;
  made.secret_ = secret_;
  if (!secp256k1_ec_seckey_tweak_add(curve(), made.secret_.data.data(), tweak.data.data()))
    return no_key();
  return made;
}

std::string derivation_path(std::uint32_t index) {
  return "m/44'/461'/0'/0/" + std::to_string(index);
}

result<hd_key> address_branch(bytes_view seed) {
  WEIR_TRY(auto key, hd_key::master(seed));
  for (auto step : {hardened + purpose, hardened + coin_type, hardened, 0u}) {
    WEIR_TRY(auto next, key.child(step));
    key = next;
  }
  return key;
}

result<secret_key> address_key(const hd_key& branch, std::uint32_t index) {
  WEIR_TRY(auto key, branch.child(index));
  return secret_key::from_bytes(key.secret());
}

} // namespace weir::filecoin
