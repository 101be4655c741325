#include "adapters/hot/s3_client.hpp"

#include "adapters/hot/s3_xml.hpp"
#include "adapters/hot/sigv4.hpp"
#include "adapters/http/url.hpp"
#include "storage/hash/digest.hpp"

#include <charconv>

namespace weir::hot {

namespace {

constexpr const char* peer = "The S3 server";

struct order {
  std::string verb;
  std::string key;
  std::vector<std::pair<std::string, std::string>> query;
  http::headers fields;
  std::shared_ptr<const bytes> body = std::make_shared<const bytes>();
  std::string payload_hash;
  std::optional<http::byte_range> range;
};

bool passing(int status) {
  return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}
bool passing(errc code) {
  return code == errc::unreachable || code == errc::timeout;
}

error refusal(const http::client_response& got) {
  auto code = xml_text(got.body, "Code"), said = xml_text(got.body, "Message");
  auto why = code.empty() ? said : code + ": " + said;
  if (got.status == 412)
    return fail(errc::changed, "The object became another one while it was read.");
  if (got.status == 403)
    return fail(errc::forbidden, "The S3 server does not accept these keys for this bucket.", words(why));
  return refused(peer, got.status, why);
}

} // namespace

struct s3_client::core : std::enable_shared_from_this<core> {
  core(std::weak_ptr<delays> l, http::client& c, s3_options o)
      : later{std::move(l)}, client{c}, options{std::move(o)} {}

  http::client_request request(const order& what) const {
    auto at = http::parse_url(options.url);
    signed_request s;
    s.verb = what.verb;
    s.path = "/" + http::percent_encode(options.bucket);
    if (!what.key.empty())
      s.path += "/" + http::percent_encode(options.prefix + what.key, true);
    s.query = what.query;
    s.fields = what.fields;
    s.payload_hash = what.payload_hash;
    signing how{options.who, options.region, "s3", amz_time(options.now())};
    s.fields.set("Host", at ? at->authority : std::string{});
    s.fields.set("x-amz-date", how.time);
    s.fields.set("x-amz-content-sha256", s.payload_hash);
    http::client_request r;
    r.verb = what.verb;
    auto query = canonical_query(s);
    r.url = options.url + s.path + (query.empty() ? "" : "?" + query);
    r.fields = s.fields;
    r.fields.add("Authorization", sign(s, how));
    r.range = what.range; // need not be signed
    r.body = http::owned_bytes{what.body, bytes_view{*what.body}};
    r.max_body = 8 << 20;
    r.connect_timeout = options.connect_timeout;
    r.stall_timeout = options.quiet;
    r.timeout = options.timeout;
    return r;
  }

  void send(const std::shared_ptr<const order>& what, int failures, then<http::client_response> done) {
    client.fetch(request(*what), [self = shared_from_this(), what, failures,
                                  done = std::move(done)](result<http::client_response> got) mutable {
      bool again = got ? passing(got->status) : passing(got.error().code);
      auto later = self->later.lock();
      if (!again || failures + 1 >= self->options.again.attempts || !later)
        return done(std::move(got));
      later->after(self->options.again.pause(failures + 1),
                   [self, what, failures, done = std::move(done)] { self->send(what, failures + 1, done); });
    });
  }

  /// Any answer of the 200s is one; the rest are errors.
  void ask(order what, then<http::client_response> done) {
    what.payload_hash = to_hex(sha2_256(*what.body));
    send(std::make_shared<const order>(std::move(what)), 0,
         [done = std::move(done)](result<http::client_response> got) {
           if (got && got->status > 299)
             return done(refusal(*got));
           done(std::move(got));
         });
  }
  void ask(order what, then_status done) {
    ask(std::move(what), [done = std::move(done)](const result<http::client_response>& got) {
      done(got ? status{} : status{got.error()});
    });
  }

