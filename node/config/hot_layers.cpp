#include "node/config/hot_layers.hpp"

#include "node/cli/options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace weir {

namespace {

using layer = hot_layer_options;

struct text_key {
  std::string_view name;
  std::string layer::*member;
  bool url = false;
};
constexpr std::array<text_key, 10> text_keys{{{"kind", &layer::kind},
                                              {"url", &layer::url, true},
                                              {"credentials-file", &layer::credentials_file},
                                              {"ipfs", &layer::ipfs, true},
                                              {"ipfs-credentials-file", &layer::ipfs_credentials_file},
                                              {"s3-url", &layer::s3_url, true},
                                              {"s3-bucket", &layer::s3_bucket},
                                              {"s3-prefix", &layer::s3_prefix},
                                              {"s3-region", &layer::s3_region},
                                              {"s3-credentials-file", &layer::s3_credentials_file}}};
struct number_key {
  std::string_view name;
  int layer::*member;
};
constexpr std::array<number_key, 2> number_keys{
    {{"replication-min", &layer::replication_min}, {"replication-max", &layer::replication_max}}};
constexpr std::array<std::string_view, 3> kinds{"ipfs", "cluster", "cluster-s3"};

status check_name(std::string_view name) {
  bool good = !name.empty() && name.size() <= 64 && name != built_in_layer && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (good)
    return {};
  return fail(errc::invalid_argument,
              "The name of a hot layer is made of a-z, 0-9 and '-'; 'store' is the one inside the node.",
              std::string{name});
}

/// http or https, without a path behind it and without a password in it.
status into_url(std::string& into, std::string value) {
  while (value.ends_with('/'))
    value.pop_back();
  auto rest = value.find("://");
  auto scheme = value.substr(0, rest);
  bool good = (scheme == "http" || scheme == "https") && value.size() > rest + 3
              && value.find_first_of("/?#@ ", rest + 3) == value.npos;
  if (!good) // it may have a password in it, so it is not repeated
    return fail(errc::invalid_argument, "This has to be http://HOST:PORT or https://HOST:PORT; credentials stand in "
                                        "a file of their own.");
  into = std::move(value);
  return {};
}

status into_number(int& into, const std::string& value) {
  int n = 0;
  auto [end, wrong] = std::from_chars(value.data(), value.data() + value.size(), n);
  if (wrong != std::errc{} || end != value.data() + value.size() || n < -1)
    return fail(errc::invalid_argument, "This is a number of peers; -1 is every one, 0 the cluster's own default.",
                value);
  into = n;
  return {};
}

} // namespace

status apply_hot_layer(hot_layer_map& into, std::string_view path, const std::string& value) {
  auto dot = path.find('.');
  auto name = path.substr(0, dot);
  WEIR_CHECK(check_name(name));
  auto key = dot == path.npos ? std::string_view{} : path.substr(dot + 1);
  auto& target = into[std::string{name}];
  std::vector<std::string_view> names;
  for (const auto& k : text_keys) {
    if (k.name == key && k.url)
      return into_url(target.*k.member, value);
    if (k.name == key)
      return target.*k.member = value, status{};
    names.push_back(k.name);
  }
  for (const auto& k : number_keys) {
    if (k.name == key)
      return into_number(target.*k.member, value);
    names.push_back(k.name);
  }
  std::string message = "A hot layer has no setting '" + std::string{key} + "'.";
  if (auto near = cli::nearest(key, names); !near.empty())
    message += " Did you mean '" + near + "'?";
  return fail(errc::usage, message, std::string{key});
}

status check_hot_layers(const hot_layer_map& layers) {
  for (const auto& [name, o] : layers) {
    auto wrong = [&](const char* why) { return fail(errc::usage, std::string{"Hot layer '"} + name + "': " + why); };
    if (std::ranges::find(kinds, o.kind) == kinds.end())
      return wrong("kind is ipfs, cluster or cluster-s3.");
    if (o.url.empty())
      return wrong("url says where it is.");
    bool s3 = o.kind == "cluster-s3";
    if (s3 && (o.s3_url.empty() || o.s3_bucket.empty() || o.s3_credentials_file.empty()))
      return wrong("a bucket needs s3-url, s3-bucket and s3-credentials-file.");
    if (!s3 && !(o.s3_url + o.s3_bucket + o.s3_credentials_file).empty())
      return wrong("only the kind cluster-s3 has a bucket.");
    bool cluster = o.kind != "ipfs";
    if (!cluster && (!o.ipfs.empty() || o.replication_min != 0 || o.replication_max != 0))
      return wrong("ipfs and replication are settings of a cluster.");
    if ((o.replication_min == -1) != (o.replication_max == -1)
        || (o.replication_max > 0 && o.replication_min > o.replication_max))
      return wrong("replication-min is at most replication-max, and both are -1 or none.");
  }
  return {};
}

std::map<std::string, std::string> hot_layers_in_force(const hot_layer_map& layers) {
  std::map<std::string, std::string> out;
  for (const auto& [name, o] : layers) {
    auto front = std::string{hot_layers_section} + "." + name + ".";
    for (const auto& k : text_keys)
      if (!(o.*k.member).empty())
        out[front + std::string{k.name}] = o.*k.member;
    for (const auto& k : number_keys)
      if (o.*k.member != 0)
        out[front + std::string{k.name}] = std::to_string(o.*k.member);
  }
  return out;
}

} // namespace weir
