#include "adapters/hot/sigv4.hpp"

#include "adapters/http/url.hpp"
#include "storage/hash/digest.hpp"

#include <algorithm>
#include <ctime>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace weir::hot {

namespace {

std::string hmac(std::string_view key, std::string_view text) {
  unsigned char out[32];
  unsigned size = sizeof out;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), as_bytes(text).data(), text.size(), out, &size);
  return std::string{reinterpret_cast<char*>(out), size};
}

std::string lower(std::string_view name) {
  std::string out{name};
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// "name:value\n" for each, sorted; and the names, joined by ";".
std::pair<std::string, std::string> canonical_fields(const http::headers& fields) {
  std::vector<std::pair<std::string, std::string>> sorted;
  for (const auto& f : fields)
    sorted.emplace_back(lower(f.name), std::string{http::trimmed(f.value)});
  std::sort(sorted.begin(), sorted.end());
  std::pair<std::string, std::string> out;
  for (const auto& [name, value] : sorted) {
    out.first += name + ":" + value + "\n";
    out.second += (out.second.empty() ? "" : ";") + name;
  }
  return out;
}

} // namespace

std::string canonical_query(const signed_request& what) {
  std::vector<std::string> coded;
  for (const auto& [name, value] : what.query)
    coded.push_back(http::percent_encode(name) + "=" + http::percent_encode(value));
  std::sort(coded.begin(), coded.end());
  std::string out;
  for (const auto& one : coded)
    out += (out.empty() ? "" : "&") + one;
  return out;
}

std::string sign(const signed_request& what, const signing& how) {
  auto [fields, names] = canonical_fields(what.fields);
  auto canonical = what.verb + "\n" + what.path + "\n" + canonical_query(what) + "\n" + fields + "\n" + names + "\n"
                   + what.payload_hash;
  auto day = how.time.substr(0, 8);
  auto scope = day + "/" + how.region + "/" + how.service + "/aws4_request";
  auto to_sign = "AWS4-HMAC-SHA256\n" + how.time + "\n" + scope + "\n" + to_hex(sha2_256(as_bytes(canonical)));
  auto key = hmac("AWS4" + how.who.secret, day);
  for (std::string_view step : {std::string_view{how.region}, std::string_view{how.service},
                                std::string_view{"aws4_request"}, std::string_view{to_sign}})
    key = hmac(key, step);
  return "AWS4-HMAC-SHA256 Credential=" + how.who.user + "/" + scope + ",SignedHeaders=" + names
         + ",Signature=" + to_hex(as_bytes(key));
}

std::string amz_time(std::int64_t unix_seconds) {
  auto seconds = static_cast<std::time_t>(unix_seconds);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[20];
  std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts);
  return text;
}

} // namespace weir::hot
