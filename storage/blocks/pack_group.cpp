#include "storage/blocks/pack_group.hpp"

#include "messages/types/varint.hpp"
#include "storage/car/car_header.hpp"
#include "storage/support/crash_point.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace weir {

namespace {

/// A growing pack is nobody's DAG: its root is the empty identity CID.
const bytes& pack_header() {
  static const bytes header = car_header({cid::v1(codec::raw, hash_code::identity, {})});
  return header;
}

/// What a group may be longer than its limit: one block, its front, a header
/// in the place of that, zeros up to a page.
constexpr std::size_t slack = most_small_block + 4 * append_file::page;

} // namespace

void pack_group::batch::add(const cid& id, bytes_view block, std::uint64_t absent_at) {
  bytes length;
  put_varint(length, id.data().size() + block.size());
  auto append = [this](bytes_view part) {
    std::memcpy(data.get() + used, part.data(), part.size());
    used += part.size();
  };
  append(length);
  append(id.data());
  const auto key_size = id.multihash().size();
  entries.push_back({static_cast<std::uint32_t>(used - key_size), static_cast<std::uint32_t>(key_size),
                     static_cast<std::uint32_t>(used), static_cast<std::uint32_t>(block.size()), absent_at});
  if (!block.empty())
    append(block);
  const auto& e = entries.back();
  by_key.emplace(as_text(view(e.key, e.key_size)), static_cast<std::uint32_t>(entries.size() - 1));
}

void pack_group::batch::join(const owner_pointer& owner) {
  if (std::find(owners.begin(), owners.end(), owner) == owners.end())
    owners.push_back(owner);
}

void pack_group::batch::clear() {
  entries.clear();
  by_key.clear();
  owners.clear();
  used = front = 0;
}

pack_group::~pack_group() {
  if (pack_)
    (void)packs_.note_growth(pack_, false); // else the next `open` reads what came since
}

/// With the lock held: buffers, and the pack that grew when the store was last open.
status pack_group::prepare() {
  if (ready_)
    return {};
  for (auto* b : {&open_, &closing_}) {
    const auto size = limits_.group_bytes + slack;
    b->data = {static_cast<std::uint8_t*>(std::aligned_alloc(append_file::page, size)), std::free};
    if (!b->data)
      return fail(errc::io, "there is no memory for small blocks");
  }
  begin_pack(open_);
  ready_ = true;
  auto last = packs_.growing();
  if (!last || last->leaving || last->bytes >= limits_.pack_bytes || packs_.find(last->file) != last)
    return {};
  auto file = append_file::open(last->file);
  const std::uint64_t end = last->bytes, start = end / append_file::page * append_file::page;
  if (!file || !file->cut(end) || !file->read({open_.data.get(), static_cast<std::size_t>(end - start)}, start))
    return {}; // a new one, then
  open_.start = start;
  open_.used = open_.front = static_cast<std::size_t>(end - start);
  open_.fresh = false;
  file_ = std::move(*file);
  pack_ = std::move(last);
  noted_ = end;
  return {};
}

/// The blocks in it, if any, become the first of a new pack.
void pack_group::begin_pack(batch& b) const {
  const auto& header = pack_header();
  const auto by = static_cast<std::uint32_t>(header.size() - b.front); // modulo 2^32
  std::memmove(b.data.get() + header.size(), b.data.get() + b.front, b.used - b.front);
  std::memcpy(b.data.get(), header.data(), header.size());
  b.used = b.used - b.front + header.size();
  b.front = header.size();
  b.start = 0;
  b.fresh = true;
  b.by_key.clear();
  for (std::uint32_t i = 0; i < b.entries.size(); ++i) {
    auto& e = b.entries[i];
    e.key += by;
    e.at += by;
    b.by_key.emplace(as_text(b.view(e.key, e.key_size)), i);
  }
}

/// Only whole pages are written: the last one of the group before comes first again.
void pack_group::go_on_after(batch& next, const batch& before) {
  const auto end = before.end();
  next.fresh = false;
  next.start = end / append_file::page * append_file::page;
  next.used = next.front = static_cast<std::size_t>(end - next.start);
  std::memcpy(next.data.get(), before.data.get() + (before.used - next.front), next.front);
}

const pack_group::batch* pack_group::find(bytes_view multihash, entry& found) const {
  for (const auto* b : {&open_, &closing_})
    if (auto it = b->by_key.find(as_text(multihash)); it != b->by_key.end()) {
      found = b->entries[it->second];
      return b;
    }
  return nullptr;
}

