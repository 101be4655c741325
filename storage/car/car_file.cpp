#include "storage/car/car_file.hpp"

#include "messages/types/varint.hpp"
#include "storage/car/car_header.hpp"
#include "storage/car/car_v2.hpp"
#include "storage/hash/block_cid.hpp"

#include <unordered_map>

#include <fcntl.h>

namespace weir {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t piece_size = 1 << 20;
/// What is read of a frame to know its length and CID.
constexpr std::size_t peek_size = 256;

/// Walks from frame to frame without reading the blocks between.
class frame_scanner {
public:
  using on_entry = std::function<status(const car_entry&)>;

  frame_scanner(int fd, const fs::path& path, const car_payload& where, const car_limits& limits)
      : fd_{fd}, path_{path}, limits_{limits}, at_{where.offset}, end_{where.offset + where.size} {}

  result<std::vector<cid>> scan(const on_entry& visit) {
    WEIR_TRY(auto roots, read_header());
    for (;;) {
      WEIR_CHECK(peek());
      if (seen_.empty())
        return roots;
      if (seen_[0] == 0 && limits_.zero_tail) {
        WEIR_CHECK(only_zeros());
        return roots;
      }
      WEIR_CHECK(take_frame(visit));
    }
  }

private:
  error here(errc code, std::string why) const {
    return fail(code, std::move(why) + " (in the frame at byte " + std::to_string(at_) + " of the CAR)",
                path_.string());
  }

  status peek(std::size_t size = peek_size) {
    buffer_.resize(std::min<std::uint64_t>(size, end_ - std::min(end_, at_)));
    WEIR_TRY(auto n, read_at(fd_, buffer_, at_, path_));
    seen_ = bytes_view{buffer_}.first(n);
    return {};
  }

  result<std::vector<cid>> read_header() {
    WEIR_CHECK(peek());
    auto rest = seen_;
    auto size = take_varint(rest, multiformats_varint_max);
    if (!size || *size == 0)
      return here(errc::malformed, "not a CAR");
    if (*size > max_car_header)
      return here(errc::too_large, "the header is too long");
    at_ += seen_.size() - rest.size();
    WEIR_CHECK(peek(*size));
    if (seen_.size() < *size)
      return here(errc::malformed, "the CAR is cut short");
    WEIR_TRY(auto roots, decode_car_header(seen_));
    at_ += *size;
    return roots;
  }

  status take_frame(const on_entry& visit) {
    auto rest = seen_;
    auto size = take_varint(rest, multiformats_varint_max);
    if (!size || *size == 0)
      return here(errc::malformed, "the length of a frame is not valid, or the CAR is cut short");
    if (rest.size() < *size && seen_.size() < peek_size)
      return here(errc::malformed, "the CAR is cut short");
    const auto body = at_ + (seen_.size() - rest.size());
    auto in_frame = rest.first(std::min<std::uint64_t>(rest.size(), *size));
    const auto in_frame_size = in_frame.size();
    auto id = cid::take(in_frame);
    if (!id)
      return here(id.error().code, id.error().message);
    const auto id_size = in_frame_size - in_frame.size();
    if (*size - id_size > limits_.block_size)
      return here(errc::too_large, "a block is too large");
    at_ = body + *size;
    if (++frames_ > limits_.blocks)
      return here(errc::too_large, "too many blocks");
    WEIR_CHECK(last_byte_is_there());
    return visit({*std::move(id), body + id_size, *size - id_size});
  }

  status last_byte_is_there() {
    std::uint8_t last;
    WEIR_TRY(auto n, read_at(fd_, {&last, 1}, at_ - 1, path_));
    if (n == 0 || at_ > end_)
      return here(errc::malformed, "the CAR is cut short before this byte");
    return {};
  }

  status only_zeros() {
    while (!seen_.empty()) {
      for (auto byte : seen_)
        if (byte != 0)
          return here(errc::malformed, "something follows the zeros after the last frame");
      at_ += seen_.size();
      WEIR_CHECK(peek(piece_size));
    }
    return {};
  }

  int fd_;
  const fs::path& path_;
  const car_limits& limits_;
  std::uint64_t at_, end_;
  std::uint64_t frames_ = 0;
  bytes buffer_;
  bytes_view seen_;
};

} // namespace