  std::weak_ptr<delays> later;
  http::client& client;
  s3_options options;
};

s3_client::s3_client(std::shared_ptr<delays> later, http::client& client, s3_options options)
    : core_{std::make_shared<core>(std::move(later), client, std::move(options))} {}

const s3_options& s3_client::options() const {
  return core_->options;
}

void s3_client::put(const std::string& key, bytes body, then_status done) {
  order what{.verb = "PUT", .key = key, .query = {}, .fields = {{"Content-Type", "application/vnd.ipld.car"}}};
  what.body = std::make_shared<const bytes>(std::move(body));
  core_->ask(std::move(what), std::move(done));
}

void s3_client::head(const std::string& key, then<s3_object> done) {
  core_->ask({.verb = "HEAD", .key = key}, [key, done = std::move(done)](const result<http::client_response>& got) {
    if (!got)
      return done(got.error());
    auto length = got->fields.get("Content-Length").value_or("");
    s3_object out{key, 0, std::string{got->fields.get("ETag").value_or("")}};
    auto [end, wrong] = std::from_chars(length.data(), length.data() + length.size(), out.size);
    if (wrong != std::errc{} || end != length.data() + length.size() || out.etag.empty())
      return done(fail(errc::protocol, "The S3 server does not say how long its object is."));
    done(std::move(out));
  });
}

void s3_client::get(const s3_object& of, http::byte_range range, then<bytes> done) {
  order what{.verb = "GET", .key = of.key, .query = {}, .fields = {{"If-Match", of.etag}}};
  what.range = range;
  core_->ask(std::move(what), [range, done = std::move(done)](const result<http::client_response>& got) {
    if (!got)
      return done(got.error());
    if (got->body.size() != range.length)
      return done(fail(errc::protocol, "The S3 server sent fewer bytes than it has.", std::to_string(got->body.size()),
                       std::to_string(range.length)));
    done(to_bytes(as_bytes(got->body)));
  });
}

void s3_client::remove(const std::string& key, then_status done) {
  core_->ask({.verb = "DELETE", .key = key}, [done = std::move(done)](const status& how) {
    done(!how && how.error().code == errc::not_found ? status{} : how);
  });
}

void s3_client::list(const std::string& prefix, const std::string& token, then<s3_listing> done) {
  order what{.verb = "GET", .key = {}, .query = {{"list-type", "2"}, {"prefix", core_->options.prefix + prefix}}};
  if (!token.empty())
    what.query.emplace_back("continuation-token", token);
  auto skip = core_->options.prefix.size();
  core_->ask(std::move(what), [skip, done = std::move(done)](const result<http::client_response>& got) {
    if (!got)
      return done(got.error());
    s3_listing out;
    for (auto one : xml_elements(got->body, "Contents")) {
      s3_object object{xml_text(one, "Key"), 0, xml_text(one, "ETag")};
      object.key.erase(0, skip);
      auto size = xml_text(one, "Size");
      std::from_chars(size.data(), size.data() + size.size(), object.size);
      out.objects.push_back(std::move(object));
    }
    if (xml_text(got->body, "IsTruncated") == "true")
      out.next = xml_text(got->body, "NextContinuationToken");
    done(std::move(out));
  });
}

void s3_client::start_parts(const std::string& key, then<std::string> done) {
  order what{
      .verb = "POST", .key = key, .query = {{"uploads", ""}}, .fields = {{"Content-Type", "application/vnd.ipld.car"}}};
  core_->ask(std::move(what), [done = std::move(done)](const result<http::client_response>& got) {
    if (!got)
      return done(got.error());
    auto id = xml_text(got->body, "UploadId");
    if (id.empty())
      return done(fail(errc::protocol, "The S3 server began an upload without naming it."));
    done(std::move(id));
  });
}

void s3_client::put_part(const std::string& key, const std::string& upload, int number, bytes body,
                         then<std::string> etag) {
  order what{.verb = "PUT", .key = key, .query = {{"partNumber", std::to_string(number)}, {"uploadId", upload}}};
  what.body = std::make_shared<const bytes>(std::move(body));
  core_->ask(std::move(what), [etag = std::move(etag)](const result<http::client_response>& got) {
    if (!got)
      return etag(got.error());
    auto tag = got->fields.get("ETag");
    if (!tag)
      return etag(fail(errc::protocol, "The S3 server took a part and does not name it."));
    etag(std::string{*tag});
  });
}

void s3_client::finish_parts(const std::string& key, const std::string& upload, const std::vector<std::string>& etags,
                             then_status done) {
  std::string list = "<CompleteMultipartUpload>";
  for (std::size_t i = 0; i < etags.size(); ++i)
    list +=
        "<Part><PartNumber>" + std::to_string(i + 1) + "</PartNumber><ETag>" + xml_escape(etags[i]) + "</ETag></Part>";
  list += "</CompleteMultipartUpload>";
  order what{
      .verb = "POST", .key = key, .query = {{"uploadId", upload}}, .fields = {{"Content-Type", "application/xml"}}};
  what.body = std::make_shared<const bytes>(to_bytes(as_bytes(list)));
  core_->ask(std::move(what), [done = std::move(done)](const result<http::client_response>& got) {
    if (!got)
      return done(got.error());
    // S3 may say 200 before it knows.
    if (auto code = xml_text(got->body, "Code"); !code.empty())
      return done(fail(errc::overloaded, "The S3 server could not put the parts together.", words(code)));
    done({});
  });
}

void s3_client::drop_parts(const std::string& key, const std::string& upload, then_status done) {
  core_->ask({.verb = "DELETE", .key = key, .query = {{"uploadId", upload}}}, std::move(done));
}

} // namespace weir::hot
