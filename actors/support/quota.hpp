#pragma once
// What an FFS instance uses of its quota, and whether it may use more. Plain
// logic of records, no counter: the sum is made of what the records say at the
// moment of the commit, so a crash, a removal or an import cannot leave it
// wrong. It is made only for an instance that has the limit. Whoever takes more
// writes the instance's record anew in the same transaction: of two at once the
// second is tried again, and sees the first.
#include "actors/support/committer.hpp"
#include "messages/types/ffs.hpp"

#include <map>
#include <set>

namespace weir::quotas {

/// Bytes of the blocks of all CIDs that the instance keeps or has staged, each CID once, until it removes them.
result<std::uint64_t> bytes_used(const records::reader& state, const instance_id& of);

/// What its deals promise to pay (all of their price, once the provider may
/// have them; not those that were refused or never published), and what it sent
/// to others. Deals of pieces that it shares are the node's.
result<token_amount> spent(const records::reader& state, const instance_id& of);

struct use {
  std::uint64_t bytes = 0; ///< as bytes_used
  std::uint64_t jobs = 0;  ///< that wait
  token_amount spend;      ///< as spent
};

/// What each of these instances uses: what all of them have in common (deals,
/// messages, what is staged) is looked at once.
result<std::map<instance_id, use>> used(const records::reader& state, const std::set<instance_id>& of);

/// A CID comes to be kept with `size` bytes. errc::disk_full with what it would be, and the limit.
status take_bytes(const records::reader& state, const instance_id& of, const cid& id, std::uint64_t size,
                  transaction_builder& t);
/// The same for whoever owns it; nothing for owners that are no instance.
status take_bytes(const records::reader& state, const owner_id& of, const cid& id, std::uint64_t size,
                  transaction_builder& t);

/// It is going to pay so much more. errc::insufficient_funds says by how much it is too much.
status take_spend(const records::reader& state, const instance_id& of, const token_amount& more,
                  transaction_builder& t);
/// For the deals of a content with terms of its own.
status take_spend(const records::reader& state, const content_id& of, const token_amount& more, transaction_builder& t);
/// For a message from one of its addresses; nothing for the node's own, and between addresses of an instance.
status take_spend(const records::reader& state, const chain_message& m, transaction_builder& t);

} // namespace weir::quotas
