#include "storage/blocks/reference_file.hpp"

#include "messages/types/varint.hpp"
#include "storage/blocks/flatfs.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

namespace weir {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view first_line = "weir-references 1\n";
constexpr std::size_t largest_record = 8 << 10; ///< a path has 4 KiB at most
constexpr std::size_t buffered = 256 << 10;
constexpr std::uint64_t furthest = 1ull << 62; ///< place in a file of the user

error bad_record(const fs::path& file) {
  return fail(errc::corrupt, "the list of referred blocks is damaged", file.string());
}

/// Takes a record off the front. Nothing when it is none, or is cut short.
std::optional<bytes_view> take_record(bytes_view& in) {
  auto size = take_varint(in, 4);
  if (!size || *size == 0 || *size > largest_record || *size > in.size())
    return std::nullopt;
  auto body = in.first(static_cast<std::size_t>(*size));
  in = in.subspan(body.size());
  return body;
}

std::optional<reference> decode_block(bytes_view body) {
  if (body.empty() || body[0] != 'b')
    return std::nullopt;
  body = body.subspan(1);
  auto file = take_varint(body), offset = take_varint(body), size = take_varint(body, 5);
  if (!file || !offset || !size || *size > max_stored_block || *offset > furthest
      || !cid::from_bytes(cid::v1(codec::raw, body).data()))
    return std::nullopt;
  return reference{to_bytes(body), *file, *offset, static_cast<std::uint32_t>(*size)};
}

result<bytes> record_at(int fd, std::uint64_t place, const fs::path& file, char kind) {
  bytes buffer(largest_record + 4);
  WEIR_TRY(auto size, read_at(fd, buffer, place, file));
  bytes_view in{buffer.data(), size};
  auto body = take_record(in);
  if (!body || (*body)[0] != static_cast<std::uint8_t>(kind))
    return bad_record(file);
  return to_bytes(*body);
}

error gone(const std::string& source, const char* how) {
  return fail(errc::corrupt, std::string{"a file that the block store refers to "} + how, source);
}

} // namespace

result<std::unique_ptr<reference_file>> reference_file::create(const fs::path& file) {
  WEIR_TRY(auto out, new_file::create(file, buffered));
  std::unique_ptr<reference_file> made{new reference_file{std::move(out)}};
  WEIR_CHECK(made->out_.append(as_bytes(first_line)));
  return made;
}

status reference_file::take(bytes_view body) {
  bytes length;
  put_varint(length, body.size());
  WEIR_CHECK(out_.append(length));
  return out_.append(body);
}

status reference_file::begin(const fs::path& source) {
  const auto& path = source.native();
  if (!source.is_absolute() || path.size() >= largest_record || path.find('\0') != path.npos)
    return fail(errc::invalid_path, "a file can be referred to by its whole path only", path);
  source_ = out_.size();
  bytes body{'f'};
  body.insert(body.end(), path.begin(), path.end());
  return take(body);
}

status reference_file::append(bytes_view multihash, std::uint64_t offset, std::uint32_t size) {
  bytes body{'b'};
  put_varint(body, source_);
  put_varint(body, offset);
  put_varint(body, size);
  body.insert(body.end(), multihash.begin(), multihash.end());
  return take(body);
}

status scan_references(int fd, std::uint64_t size, const fs::path& file,
                       const std::function<status(const reference&, std::uint64_t)>& visit) {
  bytes buffer(buffered);
  WEIR_TRY(auto first, read_at(fd, std::span{buffer}.first(first_line.size()), 0, file));
  if (first != first_line.size() || as_text(bytes_view{buffer}.first(first)) != first_line)
    return fail(errc::malformed, "not a list of referred blocks", file.string());
  for (std::uint64_t at = first; at < size;) {
    WEIR_TRY(auto got, read_at(fd, buffer, at, file));
    bytes_view in{buffer.data(), got};
    const auto begin = at;
    while (!in.empty() && (in.size() >= largest_record + 4 || at + in.size() >= size)) {
      const auto before = in.size();
      auto body = take_record(in);
      if (!body)
        return fail(errc::malformed, "the list of referred blocks is cut short", file.string());
      if (auto block = decode_block(*body))
        WEIR_CHECK(visit(*block, at));
      at += before - in.size();
    }
    if (at == begin) // it is shorter than it was
      return fail(errc::malformed, "the list of referred blocks is cut short", file.string());
  }
  return {};
}

result<reference> reference_at(int fd, std::uint64_t place, const fs::path& file) {
  WEIR_TRY(auto body, record_at(fd, place, file, 'b'));
  auto block = decode_block(body);
  return block ? result<reference>{*std::move(block)} : bad_record(file);
}

result<std::string> referred_file(int fd, std::uint64_t place, const fs::path& file) {
  WEIR_TRY(auto body, record_at(fd, place, file, 'f'));
  return std::string{as_text(bytes_view{body}.subspan(1))};
}

status read_reference(int fd, std::uint64_t place, const fs::path& file, bytes& out) {
  WEIR_TRY(auto where, reference_at(fd, place, file));
  WEIR_TRY(auto source, referred_file(fd, where.file, file));
  auto opened = open_file(source, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!opened)
    return gone(source, "cannot be opened any more");
  struct stat info;
  if (::fstat(opened->get(), &info) < 0 || !S_ISREG(info.st_mode))
    return gone(source, "is no file any more");
  out.resize(where.size);
  WEIR_TRY(auto got, read_at(opened->get(), out, where.offset, source));
  return got == out.size() ? status{} : status{gone(source, "is shorter than it was")};
}

} // namespace weir
