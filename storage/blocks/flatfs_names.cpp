#include "messages/types/multibase.hpp"
#include "messages/types/varint.hpp"
#include "storage/blocks/flatfs.hpp"

#include <charconv>

namespace weir {

namespace {

constexpr std::string_view sharding_prefix = "/repo/flatfs/shard/v1/";
constexpr std::string_view suffix = ".data";
constexpr std::size_t max_shard_length = 16;

std::string_view name_of(flatfs_sharding::function f) {
  switch (f) {
  case flatfs_sharding::function::prefix:
    return "prefix";
  case flatfs_sharding::function::suffix:
    return "suffix";
  default:
    return "next-to-last";
  }
}

} // namespace

std::string flatfs_sharding::text() const {
  return std::string{sharding_prefix} + std::string{name_of(how)} + "/" + std::to_string(length);
}

result<flatfs_sharding> flatfs_sharding::parse(std::string_view line) {
  auto bad = [&] { return fail(errc::malformed, "not a flatfs sharding function", std::string{line.substr(0, 128)}); };
  auto rest = line;
  while (!rest.empty() && (rest.back() == '\n' || rest.back() == ' '))
    rest.remove_suffix(1);
  if (!rest.starts_with(sharding_prefix))
    return bad();
  rest.remove_prefix(sharding_prefix.size());
  auto slash = rest.find('/');
  if (slash == rest.npos)
    return bad();
  flatfs_sharding s;
  auto name = rest.substr(0, slash), digits = rest.substr(slash + 1);
  for (s.how = function::prefix; name_of(s.how) != name; s.how = static_cast<function>(static_cast<int>(s.how) + 1))
    if (s.how == function::next_to_last)
      return bad();
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), s.length);
  if (error != std::errc{} || end != digits.data() + digits.size() || s.length < 1 || s.length > max_shard_length)
    return bad();
  return s;
}

std::string flatfs_sharding::folder_of(std::string_view key) const {
  const std::string padding(length + 1, '_');
  switch (how) {
  case function::prefix:
    return (std::string{key} + padding).substr(0, length);
  case function::suffix: {
    auto padded = padding + std::string{key};
    return padded.substr(padded.size() - length);
  }
  default: {
    auto padded = padding + std::string{key};
    return padded.substr(padded.size() - length - 1, length);
  }
  }
}

std::string flatfs_file_name(bytes_view multihash) {
  return base_encode(multibase::base32_upper, multihash) + std::string{suffix};
}

std::optional<bytes> flatfs_multihash(std::string_view file_name) {
  if (!file_name.ends_with(suffix) || file_name.size() > 512)
    return std::nullopt;
  auto key = base_decode(multibase::base32_upper, file_name.substr(0, file_name.size() - suffix.size()));
  if (!key)
    return std::nullopt;
  bytes_view rest = *key;
  auto code = take_varint(rest, multiformats_varint_max);
  auto size = take_varint(rest, multiformats_varint_max);
  if (!code || !size || *size != rest.size())
    return std::nullopt;
  return *std::move(key);
}

} // namespace weir
