#pragma once
// Who is asking (decision 0006). That no foreign page drives the node is the
// HTTP server's guard.
//
// A token is "weir_" and 32 random bytes in base64url; the store has only its
// SHA-256. It comes as `Authorization: Bearer`, or in the session cookie of a
// browser. Without one, a request on a loopback address is the operator's.
#include "adapters/http/message.hpp"
#include "messages/types/ffs.hpp"
#include "messages/types/ids.hpp"
#include "messages/types/records.hpp"
#include "messages/types/result.hpp"
#include "storage/records/reader.hpp"

#include <string>
#include <string_view>

namespace weir::api {

inline const owner_id operator_owner{"local"};
inline constexpr std::string_view session_cookie = "weir_session";

struct caller {
  owner_id owner;
  bool admin = false;
  instance_id instance;                   ///< whose token it is (FFS); empty: a user's or the operator's
  std::uint32_t scopes = ffs::scope::all; ///< of that token
  std::string token_hash;                 ///< empty: the operator on loopback
  unix_ms expires;                        ///< of the token; 0 is never

  /// Whether this one may know that a thing of `of` exists.
  bool sees(const owner_id& of) const { return admin || of == owner; }
};

struct access_rules {
  bool loopback = true; ///< of the listener; otherwise every request needs a token
};

std::string make_token();
/// The key of the tokens table: SHA-256 in hex.
std::string token_hash(std::string_view token);
/// What the request carries; empty is none.
std::string token_of(const http::request& r);

/// errc::unauthenticated when a token is needed, or is not valid.
result<caller> identify(const http::request& r, const records::reader& records, const access_rules& rules, unix_ms now);
/// errc::forbidden when a token of an instance lacks the scope: `read` for what
/// only looks, `store` for what changes, unless the endpoint names another.
status check_scope(const caller& who, http::method verb, std::uint32_t named);
/// The caller that a token stands for.
result<caller> caller_of(std::string_view token, const records::reader& records, unix_ms now);
result<caller> caller_of_hash(const std::string& hash, const records::reader& records, unix_ms now);

} // namespace weir::api
