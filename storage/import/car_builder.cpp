#include "storage/import/car_builder.hpp"

#include "storage/car/car_header.hpp"
#include "storage/car/car_writer.hpp"
#include "storage/import/stream_file.hpp"

#include <unordered_set>

#include <fcntl.h>

namespace weir {

struct car_builder::state {
  std::filesystem::path path;
  commp_stream commp;
  std::unique_ptr<stream_file> file;
  car_writer car;
  std::unordered_set<std::string> seen; ///< multihashes
  std::size_t header_size = 0;
  bool finished = false;

  explicit state(std::filesystem::path p)
      : path{std::move(p)}, car{[this](bytes_view data) { return file->append(data); }} {}
};

car_builder::car_builder(std::unique_ptr<state> s) : state_{std::move(s)} {}

car_builder::~car_builder() {
  state_->file.reset();
  if (!state_->finished)
    (void)remove_file(state_->path);
}

result<std::unique_ptr<car_builder>> car_builder::create(const std::filesystem::path& path, const cid& root_like) {
  auto made = std::make_unique<state>(path);
  made->commp.keep_front();
  auto* commp = &made->commp;
  WEIR_TRY(made->file, stream_file::create(path, [commp](bytes_view data) { commp->update(data); }));
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

std::uint64_t car_builder::size() const {
  return state_->car.size();
}

result<built_car> car_builder::finish(const cid& root) {
  if (root.hash_code() == hash_code::identity)
    WEIR_CHECK(state_->car.append(root, root.digest()));
  auto header = car_header({root});
  WEIR_CHECK(state_->file->finish());
  const auto size = state_->car.size() - state_->header_size + header.size();
  if (header.size() == state_->header_size) {
    state_->commp.replace_front(header);
    WEIR_CHECK(state_->file->overwrite(0, header));
  } else {
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
    WEIR_TRY(auto to, stream_file::create(fresh, [commp](bytes_view data) { commp->update(data); }));
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
