#pragma once
// Secret keys at rest: one file per key, mode 0600, named by its address,
// sealed (key_lock.hpp) and written durably; and the seed that new keys are
// derived from (hd_key.hpp), with the next index. A file that others can read,
// or whose key is not that of its name, is refused. One process at a time uses
// the folder (the lock of the data folder sees to it), one thread the object.
//
//   lock       the data key, wrapped
//   f1…        a key: "sealed HEX"; from before keys were sealed: "secp256k1 HEX"
//   seed       id of the seed that new keys come from
//   seed-ID    a seed and its next index, sealed
#include "storage/filecoin/hd_key.hpp"
#include "storage/filecoin/key_lock.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace weir::filecoin {

/// Where a key came from.
struct key_origin {
  std::string seed; ///< id
  std::uint32_t index = 0;
};

/// What may be known of a seed.
struct seed_info {
  std::string id;         ///< of its key tree: says nothing about the words
  std::uint32_t next = 0; ///< index of the next key
};

class keystore {
public:
  /// Makes the folder (mode 0700) when it is missing, and seals what is not
  /// sealed. Weir's own key file is beside the folder: its name with ".key".
  static result<keystore> open(const std::filesystem::path& folder, const key_secret& given = {});

  /// Opens with `next` from now on (empty: Weir's own key file); see key_lock::change.
  static status reseal(const std::filesystem::path& folder, const key_secret& given, const key_secret& next);

  /// A key of the next index, out of the seed, which is made when there is none. The index is
  /// durable before the key is: after a crash it is left out, never used twice.
  result<secret_key> make(const fill_random& random);
  /// Durable when it returns; fine when the key is there already.
  status add(const secret_key& key, const std::optional<key_origin>& from = {});
  /// errc::not_found, errc::precondition (readable by others), errc::corrupt.
  result<secret_key> load(const address& of) const;
  /// Nothing for a key that came from outside. Errors as `load`.
  result<std::optional<key_origin>> origin(const address& of) const;
  /// Addresses of all keys, in their order.
  result<std::vector<address>> list() const;

  /// errc::not_found before the first key was made.
  result<seed_info> seed() const;
  /// Its words: a secret, wipe them. errc::not_found.
  result<std::string> seed_words() const;
  /// What the words of a seed would be here: its id, and the next index if it was here before.
  result<seed_info> look_at(const std::string& words) const;
  /// New keys come out of this seed from now on, from `next` on at least; the
  /// one before stays, sealed. Durable when it returns.
  result<seed_info> take_over(const std::string& words, std::uint32_t next);

private:
  struct seed_file {
    std::string words;
    std::uint32_t next = 0;
    ~seed_file() { wipe_memory(words.data(), words.size()); }
  };
  keystore(std::filesystem::path folder, key_lock lock) : folder_{std::move(folder)}, lock_{std::move(lock)} {}
  std::filesystem::path path_of(const address& a) const;
  status seal_old_keys();
  result<std::string> read_key(const address& of) const;
  result<std::string> current_seed() const;
  result<seed_file> read_seed(const std::string& id) const;
  status write_seed(const std::string& id, const seed_file& what) const;

  std::filesystem::path folder_;
  key_lock lock_;
};

/// The keys of a seed's words without a keystore: one after the other, by index.
class key_line {
public:
  /// errc::malformed.
  static result<key_line> of(const std::string& words);
  result<secret_key> at(std::uint32_t index) const { return address_key(branch_, index); }
  /// Eight bytes of a hash of the branch's public side, in hex.
  std::string id() const;

private:
  explicit key_line(hd_key branch) : branch_{std::move(branch)} {}
  hd_key branch_;
};

} // namespace weir::filecoin
