#include "storage/blocks/write_group.hpp"

#include "storage/support/file.hpp"

#include <algorithm>

#include <fcntl.h>

namespace weir {

namespace {

std::string key_of(bytes_view multihash) {
  return std::string{as_text(multihash)};
}

} // namespace

write_group::~write_group() {
  for (const auto& [key, p] : open_)
    files_.discard(p.file);
}

write_group::pending* write_group::find(const std::string& key) const {
  if (auto it = open_.find(key); it != open_.end())
    return &it->second;
  auto it = closing_.find(key);
  return it == closing_.end() ? nullptr : &it->second;
}

bool write_group::join(const std::shared_ptr<write_owner>& owner, const std::string& key) {
  auto* p = find(key);
  if (p == nullptr)
    return false;
  if (std::find(p->owners.begin(), p->owners.end(), owner) == p->owners.end())
    p->owners.push_back(owner);
  return true;
}

result<bool> write_group::put(const std::shared_ptr<write_owner>& owner, bytes_view multihash, bytes_view block) {
  auto key = key_of(multihash);
  {
    std::lock_guard lock{mutex_};
    WEIR_CHECK(owner->failed);
    if (join(owner, key))
      return false;
  }
  // A file of another size is what a damaged disk left: it is replaced.
  if (auto size = files_.size_of(multihash); size && *size == block.size()) {
    std::lock_guard lock{mutex_};
    join(owner, key); // it may have got its name this moment, and not be durable
    return false;
  }
  WEIR_TRY(auto file, files_.stage(multihash, block));
  bool full = false;
  {
    std::lock_guard lock{mutex_};
    if (join(owner, key)) { // another writer was faster
      files_.discard(file);
      return false;
    }
    open_bytes_ += block.size();
    open_.emplace(std::move(key), pending{std::move(file), {owner}});
    full = open_.size() >= limits_.blocks || open_bytes_ >= limits_.bytes;
  }
  if (full)
    WEIR_CHECK(flush(owner));
  return true;
}

status write_group::flush(const std::shared_ptr<write_owner>& owner) {
  {
    // Whoever waits here finds his blocks in the group of the one before, or
    // takes those of all who came meanwhile.
    std::lock_guard one_at_a_time{flushing_};
    flush_group();
  }
  std::lock_guard lock{mutex_};
  return owner->failed;
}

void write_group::flush_group() {
  auto group = close_group();
  if (!group.empty())
    end_group(files_.publish(group));
}

std::vector<flatfs::staged> write_group::close_group() {
  std::lock_guard lock{mutex_};
  closing_.swap(open_);
  open_bytes_ = 0;
  std::vector<flatfs::staged> group;
  group.reserve(closing_.size());
  for (const auto& [key, p] : closing_)
    group.push_back(p.file);
  return group;
}

void write_group::end_group(const status& done) {
  std::lock_guard lock{mutex_};
  if (!done)
    for (auto& [key, p] : closing_)
      for (auto& owner : p.owners)
        owner->failed = done;
  closing_.clear();
}

status write_group::read(bytes_view multihash, bytes& out) const {
  std::filesystem::path path;
  std::uint64_t size = 0;
  {
    std::lock_guard lock{mutex_};
    const auto* p = find(key_of(multihash));
    if (p == nullptr)
      return fail(errc::not_found, "the block is not on its way to disk");
    path = p->file.file;
    size = p->file.size;
  }
  WEIR_TRY(auto fd, open_file(path, O_RDONLY)); // not_found: it has its name by now
  out.resize(size);
  WEIR_TRY(auto n, read_at(fd.get(), out, 0, path));
  out.resize(n);
  return {};
}

std::optional<std::uint64_t> write_group::size_of(bytes_view multihash) const {
  std::lock_guard lock{mutex_};
  const auto* p = find(key_of(multihash));
  return p == nullptr ? std::nullopt : std::optional{p->file.size};
}

} // namespace weir
