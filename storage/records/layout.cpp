#include "storage/records/layout.hpp"

#include "storage/support/checksum.hpp"

namespace weir::records::layout {

namespace {

constexpr std::uint64_t journal_version = 1;

std::string start(char kind, table_id table) {
  return {kind, static_cast<char>(table)};
}

void put_revision(std::string& out, revision rev) {
  detail::put_big_endian(out, rev.value);
}

} // namespace

std::string meta_key(std::string_view name) {
  return std::string{meta}.append(name);
}

std::string record_key(table_id table, std::string_view key) {
  return start(record, table).append(key);
}

std::string journal_key(revision rev) {
  std::string out{journal};
  put_revision(out, rev);
  return out;
}

std::string history_prefix(table_id table, std::string_view key) {
  auto out = start(history, table);
  detail::put_escaped(out, key);
  return out;
}

std::string history_key(table_id table, std::string_view key, revision rev) {
  auto out = history_prefix(table, key);
  put_revision(out, rev);
  return out;
}

std::string local_key(std::string_view table, std::string_view key) {
  std::string out{local};
  out.append(table).push_back('\0');
  return out.append(key);
}

std::optional<history_place> parse_history(std::string_view rest) {
  auto key = detail::take_escaped(rest);
  auto rev = key ? detail::take_big_endian(rest) : std::nullopt;
  if (!rev || !rest.empty())
    return std::nullopt;
  return history_place{*std::move(key), revision{*rev}};
}

std::string seal(std::string_view key, std::string_view value) {
  auto sum = crc32c(as_bytes(value), crc32c(as_bytes(key)));
  std::string out;
  out.reserve(value.size() + 4);
  for (int shift = 0; shift < 32; shift += 8)
    out.push_back(static_cast<char>(sum >> shift));
  return out.append(value);
}

std::optional<std::string_view> unseal(std::string_view key, std::string_view sealed) {
  if (sealed.size() < 4)
    return std::nullopt;
  auto value = sealed.substr(4);
  std::uint32_t sum = 0;
  for (int i = 3; i >= 0; --i)
    sum = sum << 8 | static_cast<std::uint8_t>(sealed[static_cast<std::size_t>(i)]);
  if (crc32c(as_bytes(value), crc32c(as_bytes(key))) != sum)
    return std::nullopt;
  return value;
}

std::string encode_record(std::string_view value, revision rev) {
  wire_writer out;
  out.number(rev.value);
  return out.take().append(value);
}

std::optional<record_view> decode_record(std::string_view data) {
  auto rest = as_bytes(data);
  auto rev = take_varint(rest);
  if (!rev)
    return std::nullopt;
  return record_view{as_text(rest), revision{*rev}};
}

std::string encode_before(std::optional<revision> rev, std::string_view value) {
  return rev ? encode_record(value, *rev) : std::string{};
}

std::optional<before_image> decode_before(std::string_view data) {
  if (data.empty())
    return before_image{};
  auto record = decode_record(data);
  if (!record)
    return std::nullopt;
  return before_image{raw_record{std::string{record->value}, record->rev}};
}

std::string encode_committed(const committed& c) {
  wire_writer out;
  out.number(journal_version);
  out.number(c.rev.value);
  out.signed_number(c.time.value);
  out.number(c.mutations.size());
  for (auto& m : c.mutations) {
    out.number(static_cast<std::uint64_t>(m.table));
    out.string(m.key);
    out.number(m.value ? 1 : 0);
    if (m.value)
      out.string(*m.value);
  }
  out.number(c.events.size());
  for (auto& e : c.events) {
    out.string(to_string(e.kind)); // by name: the enumeration may be sorted anew
    out.string(e.subject);
    out.string(e.owner.value);
    out.number(e.fields.size());
    for (auto& [name, value] : e.fields) {
      out.string(name);
      out.string(value);
    }
  }
  return out.take();
}

namespace {

mutation read_mutation(wire_reader& in) {
  mutation m;
  m.table = static_cast<table_id>(in.number());
  m.key = in.string();
  if (in.number() != 0)
    m.value = in.string();
  return m;
}

event read_event(wire_reader& in) {
  event e;
  auto kind = event_kind_from_name(in.string());
  if (kind)
    e.kind = *kind;
  else
    in.fail();
  e.subject = in.string();
  e.owner.value = in.string();
  for (auto left = in.number(); left > 0 && !in.failed(); --left) {
    std::string name{in.string()};
    e.fields.emplace_back(std::move(name), in.string());
  }
  return e;
}

} // namespace

std::optional<committed> decode_committed(std::string_view data) {
  wire_reader in{data};
  if (in.number() != journal_version)
    return std::nullopt;
  committed c;
  c.rev.value = in.number();
  c.time.value = in.signed_number();
  for (auto left = in.number(); left > 0 && !in.failed(); --left)
    c.mutations.push_back(read_mutation(in));
  for (auto left = in.number(); left > 0 && !in.failed(); --left)
    c.events.push_back(read_event(in));
  if (!in.complete())
    return std::nullopt;
  return c;
}

error damaged(std::string where) {
  return fail(errc::corrupt, "the record does not match its checksum", std::move(where));
}

} // namespace weir::records::layout
