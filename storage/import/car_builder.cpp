#include "storage/import/car_builder.hpp"

#include "storage/car/car_header.hpp"
#include "storage/car/car_writer.hpp"
#include "storage/hash/digest.hpp"
#include "storage/import/stream_file.hpp"

#include <mutex>
#include <unordered_map>
#include <unordered_set>

#include <fcntl.h>

namespace weir {

struct car_builder::state {
  std::filesystem::path path;
  std::mutex order;   ///< of the four below
  commp_stream commp; ///< of the first `merged` buffers
  std::uint64_t merged = 0;
  std::unordered_map<std::uint64_t, piece_node> roots; ///< of later ones
  bytes tail;                                          ///< the last buffer, shorter than the others
  std::unique_ptr<stream_file> file;
  car_writer car;
  std::unordered_set<std::string> seen; ///< multihashes
  std::size_t header_size = 0;
  bool finished = false;

  explicit state(std::filesystem::path p)
      : path{std::move(p)}, car{[this](bytes_view data) { return file->append(data); }} {}

  /// Called by several threads at once, in any order.
  void take(std::uint64_t number, bytes_view data) {
    if (data.size() < stream_file::buffer_size) {
      tail = to_bytes(data);
      return;
    }
    if (number == 0) { // the front is kept for the header
      std::lock_guard lock{order};
      commp.update(data);
      ++merged;
      return merge();
    }
    auto root = commp_of_chunks(data);
    std::lock_guard lock{order};
    roots.emplace(number, root);
    merge();
  }

  /// With the lock held.
  void merge() {
    for (auto next = roots.find(merged); merged > 0 && next != roots.end(); next = roots.find(++merged)) {
      commp.push_chunks(next->second, stream_file::buffer_size / commp::chunk_size);
      roots.erase(next);
    }
  }
};

namespace {

/// Of large files, hashed at once: so many streams fill the narrowest kernel.
constexpr std::size_t least_leaves = 4;

/// As long as the CID of any raw leaf.
const cid& raw_leaf_like() {
  static const auto like = cid::v1(codec::raw, hash_code::sha2_256, sha256_digest{});
  return like;
}

} // namespace

car_builder::car_builder(std::unique_ptr<state> s) : state_{std::move(s)} {}

car_builder::~car_builder() {
  state_->file.reset();
  if (!state_->finished)
    (void)remove_file(state_->path);
}

result<std::unique_ptr<car_builder>> car_builder::create(const std::filesystem::path& path, const cid& root_like,
                                                         unsigned workers) {
  if (workers == 0)
    workers = std::thread::hardware_concurrency();
  auto made = std::make_unique<state>(path);
  made->commp.keep_front();
  auto* all = made.get();
  auto take = [all](std::uint64_t number, bytes_view data) { all->take(number, data); };
  WEIR_TRY(made->file, stream_file::create(path, take, workers));
  made->header_size = car_header({root_like}).size();
  std::unique_ptr<car_builder> builder{new car_builder{std::move(made)}}; // from here on it removes the file
  WEIR_CHECK(builder->state_->car.start({root_like}));
  return builder;
}

status car_builder::write(const cid& id, bytes_view block) {
  if (!state_->seen.emplace(as_text(id.multihash())).second)
    return {};
  return state_->car.append(id, block);
}

std::size_t car_builder::places(std::size_t size, std::span<std::uint8_t*> out) {
  const auto frame = static_cast<std::size_t>(car_frame_size(raw_leaf_like(), size)), head = frame - size;
  const auto room = state_->file->room(least_leaves * frame);
  const auto count = std::min(out.size(), room.size() / frame);
  for (std::size_t i = 0; i < count; ++i)
    out[i] = room.data() + i * frame + head;
  return count;
}

std::uint64_t car_builder::size() const {
  return state_->car.size();
}

result<built_car> car_builder::finish(const cid& root) {
  if (root.hash_code() == hash_code::identity)
    WEIR_CHECK(state_->car.append(root, root.digest()));
  auto header = car_header({root});
  const auto size = state_->car.size() - state_->header_size + header.size();
  if (header.size() == state_->header_size) {
    WEIR_CHECK(state_->file->finish(header));
    state_->commp.update(state_->tail);
    state_->commp.replace_front(header);
  } else {
    WEIR_CHECK(state_->file->finish());
    WEIR_CHECK(write_again(header));
  }
  state_->finished = true;
  return built_car{root, size, state_->car.blocks(), state_->commp.finish()};
}

/// The file anew behind a header of another length.
status car_builder::write_again(bytes_view header) {
  const auto old = state_->path;
  auto fresh = old;
  fresh += ".again";
  state_->commp = {};
  auto* commp = &state_->commp;
  auto copied = [&]() -> status {
    WEIR_TRY(auto from, open_file(old, O_RDONLY));
    WEIR_TRY(auto to, stream_file::create(fresh, [commp](std::uint64_t, bytes_view data) { commp->update(data); }));
    WEIR_CHECK(to->append(header));
    bytes buffer(1 << 20);
    for (std::uint64_t at = state_->header_size;;) {
      WEIR_TRY(auto n, read_at(from.get(), buffer, at, old));
      if (n == 0)
        return to->finish();
      WEIR_CHECK(to->append(bytes_view{buffer}.first(n)));
      at += n;
    }
  };
  auto done = copied();
  if (done)
    done = rename_file(fresh, old);
  if (!done)
    (void)remove_file(fresh);
  return done;
}

} // namespace weir
