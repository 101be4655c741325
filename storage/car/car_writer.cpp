#include "storage/car/car_writer.hpp"

#include "messages/types/varint.hpp"
#include "storage/car/car_header.hpp"
#include "storage/ipld/links.hpp"

namespace weir {

status car_writer::emit(bytes_view data) {
  WEIR_CHECK(out_(data));
  size_ += data.size();
  return {};
}

status car_writer::start(const std::vector<cid>& roots) {
  if (size_ > 0)
    return fail(errc::precondition, "a CAR has one header only");
  return emit(car_header(roots));
}

status car_writer::append(const cid& id, bytes_view block, car_position* where) {
  if (size_ == 0)
    return fail(errc::precondition, "a CAR starts with its header");
  prefix_.clear();
  put_varint(prefix_, id.data().size() + block.size());
  prefix_.insert(prefix_.end(), id.data().begin(), id.data().end());
  if (where != nullptr)
    *where = {size_, size_ + prefix_.size(), block.size()};
  WEIR_CHECK(emit(prefix_));
  ++blocks_;
  return emit(block);
}

status write_car(const cid& root, block_source& source, car_writer& out) {
  WEIR_CHECK(out.start({root}));
  return for_each_block(root, source, [&](const cid& id, bytes_view block) { return out.append(id, block); });
}

result<car_size> measure_car(const cid& root, block_source& source) {
  car_size total{.bytes = car_header({root}).size()};
  bytes block;
  auto measured = walk_dag(root, [&](const cid& id, std::vector<cid>& links) -> status {
    std::uint64_t size = 0;
    if (id.codec() == codec::raw) {
      WEIR_TRY(size, source.size_of(id));
    } else {
      WEIR_CHECK(source.get(id, block));
      WEIR_CHECK(links_of(id, block, links));
      size = block.size();
    }
    ++total.blocks;
    total.block_bytes += size;
    total.bytes += car_frame_size(id, size);
    return {};
  });
  WEIR_CHECK(measured);
  return total;
}

} // namespace weir
