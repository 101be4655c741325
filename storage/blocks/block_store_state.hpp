#pragma once
// What a block store is made of (internal to storage/blocks): the order in
// which a block is looked for, checked and put aside.
#include "storage/blocks/block_store.hpp"
#include "storage/blocks/pack_group.hpp"
#include "storage/blocks/pack_set.hpp"
#include "storage/blocks/verified_set.hpp"
#include "storage/blocks/write_group.hpp"

namespace weir {

struct block_store::state {
  std::unique_ptr<flatfs> files;
  std::unique_ptr<pack_set> packed;
  write_group group;
  pack_group small;
  const std::size_t small_block;
  verified_set verified;
  std::mutex packing;       ///< one pack is added or dropped at a time
  std::shared_mutex moving; ///< held by who looks for a packed copy before he writes a loose one
  std::mutex compacting;    ///< held by a whole `compact`, before `packing`
  std::mutex listener_mutex;
  damage_listener listener;

  state(std::unique_ptr<flatfs> f, std::unique_ptr<pack_set> p, const options& o)
      : files{std::move(f)}, packed{std::move(p)}, group{*files, {o.group_blocks, o.group_bytes}},
        small{*packed, {.pack_bytes = o.small_pack_bytes, .note_every = o.small_noted_bytes}},
        small_block{std::min(o.small_block, most_small_block)}, verified{o.remembered} {}

  /// Under its name, on its way there, or under its name after all.
  status fetch(bytes_view multihash, bytes& out) const;
  result<std::uint64_t> measure(const cid& id) const;

  /// The error of a copy that is not what its CID says and was put aside.
  error damaged(const cid& id, const status& put_aside, const std::string& source = {});
  error damaged_loose(const cid& id);
  static error changed_source(const cid& id, const pack_set::found& where, const error& why);
  status check_once(const cid& id, bytes_view block, std::uint64_t place);

  status read_loose(const cid& id, bytes& out);
  status read_place(const cid& id, const pack_set::found& where, bytes& out);
  /// From the first pack that has it whole.
  status read_packed(const cid& id, bytes& out);

  /// What a pack serves is not needed loose. With `verify` only where the
  /// packed copy is what its CID says.
  status remove_loose_of(const pack_set::pack_pointer& p, bool verify);
  status add_pack(const std::filesystem::path& file, bool verify, const std::function<status()>& go_on);
  /// The same for whoever has locked `packing`.
  status add_alone(const std::filesystem::path& file, bool verify, const std::function<status()>& go_on);

  /// A pack that serves the block, and goes on to.
  result<bool> stays_packed(bytes_view multihash) const;
  static bool stays_in(const std::vector<pack_set::found>& places);
  /// Or a loose copy.
  result<bool> stays(bytes_view multihash) const;
  /// The place serves, no other pack has the block, and `keep` wants it.
  result<bool> needs(const pack_set::pack_pointer& p, bytes_view multihash, const pack_place& place,
                     const keep_rule& keep) const;

  /// From now on whoever puts a block of the pack gets a copy of his own. Both
  /// for whoever has locked `packing`.
  status begin_leaving(const pack_set::pack_pointer& p);
  void stay(const pack_set::pack_pointer& p); ///< after all

  result<std::uint64_t> count_live(const pack_set::pack_pointer& p, const keep_rule& keep,
                                   const std::function<status()>& go_on);
  result<std::filesystem::path> copy_needed(const pack_set::pack_pointer& p, const keep_rule& keep,
                                            const std::function<status()>& go_on);
  status replace_pack(const pack_set::pack_pointer& p, const keep_rule& keep, const std::function<status()>& go_on);

  /// The blocks of a pack that `keep` wants and no other pack has become loose.
  status keep_blocks(const pack_set::pack_pointer& p, const keep_rule& keep);
  status drop_pack(const std::filesystem::path& file, const keep_rule& keep);
  status mend(const cid& id, bytes_view block, const std::filesystem::path& file, std::uint64_t offset);
};

/// A writer looks for packed copies first, and for loose ones of small blocks.
class block_store::writer_impl : public block_writer {
public:
  explicit writer_impl(state& s) : state_{s} {}

  status commit() override;
  std::uint64_t new_blocks() const override { return new_blocks_; }
  std::uint64_t new_bytes() const override { return new_bytes_; }

private:
  status write(const cid& id, bytes_view block) override;
  /// Nothing when it has to look again.
  result<std::optional<bool>> add(const cid& id, bytes_view block);

  state& state_;
  std::shared_ptr<write_owner> owner_ = std::make_shared<write_owner>();
  std::shared_ptr<pack_owner> small_owner_ = std::make_shared<pack_owner>();
  bool loose_ = false; ///< some of its blocks are
  status failed_;
  std::uint64_t new_blocks_ = 0, new_bytes_ = 0;
};

/// Tells copies of a block apart for `verified_set`.
inline std::uint64_t number_of(const pack_place& place) {
  return (std::uint64_t{place.pack} << 40) + place.offset + 1;
}

} // namespace weir
