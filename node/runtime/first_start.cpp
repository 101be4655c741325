#include "node/runtime/first_start.hpp"

#include "node/api/access.hpp"
#include "node/runtime/ask.hpp"
#include "node/runtime/wall_clock.hpp"
#include "storage/records/transaction_builder.hpp"
#include "storage/support/file.hpp"

#include <cstdlib>
#include <sys/random.h>

namespace weir {

namespace {

constexpr std::chrono::seconds answer_time{20};

result<bool> has_admin(const records::record_store& records) {
  bool found = false;
  WEIR_CHECK(records.snapshot()->each<access_token>(
      [&](const records::stored<access_token>& t) { found = found || (t.value.admin && !t.value.revoked); }));
  return found;
}

} // namespace

result<std::string> make_admin_token(caf::actor_system& system, const record_store_actor& store,
                                     const records::record_store& records, const std::filesystem::path& data) {
  WEIR_TRY(auto there, has_admin(records));
  if (there)
    return std::string{};
  auto token = api::make_token();
  auto file = data / "admin-token";
  // The file first: a token that nobody was told of would lock everybody out.
  WEIR_CHECK(write_file_durably(file, as_bytes(token + "\n"), 0600));
  records::transaction_builder t;
  t.create(access_token{api::token_hash(token), "admin", api::operator_owner, true, wall_clock(), unix_ms{0}, false});
  t.say(event_kind::token_created, "admin", {}, {records::fact("admin", true)});
  WEIR_TRY(auto done, ask_and_wait<committed_ptr>(system, answer_time, store, atom::commit_v, std::move(t).take()));
  return file.string();
}

result<address> default_wallet(caf::actor_system& system, const wallet_actor& wallet) {
  auto known = ask_starting<address>(system, answer_time, wallet, atom::get_v);
  if (known || known.error().code != errc::not_found)
    return known;
  WEIR_TRY(auto made,
           ask_starting<wallet_address>(system, answer_time, wallet, atom::create_v, std::string{"default"}));
  return made.addr;
}

result<filecoin::key_secret> wallet_secret(const std::string& key_file) {
  constexpr auto name = "WEIR_WALLET_PASSPHRASE";
  auto* text = std::getenv(name);
  filecoin::key_secret given{text ? text : ""};
  if (text)
    ::unsetenv(name);
  if (key_file.empty())
    return given;
  if (!given.words.empty())
    return fail(errc::usage,
                "Both --wallet-key-file and WEIR_WALLET_PASSPHRASE are given: one of them opens the keys.");
  return filecoin::read_key_file(key_file);
}

void fill_random(std::span<std::uint8_t> out) {
  std::size_t have = 0;
  while (have < out.size())
    if (auto n = ::getrandom(out.data() + have, out.size() - have, 0); n > 0)
      have += static_cast<std::size_t>(n);
}

} // namespace weir
