#include "storage/import/dag_order.hpp"

#include "storage/hash/block_cid.hpp"
#include "storage/import/stream_file.hpp"

#include <unordered_map>

#include <fcntl.h>
#include <unistd.h>

namespace weir {

namespace fs = std::filesystem;

struct spilled_blocks::state {
  struct position {
    std::uint64_t offset, size;
  };
  fs::path path;
  file_descriptor fd;
  std::unique_ptr<stream_file> file;
  std::unordered_map<std::string, position> by_multihash;
};

spilled_blocks::spilled_blocks(std::unique_ptr<state> s) : state_{std::move(s)} {}

spilled_blocks::~spilled_blocks() = default;

result<std::unique_ptr<spilled_blocks>> spilled_blocks::create(const fs::path& folder) {
  auto made = std::make_unique<state>();
  made->path = folder / (".weir-blocks-" + std::to_string(::getpid()));
  WEIR_TRY(made->file, stream_file::create(made->path, [](std::uint64_t, bytes_view) {}));
  auto fd = open_file(made->path, O_RDONLY);
  WEIR_CHECK(remove_file(made->path)); // the descriptors keep it
  if (!fd)
    return fd.error();
  made->fd = std::move(*fd);
  return std::unique_ptr<spilled_blocks>{new spilled_blocks{std::move(made)}};
}

status spilled_blocks::write(const cid& id, bytes_view block) {
  auto [at, fresh] = state_->by_multihash.try_emplace(std::string{as_text(id.multihash())},
                                                      state::position{state_->file->size(), block.size()});
  return fresh ? state_->file->append(block) : status{};
}

status spilled_blocks::finish() {
  return state_->file->finish();
}

std::uint64_t spilled_blocks::count() const {
  return state_->by_multihash.size();
}

std::uint64_t spilled_blocks::bytes_held() const {
  return state_->file->size();
}

result<std::uint64_t> spilled_blocks::measure(const cid& id) {
  auto at = state_->by_multihash.find(std::string{as_text(id.multihash())});
  if (at == state_->by_multihash.end())
    return block_not_found(id);
  return at->second.size;
}

status spilled_blocks::read(const cid& id, bytes& out) {
  auto at = state_->by_multihash.find(std::string{as_text(id.multihash())});
  if (at == state_->by_multihash.end())
    return block_not_found(id);
  out.resize(at->second.size);
  WEIR_TRY(auto n, read_at(state_->fd.get(), out, at->second.offset, state_->path));
  out.resize(n);
  return verify_block(id, out);
}

result<built_car> export_car(const cid& root, block_source& source, const fs::path& path,
                             const std::function<status(std::uint64_t)>& go_on) {
  commp_stream commp;
  auto written = [&]() -> result<built_car> {
    WEIR_TRY(auto file, stream_file::create(path, [&](std::uint64_t, bytes_view data) { commp.update(data); }));
    car_writer car{[&](bytes_view data) -> status {
      WEIR_CHECK(file->append(data));
      return go_on ? go_on(file->size()) : status{};
    }};
    WEIR_CHECK(write_car(root, source, car));
    WEIR_CHECK(file->finish());
    return built_car{root, car.size(), car.blocks(), commp.finish()};
  };
  auto done = written();
  if (!done)
    (void)remove_file(path);
  return done;
}

} // namespace weir
