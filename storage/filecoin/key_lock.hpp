#pragma once
// What seals the keystore: AES-256-GCM under a random data key, which lies in
// the folder wrapped under what the operator has: a passphrase or key file of
// his (scrypt), or else a key file that Weir makes beside the folder. Another
// passphrase wraps the data key anew; the sealed files stay as they are.
#include "storage/filecoin/mnemonic.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace weir::filecoin {

/// What the operator gives to open the keystore with.
struct key_secret {
  std::string words; ///< passphrase, or the bytes of a key file; empty: the key file that Weir made
  key_secret() = default;
  explicit key_secret(std::string text) : words{std::move(text)} {}
  key_secret(const key_secret&) = default;
  key_secret& operator=(const key_secret&) = default;
  ~key_secret() { wipe_memory(words.data(), words.size()); }
};

/// A key file, or one with a passphrase: all its bytes but the newline at the
/// end. errc::precondition when others can read it, errc::invalid_argument when it is empty.
result<key_secret> read_key_file(const std::filesystem::path& file);

class key_lock {
public:
  /// Of the folder: its file "lock", made when there is none. `own` is where
  /// Weir's key file is. A secret that is given for the first time replaces
  /// that one. errc::precondition: another secret, or none, sealed the folder.
  static result<key_lock> open(const std::filesystem::path& folder, const std::filesystem::path& own,
                               const key_secret& given);

  /// Seals the folder with `next` (empty: Weir's own key file) instead of what it was sealed with. One
  /// write decides: after a crash the one or the other opens it, and the same call again finishes. Nobody
  /// may have it open. The data key stays: who has an old copy of the folder opens that with the old
  /// secret. errc::not_found: nothing was sealed here yet; errc::precondition: `given` did not seal it.
  static status change(const std::filesystem::path& folder, const std::filesystem::path& own, const key_secret& given,
                       const key_secret& next);

  /// Text without a newline. What is sealed under one name opens under no other.
  std::string seal(std::string_view name, std::string_view secret) const;
  /// errc::corrupt; wipe what it gives.
  result<std::string> unseal(std::string_view name, std::string_view sealed) const;

private:
  secret_bytes<32> key_;
};

} // namespace weir::filecoin
