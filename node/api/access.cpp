#include "node/api/access.hpp"

#include "messages/types/multibase.hpp"
#include "storage/hash/digest.hpp"

#include <array>
#include <sys/random.h>

namespace weir::api {

namespace {

std::string cookie_value(std::string_view cookies, std::string_view name) {
  while (!cookies.empty()) {
    auto end = std::min(cookies.find(';'), cookies.size());
    auto pair = http::trimmed(cookies.substr(0, end));
    cookies.remove_prefix(std::min(cookies.size(), end + 1));
    auto equals = pair.find('=');
    if (equals != pair.npos && pair.substr(0, equals) == name)
      return std::string{pair.substr(equals + 1)};
  }
  return {};
}

} // namespace

std::string make_token() {
  std::array<std::uint8_t, 32> random{};
  std::size_t have = 0;
  while (have < random.size())
    if (auto n = ::getrandom(random.data() + have, random.size() - have, 0); n > 0)
      have += static_cast<std::size_t>(n);
  return "weir_" + base_encode(multibase::base64url, random);
}

std::string token_hash(std::string_view token) {
  return to_hex(sha2_256(as_bytes(token)));
}

std::string token_of(const http::request& r) {
  if (auto field = r.header("authorization")) {
    auto space = field->find(' ');
    if (space != field->npos && http::same_name(field->substr(0, space), "bearer"))
      return std::string{http::trimmed(field->substr(space + 1))};
    return std::string{*field}; // not a form of ours: refused as an unknown token
  }
  if (auto cookies = r.header("cookie"))
    return cookie_value(*cookies, session_cookie);
  return {};
}

result<caller> caller_of(std::string_view token, const records::reader& records, unix_ms now) {
  return caller_of_hash(token_hash(token), records, now);
}

status check_scope(const caller& who, http::method verb, std::uint32_t named) {
  bool looks = verb == http::method::get || verb == http::method::head;
  auto need = named != 0 ? named : looks ? ffs::scope::read : ffs::scope::store;
  if (who.instance.value.empty() || (who.scopes & need) == need)
    return {};
  return fail(errc::forbidden, "This token lacks a scope.", ffs::scopes_text(who.scopes), ffs::scopes_text(need));
}

result<caller> caller_of_hash(const std::string& hash, const records::reader& records, unix_ms now) {
  WEIR_TRY(auto found, records.find<access_token>(hash));
  if (!found || found->value.revoked)
    return fail(errc::unauthenticated, "This token is not known, or was revoked.");
  if (found->value.expires.value != 0 && found->value.expires < now)
    return fail(errc::unauthenticated, "This token has expired; make a new one.");
  auto& t = found->value;
  bool of_instance = !t.instance.value.empty();
  return caller{t.owner,  t.admin && !of_instance, t.instance, of_instance ? t.scopes : ffs::scope::all, hash,
                t.expires};
}

result<caller> identify(const http::request& r, const records::reader& records, const access_rules& rules,
                        unix_ms now) {
  auto token = token_of(r);
  if (!token.empty())
    return caller_of(token, records, now);
  if (rules.loopback)
    return caller{operator_owner, true, {}, ffs::scope::all, {}, {}};
  return fail(errc::unauthenticated, "This address needs a token: Authorization: Bearer TOKEN. The first one is in "
                                     "the file admin-token of the node's data folder.");
}

} // namespace weir::api
