#include "node/api/endpoints.hpp"
#include "node/json/writer.hpp"
#include "node/version.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

namespace weir::api {

namespace {

/// Calls `f` with each word of a list separated by spaces.
template <class F>
void each_word(std::string_view words, F f) {
  while (!words.empty()) {
    auto end = std::min(words.find(' '), words.size());
    f(words.substr(0, end));
    words.remove_prefix(std::min(words.size(), end + 1));
  }
}

/// The names between braces, without the "*" of a rest.
template <class F>
void each_capture(std::string_view path, F f) {
  for (auto open = path.find('{'); open != path.npos; open = path.find('{', open + 1)) {
    auto close = path.find('}', open);
    auto name = path.substr(open + 1, close - open - 1);
    f(name.substr(0, name.find('*')));
  }
}

std::string without_stars(std::string_view path) {
  std::string out{path};
  std::erase(out, '*');
  return out;
}

void write_parameter(json::writer& w, std::string_view name, std::string_view in) {
  w.begin_object().member("name", name).member("in", in).member("required", in == "path");
  w.key("schema").begin_object().member("type", "string").end_object().end_object();
}

void write_body(json::writer& w, std::string_view body) {
  w.key("requestBody").begin_object().key("content").begin_object();
  if (body == "bytes") {
    w.key("application/octet-stream").begin_object().end_object();
  } else {
    w.key("application/json").begin_object().key("schema").begin_object().member("type", "object");
    w.key("properties").begin_object();
    each_word(body, [&](std::string_view name) { w.key(name).begin_object().end_object(); });
    w.end_object().end_object().end_object();
  }
  w.end_object().end_object();
}

void write_operation(json::writer& w, const endpoint& e) {
  std::string verb{e.verb};
  std::transform(verb.begin(), verb.end(), verb.begin(), [](unsigned char c) { return std::tolower(c); });
  w.key(verb).begin_object().member("summary", e.summary).key("parameters").begin_array();
  each_capture(e.path, [&](std::string_view name) { write_parameter(w, name, "path"); });
  each_word(e.query, [&](std::string_view name) { write_parameter(w, name, "query"); });
  w.end_array();
  if (!e.body.empty())
    write_body(w, e.body);
  w.key("security").begin_array();
  if (e.need != access::open)
    w.begin_object().key("token").begin_array().end_array().end_object();
  w.end_array().key("responses").begin_object();
  w.key(std::to_string(e.status)).begin_object().member("description", "Done.").end_object();
  w.key("default").begin_object().member("description", "An error of the catalogue.");
  w.key("content").begin_object().key("application/problem+json").begin_object().key("schema").begin_object();
  w.member("$ref", "#/components/schemas/problem");
  w.end_object().end_object().end_object().end_object().end_object().end_object();
}

void write_components(json::writer& w) {
  w.key("components").begin_object().key("securitySchemes").begin_object().key("token").begin_object();
  w.member("type", "http").member("scheme", "bearer").end_object().end_object();
  w.key("schemas").begin_object().key("problem").begin_object().member("type", "object").key("properties");
  w.begin_object();
  for (auto name : std::array<std::string_view, 5>{"type", "title", "detail", "value", "limit"})
    w.key(name).begin_object().member("type", "string").end_object();
  w.key("status").begin_object().member("type", "integer").end_object();
  w.key("code").begin_object().member("type", "string").key("enum").begin_array();
  for (const auto& e : error_catalogue())
    w.value(e.name);
  w.end_array().end_object().end_object().end_object().end_object().end_object();
}

} // namespace

const endpoints& all_endpoints() {
  static const endpoints all = [] {
    endpoints out;
    for (auto part : {node_endpoints, content_endpoints, explain_endpoints, proof_endpoints, file_endpoints,
                      dag_endpoints, upload_endpoints, bucket_endpoints, piece_endpoints, deal_endpoints,
                      provider_endpoints, store_endpoints, wallet_endpoints, token_endpoints, ffs_endpoints,
                      session_endpoints, event_endpoints, watch_endpoints, devnet_endpoints})
      for (auto& e : part())
        out.push_back(e);
    return out;
  }();
  return all;
}

std::string openapi_document() {
  std::map<std::string, std::vector<const endpoint*>> paths;
  for (const auto& e : all_endpoints())
    paths["/api/v1" + without_stars(e.path)].push_back(&e);
  json::writer w;
  w.begin_object().member("openapi", "3.1.0").key("info").begin_object();
  w.member("title", "Weir").member("version", version()).end_object().key("paths").begin_object();
  for (const auto& [path, operations] : paths) {
    w.key(path).begin_object();
    for (const auto* e : operations)
      write_operation(w, *e);
    w.end_object();
  }
  w.end_object();
  write_components(w);
  w.end_object();
  return w.take();
}

} // namespace weir::api
