#pragma once
// FFS instances (seed 000: Manager and Auth) as transactions: plain logic,
// built from the newest state, doing nothing when the work is found done.
// An instance owns contents as `ffs::owner_of(id)`; its tokens open that
// owner's data and nothing else.
#include "actors/support/committer.hpp"
#include "messages/types/ffs.hpp"

namespace weir::ffs {

inline constexpr std::size_t max_name = 100;         ///< bytes
inline constexpr std::size_t max_instances = 10'000; ///< names are compared with all of them

/// 1 to max_name bytes, printable.
status check_name(const std::string& name);

/// errc::already_exists when another one has the name.
status check_rename(const records::reader& state, const instance& renamed);

/// errc::already_exists for the name, errc::overloaded over max_instances.
result<transaction_builder> create(const records::reader& state, const instance& made, const access_token& first);

/// errc::not_found also for one that is being deleted.
result<instance> find(const records::reader& state, const instance_id& id);

/// Wires it to `to`, if it is not.
void wire(instance& what, const std::string& to);
/// From now on it is wired to `to`, which takes over what it wants of its CIDs
/// (scheduler_moves.cpp). errc::not_found.
result<transaction_builder> move(const records::reader& state, const instance_id& id, const std::string& to);

/// Not revoked ones, by name.
result<std::vector<access_token>> tokens_of(const records::reader& state, const instance_id& id);
/// errc::already_exists for a name that the instance has given.
result<transaction_builder> add_token(const records::reader& state, const access_token& made);
/// errc::not_found.
result<transaction_builder> revoke_token(const records::reader& state, const instance_id& id, const std::string& name);

/// The first slice alone: its tokens go and nobody sees it any more.
result<transaction_builder> close_instance(const records::reader& state, const instance_id& id, epoch now,
                                           unix_ms time);
/// One slice of a deletion: first its tokens go and nobody sees it any more,
/// then its contents, then its record; `more` until the last.
result<transaction_builder> remove_slice(const records::reader& state, const instance_id& id, epoch now, unix_ms time,
                                         bool& more);

} // namespace weir::ffs
