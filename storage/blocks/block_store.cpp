#include "storage/blocks/block_store.hpp"

#include "storage/blocks/verified_set.hpp"
#include "storage/blocks/write_group.hpp"
#include "storage/hash/block_cid.hpp"

namespace weir {

struct block_store::state {
  std::unique_ptr<flatfs> files;
  write_group group;
  verified_set verified;
  std::mutex listener_mutex;
  damage_listener listener;

  state(std::unique_ptr<flatfs> f, const options& o)
      : files{std::move(f)}, group{*files, {o.group_blocks, o.group_bytes}}, verified{o.remembered} {}

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
    return block_not_found(id);
  }

  status damaged(const cid& id) {
    verified.erase(id.multihash());
    auto moved = files->quarantine(id.multihash());
    damage_listener tell;
    {
      std::lock_guard lock{listener_mutex};
      tell = listener;
    }
    if (tell)
      tell(id);
    return fail(errc::corrupt,
                moved ? "a stored block does not match its CID and was put aside"
                      : "a stored block does not match its CID and could not be put aside: " + moved.error().message,
                id.text());
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
  return std::unique_ptr<block_store>{new block_store{std::make_unique<state>(std::move(files), o)}};
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
  auto found = state_->fetch(id.multihash(), out);
  if (!found && found.error().code == errc::not_found)
    return block_not_found(id);
  if (!found && found.error().code == errc::corrupt)
    return state_->damaged(id);
  WEIR_CHECK(found);
  if (state_->verified.contains(id))
    return {};
  auto good = verify_block(id, out);
  if (!good)
    return good.error().code == errc::corrupt ? state_->damaged(id) : good;
  state_->verified.insert(id);
  return {};
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
  bytes block;
  return get(id, block);
}

status block_store::for_each(const std::function<status(bytes_view, std::uint64_t)>& visit) const {
  return state_->files->for_each(visit);
}

std::uint64_t block_store::bytes_used() const {
  return state_->files->disk_usage();
}

} // namespace weir
