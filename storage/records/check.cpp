// Reads everything and names what is damaged.
#include "storage/records/layout.hpp"
#include "storage/records/readers.hpp"
#include "storage/records/store_impl.hpp"

namespace weir::records {

namespace {

template <class R>
status check_as(std::string_view key, std::string_view value) {
  auto record = decode<R>(value);
  if (!record)
    return record.error();
  if (encode_key(table_of<R>::key(*record)) != key)
    return fail(errc::corrupt, "the record does not belong to its key");
  return {};
}

status check_record(table_id table, std::string_view key, std::string_view value) {
  switch (table) {
  case table_id::contents:
    return check_as<content>(key, value);
  case table_id::buckets:
    return check_as<bucket>(key, value);
  case table_id::pieces:
    return check_as<piece>(key, value);
  case table_id::placements:
    return check_as<placement>(key, value);
  case table_id::deals:
    return check_as<deal>(key, value);
  case table_id::providers:
    return check_as<provider>(key, value);
  case table_id::selections:
    return check_as<selection>(key, value);
  case table_id::wallets:
    return check_as<wallet_address>(key, value);
  case table_id::chain_messages:
    return check_as<chain_message>(key, value);
  case table_id::tokens:
    return check_as<access_token>(key, value);
  case table_id::idempotency:
    return check_as<idempotent_answer>(key, value);
  default:
    return {}; // an index has no values
  }
}

/// "contents/…" and so on, of a whole key that may itself be damaged.
std::string place(std::string_view key) {
  auto rest = key.substr(1);
  switch (key[0]) {
  case layout::record:
    return rest.empty() ? "a record" : describe(static_cast<table_id>(rest[0]), rest.substr(1));
  case layout::history: {
    auto found = rest.empty() ? std::nullopt : layout::parse_history(rest.substr(1));
    return found ? "history of " + describe(static_cast<table_id>(rest[0]), found->key) : "history";
  }
  case layout::journal: {
    auto rev = detail::take_big_endian(rest);
    return rev ? "journal/" + std::to_string(*rev) : "journal";
  }
  case layout::local: {
    auto end = std::min(rest.find('\0'), rest.size());
    return "local " + std::string{rest.substr(0, end)} + "/"
           + printable_key(rest.substr(std::min(end + 1, rest.size())));
  }
  default:
    return "store/" + printable_key(rest);
  }
}

status check_value(std::string_view key, std::string_view sealed) {
  auto value = layout::unseal(key, sealed);
  if (!value)
    return fail(errc::corrupt, "the record does not match its checksum");
  bool good = true;
  if (key[0] == layout::record && key.size() > 2) {
    auto record = layout::decode_record(*value);
    good = record.has_value();
    if (good)
      return check_record(static_cast<table_id>(key[1]), key.substr(2), record->value);
  } else if (key[0] == layout::history)
    good = layout::decode_before(*value).has_value();
  else if (key[0] == layout::journal)
    good = layout::decode_committed(*value).has_value();
  return good ? status{} : status{fail(errc::corrupt, "the record does not have its format")};
}

/// Journal entries follow one another without a gap.
class gap_finder {
public:
  explicit gap_finder(std::uint64_t oldest) : next_{oldest} {}

  std::optional<std::string> see(std::string_view key) {
    auto rest = key.substr(1);
    auto rev = key[0] == layout::journal ? detail::take_big_endian(rest) : std::nullopt;
    if (!rev || *rev < next_)
      return std::nullopt;
    auto missing = std::exchange(next_, *rev + 1);
    if (missing == *rev)
      return std::nullopt;
    return "journal/" + std::to_string(missing);
  }
  std::uint64_t next() const { return next_; }

private:
  std::uint64_t next_;
};

} // namespace

result<std::vector<damage>> record_store::check(std::size_t limit) const {
  auto source = impl_->current();
  if (!source)
    return impl_->closed_because();
  std::vector<damage> found;
  pinned pin{source};
  WEIR_TRY(auto head, source->number("head", pin.at()));
  WEIR_TRY(auto oldest, source->number("oldest", pin.at()));
  gap_finder gaps{std::max<std::uint64_t>(oldest, 1)};
  // Without LevelDB's block checksums: ours name the one record that is damaged.
  auto how = checked(pin.at());
  how.verify_checksums = false;
  how.fill_cache = false;
  cursor at{source, how, {}, {}};
  for (; at.valid() && found.size() < limit; at.next()) {
    if (auto missing = gaps.see(at.full_key()))
      found.push_back({*missing, "the journal has a gap"});
    if (auto good = check_value(at.full_key(), at.sealed()); !good)
      found.push_back({place(at.full_key()), good.error().message});
  }
  if (!at.status().ok())
    found.push_back({"store", at.status().ToString()});
  else if (found.size() < limit && gaps.next() != head + 1)
    found.push_back({"journal/" + std::to_string(gaps.next()), "the journal ends early"});
  return found;
}

} // namespace weir::records