result<std::optional<bool>> pack_group::put(const owner_pointer& owner, const cid& id, bytes_view block,
                                            const looked& when) {
  lock held{mutex_};
  WEIR_CHECK(owner->failed);
  WEIR_CHECK(prepare());
  if (ended_ != when.ended)
    return std::optional<bool>{};
  entry known;
  if (const auto* b = find(id.multihash(), known)) {
    owner->group = std::max(owner->group, ended_ + (writing_ && b == &open_ ? 2 : 1));
    (b == &open_ ? open_ : closing_).join(owner);
    return std::optional{false};
  }
  const auto size = id.data().size() + block.size();
  if (!open_.entries.empty() && open_.used + size + varint_size(size) > limits_.group_bytes) {
    end_one(held);
    return std::optional<bool>{};
  }
  open_.add(id, block, when.absent_at);
  open_.join(owner);
  owner->group = ended_ + (writing_ ? 2 : 1);
  ++waiting_;
  return std::optional{true};
}

status pack_group::flush(const owner_pointer& owner) {
  lock held{mutex_};
  while (owner->group > ended_)
    end_one(held);
  return owner->failed;
}

/// One group ends: by this thread, or by the one that is at it. Releases the
/// lock meanwhile.
void pack_group::end_one(lock& held) {
  if (writing_) {
    changed_.wait(held, [this, before = ended_.load()] { return ended_ != before; });
    return;
  }
  if (open_.entries.empty())
    return;
  writing_ = true;
  std::swap(open_, closing_);
  go_on_after(open_, closing_);
  if (closing_.end() >= limits_.pack_bytes)
    begin_pack(open_);
  held.unlock();
  auto done = write(closing_);
  held.lock();
  if (!done) {
    for (auto& owner : closing_.owners)
      owner->failed = done;
    begin_pack(open_);
  }
  waiting_ -= closing_.entries.size();
  closing_.clear();
  writing_ = false;
  ++ended_;
  changed_.notify_all();
}

/// After an error the pack is left as it is: nobody can say what of this group
/// is on the disk.
status pack_group::write(batch& b) {
  auto done = b.fresh ? write_fresh(b) : file_->write({b.data.get(), b.used}, b.start);
  if (done && !b.fresh) {
    crash_point("packs.appended");
    done = file_->sync();
  }
  crash_point("packs.synced");
  if (done) {
    std::vector<pack_set::new_block> blocks;
    blocks.reserve(b.entries.size());
    for (const auto& e : b.entries)
      blocks.push_back({b.view(e.key, e.key_size), b.start + e.at, e.size, e.absent_at});
    done = packs_.extend(pack_, b.end(), blocks);
  }
  crash_point("packs.grown");
  if (!done || b.end() >= limits_.pack_bytes)
    leave_pack();
  else if (b.end() - noted_ >= limits_.note_every && packs_.note_growth(pack_, false))
    noted_ = b.end();
  return done;
}

/// A file that is not listed is nobody's: the next `open` removes it.
status pack_group::write_fresh(batch& b) {
  leave_pack();
  WEIR_TRY(auto name, packs_.name_own_pack());
  auto begin = [&]() -> status {
    WEIR_TRY(auto file, append_file::create(name));
    file_ = std::move(file);
    WEIR_CHECK(file_->write({b.data.get(), b.used}, 0));
    crash_point("packs.appended");
    WEIR_CHECK(file_->sync());
    WEIR_CHECK(sync_folder(name.parent_path()));
    WEIR_TRY(pack_, packs_.list_growing(name, b.front));
    noted_ = b.front;
    return {};
  };
  auto done = begin();
  if (!done) {
    file_.reset();
    (void)remove_file(name);
  }
  return done;
}

/// What cannot be noted now is found by the next `open`.
void pack_group::leave_pack() {
  if (pack_) {
    (void)file_->cut(pack_->bytes);
    (void)packs_.note_growth(pack_, true);
  }
  pack_ = nullptr;
  file_.reset();
}

status pack_group::end_pack(const pack_set::pack_pointer& p) {
  lock held{mutex_};
  WEIR_CHECK(prepare()); // else a writer who comes next would go on with it
  changed_.wait(held, [this] { return !writing_; });
  if (pack_ != p)
    return {};
  begin_pack(open_);
  leave_pack();
  return {};
}

bool pack_group::read(bytes_view multihash, bytes& out) const {
  if (waiting_ == 0)
    return false;
  std::lock_guard held{mutex_};
  entry found;
  const auto* b = find(multihash, found);
  if (b == nullptr)
    return false;
  out = to_bytes(b->view(found.at, found.size));
  return true;
}

std::optional<std::uint64_t> pack_group::size_of(bytes_view multihash) const {
  if (waiting_ == 0)
    return std::nullopt;
  std::lock_guard held{mutex_};
  entry found;
  return find(multihash, found) ? std::optional<std::uint64_t>{found.size} : std::nullopt;
}

} // namespace weir
