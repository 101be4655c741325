#include "storage/blocks/block_store.hpp"

#include "storage/blocks/pack_set.hpp"
#include "storage/blocks/verified_set.hpp"
#include "storage/blocks/write_group.hpp"
#include "storage/hash/block_cid.hpp"

namespace weir {

namespace {

/// Tells copies of a block apart for `verified_set`.
std::uint64_t number_of(const pack_place& place) {
  return (std::uint64_t{place.pack} << 40) + place.offset + 1;
}

cid raw_cid(bytes_view multihash) {
  return cid::v1(codec::raw, multihash);
}

} // namespace

struct block_store::state {
  std::unique_ptr<flatfs> files;
  std::unique_ptr<pack_set> packed;
  write_group group;
  verified_set verified;
  std::mutex packing;       ///< one pack is added or dropped at a time
  std::shared_mutex moving; ///< held by who looks for a packed copy before he writes a loose one
  std::mutex listener_mutex;
  damage_listener listener;

  state(std::unique_ptr<flatfs> f, std::unique_ptr<pack_set> p, const options& o)
      : files{std::move(f)}, packed{std::move(p)}, group{*files, {o.group_blocks, o.group_bytes}}, verified{
                                                                                                       o.remembered} {}

  /// Under its name, on its way there, or under its name after all.
  status fetch(bytes_view multihash, bytes& out) const {
    auto found = files->read(multihash, out);
    if (found || found.error().code != errc::not_found)
      return found;
    found = group.read(multihash, out);
    if (found || found.error().code != errc::not_found)
      return found;
    return files->read(multihash, out);
  }

  result<std::uint64_t> measure(const cid& id) const {
    for (int attempt = 0; attempt < 2; ++attempt) { // it may get its name in between
      auto size = files->size_of(id.multihash());
      if (size || size.error().code != errc::not_found)
        return size;
      if (auto on_its_way = group.size_of(id.multihash()))
        return *on_its_way;
    }
    WEIR_TRY(auto places, packed->places(id.multihash()));
    if (places.empty())
      return block_not_found(id);
    return std::uint64_t{places[0].place.size};
  }

  /// The error of a copy that is not what its CID says and was put aside.
  error damaged(const cid& id, const status& put_aside) {
    damage_listener tell;
    {
      std::lock_guard lock{listener_mutex};
      tell = listener;
    }
    if (tell)
      tell(id);
    return fail(errc::corrupt,
                put_aside
                    ? "a stored block does not match its CID and was put aside"
                    : "a stored block does not match its CID and could not be put aside: " + put_aside.error().message,
                id.text());
  }

  error damaged_loose(const cid& id) {
    verified.erase(id.multihash());
    return damaged(id, files->quarantine(id.multihash()));
  }

  status check_once(const cid& id, bytes_view block, std::uint64_t place) {
    if (verified.contains(id, place))
      return {};
    WEIR_CHECK(verify_block(id, block));
    verified.insert(id, place);
    return {};
  }

  status read_loose(const cid& id, bytes& out) {
    auto found = fetch(id.multihash(), out);
    if (found)
      found = check_once(id, out, 0);
    if (!found && found.error().code == errc::corrupt)
      return damaged_loose(id);
    return found;
  }

  status read_place(const cid& id, const pack_set::found& where, bytes& out) {
    auto done = pack_set::read(where, out);
    if (done)
      done = check_once(id, out, number_of(where.place));
    if (!done && done.error().code == errc::corrupt) {
      verified.erase(id.multihash(), number_of(where.place));
      return damaged(id, packed->forget(id.multihash(), where.place));
    }
    return done;
  }

  /// From the first pack that has it whole.
  status read_packed(const cid& id, bytes& out) {
    WEIR_TRY(auto places, packed->places(id.multihash()));
    status done = block_not_found(id);
    for (const auto& where : places)
      if (done = read_place(id, where, out); done)
        break;
    return done;
  }

  /// What a pack serves is not needed loose.
  status remove_loose_of(const pack_set::pack_pointer& p) {
    auto remove = [&](bytes_view multihash, const pack_place& place) -> status {
      WEIR_TRY(auto places, packed->places(multihash));
      for (const auto& where : places)
        if (where.place == place) {
          verified.erase(multihash);
          return files->remove(multihash);
        }
      return {};
    };
    if (files->has_folders()) {
      WEIR_CHECK(pack_set::scan(*p, remove));
      WEIR_CHECK(files->sync()); // else they could come back
    }
    return packed->settle(p);
  }

  status add_pack(const std::filesystem::path& file, bool verify, const std::function<status()>& go_on) {
    std::lock_guard one_at_a_time{packing};
    WEIR_TRY(auto p, packed->prepare(file, verify, go_on));
    {
      // Who comes after this sees it in the pack; who came before is flushed.
      std::unique_lock lock{moving};
      WEIR_CHECK(packed->list(p));
    }
    (void)group.flush(std::make_shared<write_owner>()); // an error is that of the blocks' owners
    return remove_loose_of(p);
  }
};

class block_store::writer_impl : public block_writer {
public:
  explicit writer_impl(state& s) : state_{s} {}

  status commit() override { return state_.group.flush(owner_); }
  std::uint64_t new_blocks() const override { return new_blocks_; }
  std::uint64_t new_bytes() const override { return new_bytes_; }

private:
  status write(const cid& id, bytes_view block) override {
    WEIR_CHECK(failed_);
    std::shared_lock lock{state_.moving};
    WEIR_TRY(auto packed, state_.packed->places(id.multihash()));
    if (!packed.empty())
      return {};
    auto added = state_.group.put(owner_, id.multihash(), block);
    if (!added)
      return failed_ = added.error();
    new_blocks_ += *added ? 1 : 0;
    new_bytes_ += *added ? block.size() : 0;
    return {};
  }

