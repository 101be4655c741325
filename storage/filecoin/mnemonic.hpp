#pragma once
// The words that stand for a seed (BIP-39, English list), and the seed that
// they stand for. https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki
// The list is bip39_english.txt, as published with the BIP (2048 words, SHA-256
// 2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda).
// Words are a secret: no error repeats them, and what held them is wiped.
#include "messages/types/bytes.hpp"
#include "messages/types/result.hpp"

#include <array>
#include <string>

namespace weir::filecoin {

/// What the words of Weir stand for: 24 of them.
inline constexpr std::size_t entropy_size = 32;

/// Fixed bytes that are wiped when they go.
template <std::size_t N>
struct secret_bytes {
  std::array<std::uint8_t, N> data{};
  secret_bytes() = default;
  secret_bytes(const secret_bytes&) = default;
  secret_bytes& operator=(const secret_bytes&) = default;
  ~secret_bytes() { wipe(); }
  bytes_view view() const { return data; }
  void wipe();
};
using seed_bytes = secret_bytes<64>;

/// Not optimised away.
void wipe_memory(void* data, std::size_t size);
template <std::size_t N>
void secret_bytes<N>::wipe() {
  wipe_memory(data.data(), N);
}

/// 16, 20, 24, 28 or 32 bytes become 12 to 24 words with one space between; errc::invalid_argument.
result<std::string> words_of(bytes_view entropy);

/// The other way; spaces and letter case do not matter. errc::malformed says
/// what is wrong, and of which word the number.
result<bytes> entropy_of(std::string_view words);

/// PBKDF2-HMAC-SHA512 of words that `entropy_of` accepts; the passphrase is BIP-39's, empty for Weir.
result<seed_bytes> seed_of(std::string_view words, std::string_view passphrase = {});

} // namespace weir::filecoin
