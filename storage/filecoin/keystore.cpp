#include "storage/filecoin/keystore.hpp"

#include "storage/filecoin/address_text.hpp"
#include "storage/filecoin/chain_hash.hpp"
#include "storage/support/file.hpp"

#include <algorithm>
#include <charconv>

namespace weir::filecoin {

namespace fs = std::filesystem;

namespace {

/// What is sealed: this, the secret in hexadecimal, for a derived key " ID INDEX", and a newline.
constexpr std::string_view prefix = "secp256k1 ";
constexpr std::string_view sealed_prefix = "sealed ";
constexpr std::size_t max_file = 2048;

void wipe(std::string& secret) {
  wipe_memory(secret.data(), secret.size());
}

error damaged(const fs::path& path) {
  return fail(errc::corrupt, "the key file is damaged; restore it from a backup", path.string());
}

/// The words of a line that ends with a newline.
std::vector<std::string_view> words_in(std::string_view line) {
  std::vector<std::string_view> found;
  if (!line.ends_with('\n'))
    return found;
  line.remove_suffix(1);
  for (std::size_t at = 0; at <= line.size();) {
    auto end = std::min(line.find(' ', at), line.size());
    found.push_back(line.substr(at, end - at));
    at = end + 1;
  }
  return found;
}

std::optional<std::uint32_t> number_of(std::string_view text) {
  std::uint32_t number = 0;
  auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), number);
  return bad == std::errc{} && end == text.data() + text.size() ? std::optional{number} : std::nullopt;
}

result<secret_key> parse_key(std::string_view text, const fs::path& path) {
  auto words = words_in(text);
  if ((words.size() != 2 && words.size() != 4) || !text.starts_with(prefix))
    return damaged(path);
  auto secret = from_hex(words[1]);
  if (!secret)
    return damaged(path);
  auto key = secret_key::from_bytes(*secret);
  wipe_memory(secret->data(), secret->size());
  return key ? std::move(key) : result<secret_key>{damaged(path)};
}

/// A new lock would open nothing of what the lost one sealed.
status nothing_sealed_without(const fs::path& lock) {
  std::error_code failed;
  if (fs::exists(lock, failed) || failed)
    return {}; // told when it is opened
  for (auto& entry : fs::directory_iterator{lock.parent_path(), failed})
    if (auto text = read_small_file(entry.path(), max_file); text && text->starts_with(sealed_prefix))
      return fail(errc::corrupt, "The keys are sealed, and the keystore's lock is gone; restore it from a backup.",
                  lock.string());
  return {};
}

error no_seed() {
  return fail(errc::not_found, "The node has no seed yet: it makes one with its first address.");
}

} // namespace

result<key_line> key_line::of(const std::string& words) {
  WEIR_TRY(auto seed, seed_of(words));
  WEIR_TRY(auto branch, address_branch(seed.view()));
  return key_line{std::move(branch)};
}

std::string key_line::id() const {
  auto first = at(0); // its address is public, and no other seed's
  auto digest = first ? blake2b_256(first->address().data()) : digest256{};
  return to_hex({digest.data(), 8});
}

result<keystore> keystore::open(const fs::path& folder, const key_secret& given) {
  WEIR_CHECK(make_folder(folder, 0700));
  WEIR_CHECK(nothing_sealed_without(folder / "lock"));
  WEIR_TRY(auto lock, key_lock::open(folder, folder.string() + ".key", given));
  keystore made{folder, std::move(lock)};
  WEIR_CHECK(made.seal_old_keys());
  return made;
}

status keystore::reseal(const fs::path& folder, const key_secret& given, const key_secret& next) {
  WEIR_CHECK(nothing_sealed_without(folder / "lock"));
  return key_lock::change(folder, folder.string() + ".key", given, next);
}

/// Each file as one step: after a crash a key is sealed or not yet, and goes on being read.
status keystore::seal_old_keys() {
  WEIR_TRY(auto all, list());
  for (auto& addr : all) {
    std::error_code failed;
    auto text = read_small_file(path_of(addr), max_file);
    bool old = text && text->starts_with(prefix);
    if (text)
      wipe(*text);
    if (!old)
      continue;
    if (auto key = load(addr)) // what is damaged, or readable by others, is told when it is used
      WEIR_CHECK(add(*key));
  }
  return {};
}

fs::path keystore::path_of(const address& a) const {
  return folder_ / to_text(a);
}

status keystore::add(const secret_key& key, const std::optional<key_origin>& from) {
  auto name = to_text(key.address());
  auto origin = from ? " " + from->seed + " " + std::to_string(from->index) : std::string{};
  auto secret = to_hex(key.reveal());
  auto text = std::string{prefix}.append(secret).append(origin).append("\n");
  auto sealed = std::string{sealed_prefix} + lock_.seal(name, text) + "\n";
  wipe(secret);
  wipe(text);
  return write_file_durably(path_of(key.address()), as_bytes(sealed), 0600);
}

