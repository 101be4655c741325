#include "storage/unixfs/data.hpp"

#include "storage/ipld/protobuf.hpp"

namespace weir::unixfs {

namespace {

using protobuf::field;
using protobuf::put_bytes_field;
using protobuf::put_varint_field;
using protobuf::wire;

enum number : std::uint32_t {
  n_type = 1,
  n_content = 2,
  n_file_size = 3,
  n_block_sizes = 4,
  n_hash_type = 5,
  n_fanout = 6,
  n_mode = 7,
  n_mtime = 8
};
constexpr std::uint32_t n_seconds = 1, n_nanoseconds = 2;
constexpr std::uint32_t second = 1'000'000'000;

error bad_message(std::string why) {
  return fail(errc::malformed, "not a UnixFS node: " + std::move(why));
}

bytes encode_time(const timestamp& t) {
  bytes out;
  put_varint_field(out, n_seconds, static_cast<std::uint64_t>(t.seconds));
  if (t.nanoseconds > 0) {
    put_varint(out, n_nanoseconds << 3 | static_cast<unsigned>(wire::fixed32));
    for (int shift = 0; shift < 32; shift += 8)
      out.push_back(static_cast<std::uint8_t>(t.nanoseconds >> shift));
  }
  return out;
}

result<timestamp> decode_time(bytes_view message) {
  timestamp t;
  bool has_seconds = false;
  for (protobuf::reader in{message}; !in.done();) {
    auto f = in.next();
    if (!f)
      return bad_message("broken time");
    if (f->number == n_seconds && f->type == wire::varint) {
      t.seconds = static_cast<std::int64_t>(f->value);
      has_seconds = true;
    } else if (f->number == n_nanoseconds && f->type == wire::fixed32) {
      t.nanoseconds = static_cast<std::uint32_t>(f->value);
    }
  }
  if (!has_seconds || t.nanoseconds >= second)
    return bad_message("impossible time");
  return t;
}

/// A number that may stand only once.
status once(std::optional<std::uint64_t>& into, const field& f) {
  if (f.type != wire::varint || into)
    return bad_message("bad number in field " + std::to_string(f.number));
  into = f.value;
  return {};
}

status read_block_sizes(data& d, const field& f) {
  if (f.type == wire::varint) {
    d.block_sizes.push_back(f.value);
    return {};
  }
  if (f.type != wire::bytes)
    return bad_message("bad block sizes");
  for (auto packed = f.data; !packed.empty();) {
    auto value = take_varint(packed);
    if (!value)
      return bad_message("bad block sizes");
    d.block_sizes.push_back(*value);
  }
  return {};
}

struct raw_numbers {
  std::optional<std::uint64_t> type, mode;
};

status read_field(data& d, raw_numbers& raw, const field& f) {
  switch (f.number) {
  case n_type:
    return once(raw.type, f);
  case n_content:
    if (f.type != wire::bytes || d.content)
      return bad_message("bad data field");
    d.content = to_bytes(f.data);
    return {};
  case n_file_size:
    return once(d.file_size, f);
  case n_block_sizes:
    return read_block_sizes(d, f);
  case n_hash_type:
    return once(d.hash_type, f);
  case n_fanout:
    return once(d.fanout, f);
  case n_mode:
    return once(raw.mode, f);
  case n_mtime: {
    if (f.type != wire::bytes || d.attr.mtime)
      return bad_message("bad time");
    WEIR_TRY(d.attr.mtime, decode_time(f.data));
    return {};
  }
  default:
    return {};
  }
}

} // namespace

bytes encode(const data& d) {
  bytes out;
  put_varint_field(out, n_type, static_cast<std::uint64_t>(d.type));
  if (d.content)
    put_bytes_field(out, n_content, *d.content);
  if (d.file_size)
    put_varint_field(out, n_file_size, *d.file_size);
  for (auto size : d.block_sizes)
    put_varint_field(out, n_block_sizes, size);
  if (d.hash_type)
    put_varint_field(out, n_hash_type, *d.hash_type);
  if (d.fanout)
    put_varint_field(out, n_fanout, *d.fanout);
  if (d.attr.mode)
    put_varint_field(out, n_mode, *d.attr.mode);
  if (d.attr.mtime)
    put_bytes_field(out, n_mtime, encode_time(*d.attr.mtime));
  return out;
}

result<data> decode(bytes_view message) {
  data d;
  raw_numbers raw;
  for (protobuf::reader in{message}; !in.done();) {
    auto f = in.next();
    if (!f)
      return bad_message("broken field");
    WEIR_CHECK(read_field(d, raw, *f));
  }
  if (!raw.type || *raw.type > static_cast<std::uint64_t>(data_type::hamt_shard))
    return bad_message("unknown type");
  d.type = static_cast<data_type>(*raw.type);
  if (raw.mode)
    d.attr.mode = static_cast<std::uint32_t>(*raw.mode & 07777);
  return d;
}

std::size_t leaf_size(std::size_t content_size) {
  return 2 + (content_size == 0 ? 0 : protobuf::bytes_field_size(content_size))
         + protobuf::varint_field_size(content_size);
}

void put_leaf(bytes& out, data_type type, bytes_view content) {
  put_varint_field(out, n_type, static_cast<std::uint64_t>(type));
  if (!content.empty())
    put_bytes_field(out, n_content, content);
  put_varint_field(out, n_file_size, content.size());
}

} // namespace weir::unixfs
