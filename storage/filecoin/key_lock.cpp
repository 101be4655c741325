#include "storage/filecoin/key_lock.hpp"

#include "storage/support/file.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <vector>

namespace weir::filecoin {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view first_word = "weir-lock-1";
constexpr std::size_t key_size = 32, nonce_size = 12, tag_size = 16;
constexpr std::uint64_t scrypt_n = 1 << 15, scrypt_r = 8, scrypt_p = 1; ///< 32 MiB, a tenth of a second
constexpr std::uint64_t scrypt_memory = 64 << 20;
constexpr std::size_t max_file = 4096;

using sealing_key = secret_bytes<key_size>;
using cipher_context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

void fill(std::span<std::uint8_t> out) {
  if (RAND_bytes(out.data(), static_cast<int>(out.size())) != 1)
    std::abort(); // the operating system gives no randomness: nothing can be sealed
}

/// nonce, ciphertext, tag.
bytes encrypt(const sealing_key& key, std::string_view name, bytes_view plain) {
  bytes out(nonce_size + plain.size() + tag_size);
  fill({out.data(), nonce_size});
  cipher_context context{EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free};
  int size = 0;
  bool good =
      context && EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data.data(), out.data()) == 1
      && EVP_EncryptUpdate(context.get(), nullptr, &size, as_bytes(name).data(), static_cast<int>(name.size()))
      && EVP_EncryptUpdate(context.get(), out.data() + nonce_size, &size, plain.data(), static_cast<int>(plain.size()))
      && EVP_EncryptFinal_ex(context.get(), out.data() + nonce_size + size, &size) == 1
      && EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_size, out.data() + out.size() - tag_size);
  if (!good)
    std::abort(); // only without memory
  return out;
}

std::optional<std::string> decrypt(const sealing_key& key, std::string_view name, bytes sealed) {
  if (sealed.size() < nonce_size + tag_size)
    return std::nullopt;
  std::string plain(sealed.size() - nonce_size - tag_size, '\0');
  auto* out = reinterpret_cast<std::uint8_t*>(plain.data());
  cipher_context context{EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free};
  int size = 0;
  bool good =
      context && EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data.data(), sealed.data()) == 1
      && EVP_DecryptUpdate(context.get(), nullptr, &size, as_bytes(name).data(), static_cast<int>(name.size()))
      && EVP_DecryptUpdate(context.get(), out, &size, sealed.data() + nonce_size, static_cast<int>(plain.size()))
      && EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_size, sealed.data() + sealed.size() - tag_size)
      && EVP_DecryptFinal_ex(context.get(), out + size, &size) == 1;
  if (good)
    return plain;
  wipe_memory(plain.data(), plain.size());
  return std::nullopt;
}

status only_mine(const fs::path& file) {
  std::error_code failed;
  auto permissions = fs::status(file, failed).permissions();
  if (!failed && (permissions & (fs::perms::group_all | fs::perms::others_all)) != fs::perms::none)
    return fail(errc::precondition, "others can read the key file; run chmod 600 on it", file.string());
  return {};
}

result<sealing_key> stretched(const key_secret& given, bytes_view salt) {
  sealing_key key;
  if (EVP_PBE_scrypt(given.words.data(), given.words.size(), salt.data(), salt.size(), scrypt_n, scrypt_r, scrypt_p,
                     scrypt_memory, key.data.data(), key.data.size())
      != 1)
    return fail(errc::internal, "scrypt failed.");
  return key;
}

/// Weir's own key file has as many random bytes as a key: nothing to stretch.
result<sealing_key> own_key(const fs::path& own) {
  WEIR_CHECK(only_mine(own));
  WEIR_TRY(auto text, read_small_file(own, max_file));
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  auto raw = from_hex(text);
  wipe_memory(text.data(), text.size());
  if (!raw || raw->size() != key_size)
    return fail(errc::corrupt, "the key file is damaged; restore it from a backup", own.string());
  sealing_key key;
  std::copy(raw->begin(), raw->end(), key.data.begin());
  wipe_memory(raw->data(), raw->size());
  return key;
}

/// "weir-lock-1 scrypt SALT WRAPPED" or "weir-lock-1 file - WRAPPED"
struct lock_file {
  std::string kind;
  std::string salt; ///< hex
  std::string wrapped;
};

result<lock_file> read_lock(const fs::path& path) {
  WEIR_TRY(auto text, read_small_file(path, max_file));
  std::vector<std::string> words(1);
  for (char c : text) {
    if (c == ' ')
      words.emplace_back();
    else if (c != '\n')
      words.back().push_back(c);
  }
  if (words.size() != 4 || words[0] != first_word || (words[1] != "scrypt" && words[1] != "file"))
    return fail(errc::corrupt, "the keystore's lock is damaged; restore it from a backup", path.string());
  return lock_file{words[1], words[2], words[3]};
}

status write_lock(const fs::path& path, const lock_file& what) {
  auto text = std::string{first_word} + " " + what.kind + " " + what.salt + " " + what.wrapped + "\n";
  return write_file_durably(path, as_bytes(text), 0600);
}

