#include "storage/filecoin/mnemonic.hpp"

#include "storage/hash/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <optional>

namespace weir::filecoin {

/// In alphabetical order; made of bip39_english.txt by storage/CMakeLists.txt.
extern const std::string_view bip39_words[2048];

namespace {

constexpr std::size_t bits_per_word = 11;
constexpr int rounds = 2048;

std::optional<std::size_t> number_of(std::string_view word) {
  auto end = std::end(bip39_words);
  auto at = std::lower_bound(std::begin(bip39_words), end, word);
  return at == end || *at != word ? std::nullopt : std::optional<std::size_t>{at - std::begin(bip39_words)};
}

bool is_size(std::size_t entropy) {
  return entropy >= 16 && entropy <= 32 && entropy % 4 == 0;
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// The numbers of the words.
result<std::vector<std::size_t>> numbers_of(std::string_view words) {
  std::vector<std::size_t> numbers;
  std::string word;
  auto end_word = [&]() -> status {
    if (word.empty())
      return {};
    auto number = number_of(word);
    wipe_memory(word.data(), word.size());
    word.clear();
    numbers.push_back(number.value_or(0));
    return number ? status{}
                  : fail(errc::malformed, "A word is not in the list of BIP-39.",
                         "word " + std::to_string(numbers.size()));
  };
  for (char c : words) {
    if (is_space(c))
      WEIR_CHECK(end_word());
    else
      word.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    if (word.size() > 16 || numbers.size() > 24)
      return fail(errc::malformed, "These are no 12, 15, 18, 21 or 24 words of BIP-39.");
  }
  WEIR_CHECK(end_word());
  return numbers;
}

bool bit_at(bytes_view data, std::size_t at) {
  return (data[at / 8] >> (7 - at % 8)) & 1;
}

/// Entropy, then as many bits of its hash as make whole words.
bytes with_check(bytes_view entropy) {
  auto out = to_bytes(entropy);
  out.push_back(sha2_256(entropy)[0]);
  return out;
}

} // namespace

void wipe_memory(void* data, std::size_t size) {
  OPENSSL_cleanse(data, size);
}

result<std::string> words_of(bytes_view entropy) {
  if (!is_size(entropy.size()))
    return fail(errc::invalid_argument, "Words stand for 16, 20, 24, 28 or 32 bytes.", std::to_string(entropy.size()));
  auto bits = with_check(entropy);
  auto count = entropy.size() * 8 * 33 / 32 / bits_per_word;
  std::string words;
  words.reserve(count * 9);
  for (std::size_t w = 0; w < count; ++w) {
    std::size_t number = 0;
    for (std::size_t b = 0; b < bits_per_word; ++b)
      number = 2 * number + bit_at(bits, w * bits_per_word + b);
    words.append(w == 0 ? "" : " ").append(bip39_words[number]);
  }
  wipe_memory(bits.data(), bits.size());
  return words;
}

result<bytes> entropy_of(std::string_view words) {
  WEIR_TRY(auto numbers, numbers_of(words));
  auto size = numbers.size() * bits_per_word * 32 / 33 / 8;
  if (numbers.size() % 3 != 0 || !is_size(size))
    return fail(errc::malformed, "These are no 12, 15, 18, 21 or 24 words of BIP-39.", std::to_string(numbers.size()),
                "24 words");
  bytes bits(size + 1);
  for (std::size_t i = 0; i < numbers.size() * bits_per_word; ++i)
    if ((numbers[i / bits_per_word] >> (bits_per_word - 1 - i % bits_per_word)) & 1)
      bits[i / 8] |= static_cast<std::uint8_t>(0x80 >> (i % 8));
  auto check = bits.back();
  bits.pop_back();
  auto mask = static_cast<std::uint8_t>(0xff << (8 - size / 4));
  if (check != (with_check(bits).back() & mask)) {
    wipe_memory(bits.data(), bits.size());
    return fail(errc::malformed, "The words do not fit together: one is wrong, or in another place.");
  }
  return bits;
}

result<seed_bytes> seed_of(std::string_view words, std::string_view passphrase) {
  WEIR_TRY(auto entropy, entropy_of(words));
  WEIR_TRY(auto plain, words_of(entropy)); // one space between
  wipe_memory(entropy.data(), entropy.size());
  auto salt = "mnemonic" + std::string{passphrase};
  seed_bytes seed;
  auto done = PKCS5_PBKDF2_HMAC(plain.data(), static_cast<int>(plain.size()), as_bytes(salt).data(),
                                static_cast<int>(salt.size()), rounds, EVP_sha512(), static_cast<int>(seed.data.size()),
                                seed.data.data());
  wipe_memory(plain.data(), plain.size());
  wipe_memory(salt.data(), salt.size());
  if (done != 1)
    return fail(errc::internal, "PBKDF2 failed.");
  return seed;
}

} // namespace weir::filecoin
