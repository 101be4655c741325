#pragma once
// What a first start makes: the admin's token, the default wallet; and what the
// keys are opened with.
#include "messages/actors/deals.hpp"
#include "messages/actors/records.hpp"
#include "storage/filecoin/key_lock.hpp"
#include "storage/records/store.hpp"

#include <caf/actor_system.hpp>

#include <filesystem>
#include <span>
#include <string>

namespace weir {

/// Where there is no admin token yet: makes one, writes it to DATA/admin-token
/// (mode 0600), keeps only its hash. The file's path, or "" when there was one.
result<std::string> make_admin_token(caf::actor_system& system, const record_store_actor& store,
                                     const records::record_store& records, const std::filesystem::path& data);

/// The default address; the first one is made.
result<address> default_wallet(caf::actor_system& system, const wallet_actor& wallet);

/// From --wallet-key-file or, with an empty name, from WEIR_WALLET_PASSPHRASE, which
/// no child process gets to see; empty when there is neither. errc::usage for both.
result<filecoin::key_secret> wallet_secret(const std::string& key_file);

/// Unpredictable bytes from the system.
void fill_random(std::span<std::uint8_t> out);

} // namespace weir