status wrap(const fs::path& path, const sealing_key& data_key, const fs::path& own, const key_secret& given) {
  if (!given.words.empty()) {
    bytes salt(16);
    fill(salt);
    WEIR_TRY(auto outer, stretched(given, salt));
    return write_lock(path, {"scrypt", to_hex(salt), to_hex(encrypt(outer, "lock", data_key.view()))});
  }
  auto mine = own_key(own);
  if (!mine && mine.error().code == errc::not_found) { // also what a crash left behind is used
    sealing_key fresh;
    fill(fresh.data);
    auto text = to_hex(fresh.view()) + "\n";
    auto kept = write_file_durably(own, as_bytes(text), 0600);
    wipe_memory(text.data(), text.size());
    WEIR_CHECK(kept);
    mine = own_key(own);
  }
  WEIR_TRY(auto outer, std::move(mine));
  return write_lock(path, {"file", "-", to_hex(encrypt(outer, "lock", data_key.view()))});
}

error other_secret(const fs::path& folder) {
  return fail(errc::precondition, "The keys were sealed with another passphrase or key file.", folder.string());
}

result<sealing_key> unwrap(const lock_file& lock, const sealing_key& outer, const fs::path& folder) {
  auto plain = decrypt(outer, "lock", from_hex(lock.wrapped).value_or(bytes{}));
  if (!plain || plain->size() != key_size)
    return other_secret(folder);
  sealing_key key;
  std::copy(plain->begin(), plain->end(), key.data.begin());
  wipe_memory(plain->data(), plain->size());
  return key;
}

/// The data key. A secret that is given for what Weir's own key file sealed is not needed.
result<sealing_key> opened(const lock_file& lock, const fs::path& folder, const fs::path& own,
                           const key_secret& given) {
  if (lock.kind == "scrypt") {
    if (given.words.empty())
      return fail(errc::precondition,
                  "The keys are sealed with a passphrase or key file: give --wallet-key-file FILE, or "
                  "WEIR_WALLET_PASSPHRASE.",
                  folder.string());
    WEIR_TRY(auto outer, stretched(given, from_hex(lock.salt).value_or(bytes{})));
    return unwrap(lock, outer, folder);
  }
  auto outer = own_key(own);
  if (!outer && outer.error().code == errc::not_found)
    return fail(errc::precondition, "The keys are sealed with a key file that is gone; restore it from a backup.",
                own.string());
  if (!outer)
    return outer.error();
  return unwrap(lock, *outer, folder);
}

} // namespace

result<key_secret> read_key_file(const fs::path& file) {
  WEIR_CHECK(only_mine(file));
  WEIR_TRY(auto text, read_small_file(file, max_file));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
    text.pop_back();
  if (text.empty())
    return fail(errc::invalid_argument, "The key file is empty.", file.string());
  return key_secret{std::move(text)};
}

result<key_lock> key_lock::open(const fs::path& folder, const fs::path& own, const key_secret& given) {
  auto path = folder / "lock";
  key_lock made;
  std::error_code failed;
  bool there = fs::exists(path, failed);
  if (failed)
    return fail(errc::io, "The keystore's lock cannot be looked at: " + failed.message(), path.string());
  if (!there) {
    fill(made.key_.data);
    WEIR_CHECK(wrap(path, made.key_, own, given));
    return made;
  }
  WEIR_TRY(auto lock, read_lock(path));
  WEIR_TRY(made.key_, opened(lock, folder, own, given));
  if (lock.kind == "file" && !given.words.empty()) {
    WEIR_CHECK(wrap(path, made.key_, own, given));
    WEIR_CHECK(remove_file(own));
  }
  return made;
}

status key_lock::change(const fs::path& folder, const fs::path& own, const key_secret& given, const key_secret& next) {
  auto path = folder / "lock";
  auto lock = read_lock(path);
  if (!lock && lock.error().code == errc::not_found)
    return fail(errc::not_found, "Nothing is sealed here yet: start the node once, with the secret if you like.",
                folder.string());
  if (!lock)
    return lock.error();
  if (lock->kind == "file" && !given.words.empty())
    return fail(errc::precondition,
                "The keys are sealed with Weir's own key file, not with a passphrase: give none for the present one.",
                own.string());
  WEIR_TRY(auto data_key, opened(*lock, folder, own, given));
  WEIR_CHECK(wrap(path, data_key, own, next));
  WEIR_TRY(auto now, read_lock(path));
  WEIR_TRY(auto same, opened(now, folder, own, next)); // before the former way in is gone
  if (!std::ranges::equal(same.view(), data_key.view()))
    return fail(errc::internal, "The keys do not open with what they were sealed with.");
  std::error_code failed;
  return next.words.empty() || !fs::exists(own, failed) ? status{} : remove_file(own);
}

std::string key_lock::seal(std::string_view name, std::string_view secret) const {
  return to_hex(encrypt(key_, name, as_bytes(secret)));
}

result<std::string> key_lock::unseal(std::string_view name, std::string_view sealed) const {
  auto raw = from_hex(sealed);
  auto plain = raw ? decrypt(key_, name, *std::move(raw)) : std::nullopt;
  if (!plain)
    return fail(errc::corrupt, "a sealed file of the keystore is damaged; restore it from a backup", std::string{name});
  return *std::move(plain);
}

} // namespace weir::filecoin
