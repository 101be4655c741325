#pragma once
// What the clients of adapters/hot share: who we are to a peer, and how its
// refusals become our errors. Loop thread only, as all of this folder.
#include "adapters/http/client.hpp"
#include "messages/types/cid.hpp"

#include <nlohmann/json_fwd.hpp>

namespace weir::hot {

/// Called once, on the loop thread.
template <class T>
using then = std::function<void(result<T>)>;
using then_status = std::function<void(status)>;

/// User and password (for S3: access key and secret key), or a bearer token. Never logged.
struct credentials {
  std::string user, secret;
  std::string bearer;

  bool any() const { return !user.empty() || !bearer.empty(); }
};
/// One line: "USER:PASSWORD", "basic:USER:PASSWORD" or "bearer:TOKEN" (the words of Kubo's
/// API.Authorizations). errc::malformed says nothing of the text.
result<credentials> parse_credentials(std::string_view text);
/// Value of an Authorization field; empty without credentials.
std::string authorization(const credentials& who);

/// An answer of JSON; errc::protocol names the peer.
result<nlohmann::json> parse_answer(std::string_view peer, std::string_view body);
/// Text of a member, or empty.
std::string text_of(const nlohmann::json& object, const char* name);
std::uint64_t number_of(const nlohmann::json& object, const char* name);
bool flag_of(const nlohmann::json& object, const char* name);

/// Printable, and of bounded length: a stranger's words in our errors.
std::string words(std::string_view text, std::size_t limit = 300);

/// What an HTTP status above 299 means. `said` are the peer's own words.
error refused(std::string_view peer, int status, std::string_view said);

/// Splits a stream of JSON, one a line; a line has a limit.
class json_lines {
public:
  using visitor = std::function<status(const nlohmann::json&)>;
  json_lines(std::string peer, visitor visit) : peer_{std::move(peer)}, visit_{std::move(visit)} {}
  /// After an error nothing more is read.
  void feed(bytes_view data);
  /// The first error, also of a last line without its end.
  status finish();

private:
  void take(std::string_view line);

  std::string peer_;
  visitor visit_;
  std::string rest_;
  status state_;
};

} // namespace weir::hot