  state& state_;
  std::shared_ptr<write_owner> owner_ = std::make_shared<write_owner>();
  status failed_;
  std::uint64_t new_blocks_ = 0, new_bytes_ = 0;
};

block_store::block_store(std::unique_ptr<state> s) : state_{std::move(s)} {}

block_store::~block_store() = default;

result<std::unique_ptr<block_store>> block_store::open(const std::filesystem::path& folder, const options& o) {
  WEIR_TRY(auto files, flatfs::open(folder));
  WEIR_TRY(auto packed, pack_set::open(folder));
  auto made = std::make_unique<state>(std::move(files), std::move(packed), o);
  for (const auto& p : made->packed->unsettled())
    WEIR_CHECK(made->remove_loose_of(p));
  return std::unique_ptr<block_store>{new block_store{std::move(made)}};
}

result<std::unique_ptr<block_store>> block_store::open(const std::filesystem::path& folder) {
  return open(folder, options{});
}

void block_store::on_damage(damage_listener listener) {
  std::lock_guard lock{state_->listener_mutex};
  state_->listener = std::move(listener);
}

std::unique_ptr<block_writer> block_store::writer() {
  return std::make_unique<writer_impl>(*state_);
}

status block_store::put(const cid& id, bytes_view block) {
  auto w = writer();
  WEIR_CHECK(w->put(id, block));
  return w->commit();
}

status block_store::read(const cid& id, bytes& out) {
  // Packs first: to find out that a file is not there costs more than the index.
  auto first = state_->packed->empty() ? status{block_not_found(id)} : state_->read_packed(id, out);
  if (first)
    return first;
  auto loose = state_->read_loose(id, out);
  if (!loose && loose.error().code == errc::not_found && first.error().code == errc::corrupt)
    return first;
  if (loose || (loose.error().code != errc::not_found && loose.error().code != errc::corrupt))
    return loose;
  auto packed = state_->read_packed(id, out);
  return !packed && packed.error().code == errc::not_found && loose.error().code == errc::corrupt ? loose : packed;
}

bool block_store::has(const cid& id) const {
  return id.hash_code() == hash_code::identity || state_->measure(id).ok();
}

result<std::uint64_t> block_store::measure(const cid& id) {
  return state_->measure(id);
}

status block_store::remove(const cid& id) {
  state_->verified.erase(id.multihash());
  return state_->files->remove(id.multihash());
}

status block_store::check(const cid& id) {
  state_->verified.erase(id.multihash());
  WEIR_TRY(auto places, state_->packed->places(id.multihash()));
  for (const auto& where : places)
    state_->verified.erase(id.multihash(), number_of(where.place));
  bytes block;
  return get(id, block);
}

status block_store::add_pack(const std::filesystem::path& file, bool verify, const std::function<status()>& go_on) {
  return state_->add_pack(file, verify, go_on);
}

status block_store::drop_pack(const std::filesystem::path& file) {
  std::lock_guard one_at_a_time{state_->packing};
  return state_->packed->drop(file);
}

std::vector<pack_info> block_store::packs() const {
  std::vector<pack_info> out;
  for (const auto& p : state_->packed->packs())
    out.push_back({p->file, p->bytes, !p->fd});
  return out;
}

status block_store::discard_index(const std::filesystem::path& folder) {
  return discard_pack_index(folder);
}

result<store_stat> block_store::stat() const {
  store_stat out;
  WEIR_CHECK(state_->files->for_each([&](bytes_view, std::uint64_t size) {
    ++out.loose_blocks;
    out.loose_bytes += size;
    return status{};
  }));
  auto totals = state_->packed->totals();
  out.packed_blocks = totals.blocks;
  out.packed_bytes = totals.bytes;
  for (const auto& p : packs()) {
    ++out.packs;
    out.pack_bytes += p.bytes;
  }
  return out;
}

result<store_check> block_store::check_all(const std::function<status()>& go_on) {
  store_check out;
  bytes block;
  auto count = [&](const cid& id, const status& read) -> status {
    if (go_on)
      WEIR_CHECK(go_on());
    if (!read && read.error().code != errc::corrupt && read.error().code != errc::not_found)
      return read;
    if (!read && read.error().code == errc::corrupt)
      out.damaged.push_back(id);
    if (read) {
      ++out.blocks;
      out.bytes += block.size();
    }
    return {};
  };
  WEIR_CHECK(state_->files->for_each([&](bytes_view multihash, std::uint64_t) {
    auto id = raw_cid(multihash);
    state_->verified.erase(multihash);
    return count(id, state_->read_loose(id, block));
  }));
  WEIR_CHECK(state_->packed->for_each([&](bytes_view multihash, const std::vector<pack_set::found>& places) -> status {
    auto id = raw_cid(multihash);
    for (const auto& where : places) {
      state_->verified.erase(multihash, number_of(where.place));
      WEIR_CHECK(count(id, state_->read_place(id, where, block)));
    }
    return {};
  }));
  return out;
}

status block_store::for_each(const std::function<status(bytes_view, std::uint64_t)>& visit) const {
  WEIR_CHECK(state_->files->for_each(visit));
  return state_->packed->for_each([&](bytes_view multihash, const std::vector<pack_set::found>& places) {
    return visit(multihash, places[0].place.size);
  });
}

std::uint64_t block_store::bytes_used() const {
  return state_->files->disk_usage() + state_->packed->totals().bytes;
}

} // namespace weir