result<car_summary> read_car(const fs::path& path, const car_parser::on_block& visit, const car_limits& limits,
                             const std::function<bool()>& interrupted) {
  return read_car_at(path, {0, ~std::uint64_t{0}, std::nullopt}, visit, limits, interrupted);
}

result<car_summary> read_car_at(const fs::path& path, const car_payload& where, const car_parser::on_block& visit,
                                const car_limits& limits, const std::function<bool()>& interrupted) {
  WEIR_TRY(auto fd, open_file(path, O_RDONLY));
  auto in_file = [&](const cid& id, bytes_view block, car_position at) {
    at.frame += where.offset;
    at.offset += where.offset;
    return visit(id, block, at);
  };
  car_parser parser{in_file, limits};
  bytes buffer(std::min<std::uint64_t>(piece_size, where.size));
  for (std::uint64_t at = 0; at < where.size;) {
    if (interrupted && interrupted())
      return fail(errc::cancelled, "reading a CAR was stopped", path.string());
    auto part = std::span{buffer}.first(std::min<std::uint64_t>(buffer.size(), where.size - at));
    WEIR_TRY(auto n, read_at(fd.get(), part, where.offset + at, path));
    if (n == 0)
      break;
    WEIR_CHECK(parser.feed(part.first(n)));
    at += n;
  }
  WEIR_CHECK(parser.finish());
  return car_summary{*parser.roots(), parser.blocks(), parser.payload_size()};
}

result<std::vector<cid>> scan_car(const fs::path& path, const car_payload& where,
                                  const std::function<status(const car_entry&)>& visit, const car_limits& limits) {
  WEIR_TRY(auto fd, open_file(path, O_RDONLY));
  return frame_scanner{fd.get(), path, where, limits}.scan(visit);
}

result<car_index> index_car(const fs::path& path, bool verify, const car_limits& limits) {
  car_index index;
  if (verify) {
    auto collect = [&](const cid& id, bytes_view, const car_position& where) -> status {
      if (id.hash_code() != hash_code::identity)
        index.entries.push_back({id, where.offset, where.size});
      return {};
    };
    WEIR_TRY(auto summary, read_car(path, collect, limits));
    index.roots = std::move(summary.roots);
    return index;
  }
  WEIR_TRY(auto where, locate_car_payload(path));
  auto collect = [&](const car_entry& entry) -> status {
    if (entry.id.hash_code() != hash_code::identity)
      index.entries.push_back(entry);
    return {};
  };
  WEIR_TRY(index.roots, scan_car(path, where, collect, limits));
  return index;
}

struct car_file::position_map {
  struct position {
    std::uint64_t offset, size;
  };
  std::unordered_map<std::string, position> by_multihash;
};

car_file::car_file(fs::path path, file_descriptor fd, car_index index)
    : path_{std::move(path)}, fd_{std::move(fd)}, roots_{std::move(index.roots)},
      positions_{std::make_unique<position_map>()} {
  for (const auto& entry : index.entries)
    positions_->by_multihash.try_emplace(std::string{as_text(entry.id.multihash())},
                                         position_map::position{entry.offset, entry.size});
}

car_file::~car_file() = default;

result<std::unique_ptr<car_file>> car_file::open(const fs::path& path, const car_limits& limits) {
  WEIR_TRY(auto index, index_car(path, false, limits));
  WEIR_TRY(auto fd, open_file(path, O_RDONLY));
  return std::unique_ptr<car_file>{new car_file{path, std::move(fd), std::move(index)}};
}

std::size_t car_file::count() const {
  return positions_->by_multihash.size();
}

result<std::uint64_t> car_file::measure(const cid& id) {
  auto it = positions_->by_multihash.find(std::string{as_text(id.multihash())});
  if (it == positions_->by_multihash.end())
    return block_not_found(id);
  return it->second.size;
}

status car_file::read(const cid& id, bytes& out) {
  auto it = positions_->by_multihash.find(std::string{as_text(id.multihash())});
  if (it == positions_->by_multihash.end())
    return block_not_found(id);
  out.resize(it->second.size);
  WEIR_TRY(auto n, read_at(fd_.get(), out, it->second.offset, path_));
  out.resize(n);
  return verify_block(id, out);
}

} // namespace weir
