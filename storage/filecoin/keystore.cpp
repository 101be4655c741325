#include "storage/filecoin/keystore.hpp"

#include "storage/filecoin/address_text.hpp"
#include "storage/support/file.hpp"

#include <openssl/crypto.h>

#include <algorithm>

namespace weir::filecoin {

namespace fs = std::filesystem;

namespace {

/// A file holds this, the secret in hexadecimal and a newline.
constexpr std::string_view prefix = "secp256k1 ";
constexpr std::size_t max_file = 256;

void wipe(std::string& secret) {
  OPENSSL_cleanse(secret.data(), secret.size());
}

error damaged(const fs::path& path) {
  return fail(errc::corrupt, "the key file is damaged; restore it from a backup", path.string());
}

result<secret_key> parse(std::string_view text, const fs::path& path) {
  if (!text.starts_with(prefix) || !text.ends_with('\n'))
    return damaged(path);
  auto secret = from_hex(text.substr(prefix.size(), text.size() - prefix.size() - 1));
  if (!secret)
    return damaged(path);
  auto key = secret_key::from_bytes(*secret);
  OPENSSL_cleanse(secret->data(), secret->size());
  if (!key)
    return damaged(path);
  return key;
}

} // namespace

result<keystore> keystore::open(const fs::path& folder) {
  WEIR_CHECK(make_folder(folder, 0700));
  return keystore{folder};
}

fs::path keystore::path_of(const address& a) const {
  return folder_ / to_text(a);
}

status keystore::add(const secret_key& key) {
  auto text = std::string{prefix}.append(to_hex(key.reveal())).append("\n");
  auto done = write_file_durably(path_of(key.address()), as_bytes(text), 0600);
  wipe(text);
  return done;
}

result<secret_key> keystore::load(const address& of) const {
  auto path = path_of(of);
  std::error_code failed;
  auto permissions = fs::status(path, failed).permissions();
  if (failed || permissions == fs::perms::unknown || !fs::exists(path, failed))
    return fail(errc::not_found, "this node holds no key for the address", to_text(of));
  if ((permissions & (fs::perms::group_all | fs::perms::others_all)) != fs::perms::none)
    return fail(errc::precondition, "others can read the key file; run chmod 600 on it", path.string());
  WEIR_TRY(auto text, read_small_file(path, max_file));
  auto key = parse(text, path);
  wipe(text);
  if (key && key->address() != of)
    return damaged(path);
  return key;
}

result<std::vector<address>> keystore::list() const {
  std::vector<address> out;
  std::error_code failed;
  for (fs::directory_iterator it{folder_, failed}, end; !failed && it != end; it.increment(failed))
    if (auto a = parse_address(it->path().filename().string()))
      out.push_back(*a);
  if (failed)
    return os_error(failed.value(), "the folder of keys could not be read", folder_);
  std::sort(out.begin(), out.end());
  return out;
}

} // namespace weir::filecoin
