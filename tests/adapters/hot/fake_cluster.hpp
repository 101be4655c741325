#pragma once
// The routes of ipfs-cluster and of S3 that the clients use, with faults.
#include "adapters/http/ranges.hpp"
#include "storage/hash/digest.hpp"
#include "tests/adapters/hot/hot_fixture.hpp"

#include <set>

namespace weir::test {

class fake_cluster {
public:
  void serve(http::router& routes) {
    routes.add("POST", "/add", [this](const http::exchange_ptr& x) { add(x); });
    routes.add("POST", "/pins/{cid}", [this](const http::exchange_ptr& x) {
      pins[std::string{x->request().capture("cid")}] = 0;
      options = x->request().raw_query;
      allocation(x);
    });
    routes.add("GET", "/allocations/{cid}", [this](const http::exchange_ptr& x) { allocation(x); });
    routes.add("GET", "/pins/{cid}", [this](const http::exchange_ptr& x) { status(x); });
    routes.add("DELETE", "/pins/{cid}", [this](const http::exchange_ptr& x) {
      if (pins.erase(std::string{x->request().capture("cid")}) == 0)
        return missing(x);
      allocation(x);
    });
  }

  std::map<std::string, int> pins;                               ///< how often its state was asked for
  std::vector<std::string> states{"pinned", "pinned", "remote"}; ///< of the peers, in the end
  int looks_until = 2;                                           ///< before that they are "pinning"
  int least = 2;
  bool refuse_add = false;
  std::string options;

private:
  static void missing(const http::exchange_ptr& x) {
    x->respond(http::response::json(404, R"({"code":404,"message":"pin is not part of the pinset"})"));
  }
  void allocation(const http::exchange_ptr& x) {
    auto id = std::string{x->request().capture("cid")};
    if (x->request().verb != http::method::del && !pins.contains(id))
      return missing(x);
    x->respond(http::response::json(200, R"({"cid":")" + id + R"(","name":"weir","replication_factor_min":)"
                                             + std::to_string(least)
                                             + R"(,"replication_factor_max":2,"allocations":[]})"));
  }
  void status(const http::exchange_ptr& x) {
    auto id = std::string{x->request().capture("cid")};
    bool ready = pins.contains(id) && pins[id]++ >= looks_until;
    std::string map;
    for (std::size_t i = 0; i < states.size(); ++i) {
      auto state = !pins.contains(id) ? "unpinned" : ready || states[i] == "remote" ? states[i] : "pinning";
      map += (i == 0 ? "" : ",") + std::string{"\"peer"} + std::to_string(i) + R"(":{"peername":"n)" + std::to_string(i)
             + R"(","status":")" + state + R"(","error":""})";
    }
    x->respond(http::response::json(200, R"({"cid":")" + id + R"(","name":"","peer_map":{)" + map + "}}"));
  }
  void add(const http::exchange_ptr& x) {
    x->read_all(64 << 20, [this, x](result<std::string> body) {
      if (!body)
        return;
      if (refuse_add)
        return x->respond(http::response::json(500, R"({"code":500,"message":"not enough peers to allocate"})"));
      car_parser parser{[](const cid&, bytes_view, const car_position&) { return weir::status{}; }};
      EXPECT_TRUE(parser.feed(file_of(*body)));
      auto root = parser.roots()->front().text();
      pins[root] = 0;
      options = x->request().raw_query;
      x->respond(http::response::json(200, R"([{"name":"dag.car","cid":")" + root + R"(","size":1}])"));
    });
  }
};

class fake_s3 {
public:
  void serve(http::router& routes) {
    for (const char* verb : {"PUT", "GET", "HEAD", "DELETE", "POST"})
      routes.add(verb, "/bucket/{key}", [this](const http::exchange_ptr& x) {
        x->read_all(64 << 20, [this, x](result<std::string> body) {
          if (body)
            take(x, std::move(*body));
        });
      });
    routes.add("GET", "/bucket", [this](const http::exchange_ptr& x) {
      std::string list;
      for (const auto& [key, data] : objects)
        list += "<Contents><Key>" + key + "</Key><Size>" + std::to_string(data.size()) + "</Size></Contents>";
      x->respond(http::response::text(200, "<R><IsTruncated>false</IsTruncated>" + list + "</R>"));
    });
  }

  std::map<std::string, std::string> objects;
  std::map<std::string, std::map<int, std::string>> uploads;
  int busy = 0;   ///< so many requests get 503
  int short_ = 0; ///< so many bodies are cut off
  int requests = 0;

private:
  static std::string tag(const std::string& data) {
    return "\"" + to_hex(sha2_256(as_bytes(data))).substr(0, 16) + "\"";
  }

  void take(const http::exchange_ptr& x, std::string body) {
    ++requests;
    const auto& r = x->request();
    if (busy > 0 && busy-- > 0)
      return x->respond(http::response::text(503, "<Error><Code>SlowDown</Code><Message>less</Message></Error>"));
    if (r.header("x-amz-content-sha256") != to_hex(sha2_256(as_bytes(body)))
        || !r.header("Authorization").value_or("").starts_with("AWS4-HMAC-SHA256 Credential=key/"))
      return x->respond(http::response::text(403, "<Error><Code>SignatureDoesNotMatch</Code></Error>"));
    std::string key{r.capture("key")};
    auto upload = std::string{r.params.get("uploadId").value_or("")};
    if (r.verb == http::method::post && upload.empty()) {
      uploads["u1"] = {};
      return x->respond(http::response::text(200, "<R><UploadId>u1</UploadId></R>"));
    }
    if (r.verb == http::method::post)
      return finish(x, key, upload);
    if (r.verb == http::method::put)
      return put(x, key, upload, std::move(body));
    if (r.verb == http::method::del) {
      upload.empty() ? objects.erase(key) : uploads.erase(upload);
      return x->respond(http::response::empty(204));
    }
    give(x, key);
  }
  void put(const http::exchange_ptr& x, const std::string& key, const std::string& upload, std::string body) {
    auto answer = http::response::empty(200);
    answer.fields.add("ETag", tag(body));
    if (upload.empty())
      objects[key] = std::move(body);
    else
      uploads[upload][std::atoi(std::string{*x->request().params.get("partNumber")}.c_str())] = std::move(body);
    x->respond(std::move(answer));
  }
  void finish(const http::exchange_ptr& x, const std::string& key, const std::string& upload) {
    auto& whole = objects[key];
    whole.clear();
    for (const auto& [number, data] : uploads[upload])
      whole += data;
    uploads.erase(upload);
    x->respond(http::response::text(200, "<R><ETag>x</ETag></R>"));
  }
  void give(const http::exchange_ptr& x, const std::string& key) {
    auto found = objects.find(key);
    if (found == objects.end())
      return x->respond(http::response::text(404, "<Error><Code>NoSuchKey</Code></Error>"));
    const auto& data = found->second;
    auto range = http::answer_range(x->request().header("Range"), data.size());
    bool part = x->request().verb == http::method::get;
    http::head head{.status = part ? 206 : 200, .fields = {{"ETag", tag(data)}}};
    head.length = part ? range.length : data.size();
    if (part)
      head.fields.add("Content-Range", "bytes " + std::to_string(range.offset) + "-"
                                           + std::to_string(range.offset + range.length - 1) + "/"
                                           + std::to_string(data.size()));
    x->begin(std::move(head));
    if (part && short_ > 0 && short_-- > 0) {
      x->write(data.substr(range.offset, range.length / 2));
      return x->on_drain([x] { x->abort(); });
    }
    if (part)
      x->write(data.substr(range.offset, range.length));
    x->end();
  }
};

} // namespace weir::test
