#pragma once
// A whole node in a temporary folder, on free ports, spoken to over sockets.
#include "adapters/http/blocking_client.hpp"
#include "node/json/value.hpp"
#include "node/runtime/runtime.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

namespace weir::test {

struct answer {
  int status = 0;
  http::headers fields;
  std::string body;
  json::value json;
};

class running_node {
public:
  explicit running_node(const std::filesystem::path& data, bool devnet = false, std::string reference_root = {}) {
    options.reference_root = std::move(reference_root);
    options.data = data;
    options.api = options.gateway = options.pieces = "127.0.0.1:0";
    options.devnet = devnet;
    options.log_level = "off";
    auto started = runtime::start(options);
    EXPECT_TRUE(started) << to_string(started.error());
    if (started)
      node = std::move(*started);
  }

  std::string url(const std::string& listener) const { return node->addresses().at(listener); }

  answer call(const std::string& verb, const std::string& path, const std::string& body = {}, http::headers fields = {},
              const std::string& listener = "api") {
    http::client_request r;
    r.verb = verb;
    r.url = url(listener) + path;
    r.fields = std::move(fields);
    r.body = http::owned_bytes{body};
    auto got = http.fetch(std::move(r));
    EXPECT_TRUE(got) << verb << " " << path;
    if (!got)
      return {};
    answer out{got->status, got->fields, got->body, {}};
    if (auto parsed = json::parse(out.body))
      out.json = *parsed;
    return out;
  }
  answer get(const std::string& path) { return call("GET", "/api/v1" + path); }
  answer post(const std::string& path, const std::string& body = "{}") { return call("POST", "/api/v1" + path, body); }

  /// One content of some files; its record.
  json::value add(const std::string& name, const std::vector<std::pair<std::string, std::string>>& files,
                  const std::string& more = {}) {
    auto id = post("/uploads", "{\"name\":\"" + name + "\"" + more + "}").json["id"].text;
    for (const auto& [path, data] : files)
      EXPECT_EQ(call("PUT", "/api/v1/uploads/" + id + "/files/" + path, data).status, 201);
    auto made = post("/uploads/" + id + "/commit");
    EXPECT_EQ(made.status, 201) << made.body;
    return made.json;
  }

  node_options options;
  std::unique_ptr<runtime> node;
  http::blocking_client http;
};

} // namespace weir::test
