#include "actors/deals/secret_text.hpp"

#include "messages/types/base64.hpp"

namespace weir {

namespace {

/// The text of a member of a flat JSON object; a key's export has no escapes.
std::string_view member(std::string_view json, std::string_view name) {
  auto quoted = '"' + std::string{name} + '"';
  auto at = json.find(quoted);
  if (at == std::string_view::npos)
    return {};
  auto open = json.find('"', json.find(':', at + quoted.size()));
  if (open == std::string_view::npos)
    return {};
  auto close = json.find('"', open + 1);
  return close == std::string_view::npos ? std::string_view{} : json.substr(open + 1, close - open - 1);
}

} // namespace

result<filecoin::secret_key> parse_secret(std::string_view text) {
  auto unreadable = fail(errc::malformed, "A secret is 64 hexadecimal digits, or what `lotus wallet export` prints.");
  while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
    text.remove_suffix(1);
  auto raw = from_hex(text);
  if (!raw)
    return unreadable;
  if (raw->size() == filecoin::secret_key::size)
    return filecoin::secret_key::from_bytes(*raw);
  auto json = as_text(*raw);
  if (member(json, "Type") != "secp256k1")
    return fail(errc::unsupported, "Only secp256k1 keys can be imported.");
  auto key = base64_decode(member(json, "PrivateKey"));
  return key ? filecoin::secret_key::from_bytes(*key) : unreadable;
}

std::string secret_text(const filecoin::secret_key& key) {
  auto json = R"({"Type":"secp256k1","PrivateKey":")" + base64_encode(key.reveal()) + "\"}";
  return to_hex(as_bytes(json));
}

} // namespace weir