/// The line of a key, sealed or not; to be wiped.
result<std::string> keystore::read_key(const address& of) const {
  auto path = path_of(of);
  std::error_code failed;
  auto permissions = fs::status(path, failed).permissions();
  if (failed || permissions == fs::perms::unknown || !fs::exists(path, failed))
    return fail(errc::not_found, "this node holds no key for the address", to_text(of));
  if ((permissions & (fs::perms::group_all | fs::perms::others_all)) != fs::perms::none)
    return fail(errc::precondition, "others can read the key file; run chmod 600 on it", path.string());
  WEIR_TRY(auto text, read_small_file(path, max_file));
  if (!text.starts_with(sealed_prefix))
    return text;
  auto words = words_in(text);
  if (words.size() != 2)
    return damaged(path);
  auto plain = lock_.unseal(to_text(of), words[1]);
  return plain ? std::move(plain) : result<std::string>{damaged(path)};
}

result<secret_key> keystore::load(const address& of) const {
  WEIR_TRY(auto text, read_key(of));
  auto key = parse_key(text, path_of(of));
  wipe(text);
  if (key && key->address() != of)
    return damaged(path_of(of));
  return key;
}

result<std::optional<key_origin>> keystore::origin(const address& of) const {
  WEIR_TRY(auto text, read_key(of));
  auto words = words_in(text);
  std::optional<key_origin> found;
  if (words.size() == 4)
    found = key_origin{std::string{words[2]}, number_of(words[3]).value_or(0)};
  wipe(text);
  return found;
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

// ---- the seed

/// Empty: there is none.
result<std::string> keystore::current_seed() const {
  std::error_code failed;
  if (!fs::exists(folder_ / "seed", failed))
    return std::string{};
  WEIR_TRY(auto text, read_small_file(folder_ / "seed", max_file));
  auto words = words_in(text);
  if (words.size() != 1 || words[0].empty())
    return damaged(folder_ / "seed");
  return std::string{words[0]};
}

result<keystore::seed_file> keystore::read_seed(const std::string& id) const {
  auto path = folder_ / ("seed-" + id);
  WEIR_TRY(auto text, read_small_file(path, max_file));
  auto words = words_in(text);
  if (words.size() != 2 || !text.starts_with(sealed_prefix))
    return damaged(path);
  WEIR_TRY(auto plain, lock_.unseal("seed-" + id, words[1]));
  auto space = plain.find(' ');
  auto next = space == plain.npos ? std::nullopt : number_of(std::string_view{plain}.substr(0, space));
  seed_file found;
  if (next) {
    found.next = *next;
    found.words = plain.substr(space + 1);
  }
  wipe(plain);
  return next ? result<seed_file>{std::move(found)} : result<seed_file>{damaged(path)};
}

status keystore::write_seed(const std::string& id, const seed_file& what) const {
  auto plain = std::to_string(what.next) + " " + what.words;
  auto text = std::string{sealed_prefix} + lock_.seal("seed-" + id, plain) + "\n";
  wipe(plain);
  return write_file_durably(folder_ / ("seed-" + id), as_bytes(text), 0600);
}

result<seed_info> keystore::seed() const {
  WEIR_TRY(auto id, current_seed());
  if (id.empty())
    return no_seed();
  WEIR_TRY(auto file, read_seed(id));
  return seed_info{id, file.next};
}

result<std::string> keystore::seed_words() const {
  WEIR_TRY(auto id, current_seed());
  if (id.empty())
    return no_seed();
  WEIR_TRY(auto file, read_seed(id));
  return std::move(file.words);
}

result<seed_info> keystore::look_at(const std::string& words) const {
  WEIR_TRY(auto line, key_line::of(words));
  seed_info found{line.id(), 0};
  std::error_code failed;
  if (fs::exists(folder_ / ("seed-" + found.id), failed)) {
    WEIR_TRY(auto file, read_seed(found.id));
    found.next = file.next;
  }
  return found;
}

result<seed_info> keystore::take_over(const std::string& words, std::uint32_t next) {
  WEIR_TRY(auto known, look_at(words));
  known.next = std::max(known.next, next);
  WEIR_TRY(auto entropy, entropy_of(words));
  WEIR_TRY(auto plain, words_of(entropy));
  wipe_memory(entropy.data(), entropy.size());
  seed_file file;
  file.words = std::move(plain);
  file.next = known.next;
  WEIR_CHECK(write_seed(known.id, file));
  auto line = known.id + "\n";
  WEIR_CHECK(write_file_durably(folder_ / "seed", as_bytes(line), 0600));
  return known;
}

result<secret_key> keystore::make(const fill_random& random) {
  WEIR_TRY(auto id, current_seed());
  if (id.empty()) {
    secret_bytes<entropy_size> entropy;
    random(entropy.data);
    WEIR_TRY(auto words, words_of(entropy.view()));
    auto taken = take_over(words, 0);
    wipe(words);
    WEIR_TRY(auto fresh, std::move(taken));
    id = fresh.id;
  }
  WEIR_TRY(auto file, read_seed(id));
  WEIR_TRY(auto line, key_line::of(file.words));
  auto index = file.next++;
  if (index >= hardened)
    return fail(errc::too_large, "The seed has no more keys.", std::to_string(index));
  WEIR_CHECK(write_seed(id, file));
  WEIR_TRY(auto key, line.at(index));
  WEIR_CHECK(add(key, key_origin{id, index}));
  return key;
}

} // namespace weir::filecoin
