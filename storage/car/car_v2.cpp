#include "storage/car/car_v2.hpp"

#include "storage/car/car_file.hpp"
#include "storage/car/car_header.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir {

namespace fs = std::filesystem;

namespace {

constexpr std::uint8_t pragma[car_v2_pragma_size] = {0x0a, 0xa1, 0x67, 'v', 'e', 'r', 's', 'i', 'o', 'n', 0x02};
/// The characteristics are 128 bits; this is the first.
constexpr std::uint8_t fully_indexed_bit = 0x80;
constexpr std::size_t copy_size = 1 << 20;

void put_u64(bytes& out, std::uint64_t value) {
  for (int i = 0; i < 8; ++i)
    out.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

std::uint64_t u64_at(bytes_view in, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = 8; i-- > 0;)
    value = value << 8 | in[at + i];
  return value;
}

error bad_header(std::string why) {
  return fail(errc::malformed, "not a header of a CAR version 2: " + std::move(why));
}

result<std::uint64_t> file_size(int fd, const fs::path& path) {
  struct stat info;
  if (::fstat(fd, &info) < 0)
    return os_error(errno, "the CAR could not be read", path);
  return static_cast<std::uint64_t>(info.st_size);
}

result<std::vector<car_index_entry>> entries_of(const fs::path& path, std::uint64_t payload) {
  WEIR_TRY(auto index, index_car(path, false, {.block_size = ~std::size_t{0} >> 1}));
  std::vector<car_index_entry> entries;
  entries.reserve(index.entries.size());
  for (const auto& e : index.entries)
    entries.push_back(
        {e.id.hash_code(), to_bytes(e.id.digest()), e.offset - car_frame_prefix_size(e.id, e.size) - payload});
  return entries;
}

status write_parts(const fs::path& from, const car_payload& payload, const fs::path& to, bytes_view index) {
  WEIR_TRY(auto in, open_file(from, O_RDONLY));
  WEIR_TRY(auto out, open_file(to, O_WRONLY | O_CREAT | O_TRUNC));
  car_v2_header header{.data_size = payload.size, .index_offset = car_v2_front_size + payload.size};
  WEIR_CHECK(write_all(out.get(), car_v2_front(header), to));
  bytes buffer(copy_size);
  for (std::uint64_t done = 0; done < payload.size;) {
    auto part = std::span{buffer}.first(std::min<std::uint64_t>(buffer.size(), payload.size - done));
    WEIR_TRY(auto n, read_at(in.get(), part, payload.offset + done, from));
    if (n < part.size())
      return fail(errc::changed, "the CAR became shorter while it was read", from.string());
    WEIR_CHECK(write_all(out.get(), part, to));
    done += n;
  }
  WEIR_CHECK(write_all(out.get(), index, to));
  return sync_file(out.get(), to);
}

} // namespace

bool is_car_v2(bytes_view front) {
  return front.size() >= sizeof pragma && std::equal(std::begin(pragma), std::end(pragma), front.begin());
}

bytes car_v2_front(const car_v2_header& header) {
  bytes out{std::begin(pragma), std::end(pragma)};
  out.push_back(header.fully_indexed ? fully_indexed_bit : 0);
  out.resize(car_v2_pragma_size + 16);
  put_u64(out, header.data_offset);
  put_u64(out, header.data_size);
  put_u64(out, header.index_offset);
  return out;
}

result<car_v2_header> decode_car_v2_header(bytes_view in) {
  if (in.size() != car_v2_header_size)
    return bad_header("it is cut short");
  car_v2_header h{(in[0] & fully_indexed_bit) != 0, u64_at(in, 16), u64_at(in, 24), u64_at(in, 32)};
  constexpr std::uint64_t most = std::uint64_t{1} << 62; // sums of two do not overflow
  if (h.data_offset < car_v2_front_size || h.data_offset > most || h.data_size < 1 || h.data_size > most)
    return bad_header("its data are in an impossible place");
  if (h.index_offset != 0 && h.index_offset < h.data_offset + h.data_size)
    return bad_header("its index overlaps its data");
  return h;
}

result<car_payload> locate_car_payload(const fs::path& path) {
  WEIR_TRY(auto fd, open_file(path, O_RDONLY));
  WEIR_TRY(auto size, file_size(fd.get(), path));
  bytes front(car_v2_front_size);
  WEIR_TRY(auto n, read_at(fd.get(), front, 0, path));
  if (!is_car_v2(bytes_view{front}.first(n)))
    return car_payload{0, size, std::nullopt};
  WEIR_TRY(auto header, decode_car_v2_header(bytes_view{front}.first(n).subspan(car_v2_pragma_size)));
  if (header.data_offset + header.data_size > size || header.index_offset > size)
    return fail(errc::malformed,
                "the CAR is cut short before the end of its data at byte "
                    + std::to_string(header.data_offset + header.data_size),
                path.string());
  return car_payload{header.data_offset, header.data_size, header};
}

result<std::optional<decoded_car_index>> read_car_v2_index(const fs::path& path, std::uint64_t limit) {
  WEIR_TRY(auto where, locate_car_payload(path));
  if (!where.v2 || where.v2->index_offset == 0)
    return std::optional<decoded_car_index>{};
  WEIR_TRY(auto fd, open_file(path, O_RDONLY));
  WEIR_TRY(auto size, file_size(fd.get(), path));
  const auto at = where.v2->index_offset;
  if (size - std::min(size, at) > limit)
    return fail(errc::too_large, "the index of the CAR is too large", std::to_string(size - at), std::to_string(limit));
  bytes data(size - std::min(size, at));
  WEIR_TRY(auto n, read_at(fd.get(), data, at, path));
  data.resize(n);
  WEIR_TRY(auto index, decode_car_index(data));
  return std::optional{std::move(index)};
}

status write_car_v2(const fs::path& from, const fs::path& to, car_index_format format) {
  WEIR_TRY(auto payload, locate_car_payload(from));
  WEIR_TRY(auto entries, entries_of(from, payload.offset));
  auto temporary = to;
  temporary += ".tmp";
  auto written = write_parts(from, payload, temporary, encode_car_index(format, std::move(entries)));
  if (written && ::rename(temporary.c_str(), to.c_str()) < 0)
    written = os_error(errno, "the CAR could not be given its name", to);
  if (!written) {
    ::unlink(temporary.c_str());
    return written;
  }
  return sync_folder(to.has_parent_path() ? to.parent_path() : fs::path{"."});
}

} // namespace weir
