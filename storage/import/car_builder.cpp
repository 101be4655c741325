#include "storage/import/car_builder.hpp"

#include "storage/car/car_header.hpp"
#include "storage/car/car_writer.hpp"
#include "storage/import/stream_file.hpp"

#include <unordered_set>

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
  auto header = car_header({root});
  if (header.size() != state_->header_size)
    return fail(errc::unsupported, "the root of the CAR has another form than was said", root.text());
  WEIR_CHECK(state_->file->finish());
  state_->commp.replace_front(header);
  WEIR_CHECK(state_->file->overwrite(0, header));
  state_->finished = true;
  return built_car{root, state_->car.size(), state_->car.blocks(), state_->commp.finish()};
}

} // namespace weir
