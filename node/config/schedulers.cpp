#include "node/config/schedulers.hpp"

#include "node/cli/options.hpp"
#include "node/cli/units.hpp"
#include "storage/filecoin/address_text.hpp"

#include <algorithm>
#include <array>

namespace weir {

namespace {

using text = const std::string&;

status into_miners(std::vector<address>& miners, text t) {
  miners.clear();
  for (std::size_t at = 0; at < t.size();) {
    auto end = std::min(t.find_first_of(" ,", at), t.size());
    if (end > at) {
      WEIR_TRY(auto miner, filecoin::parse_address(t.substr(at, end - at)));
      miners.push_back(miner);
    }
    at = end + 1;
  }
  return {};
}

status into_selector(scheduler_settings& s, text t) {
  if (t != "cheapest" && t != "reputation" && t != "fixed")
    return fail(errc::invalid_argument, "A miner selector is cheapest, reputation or fixed.", t);
  s.selector = t;
  s.how.by_reputation = t == "reputation";
  return {};
}

constexpr std::size_t most_parallel = 10'000;

status into_parallel(std::size_t& n, text t) {
  WEIR_TRY(n, cli::parse_number(t));
  if (n == 0 || n > most_parallel)
    return fail(errc::invalid_argument, "This many jobs cannot run at once.", t, std::to_string(most_parallel));
  return {};
}

struct key {
  std::string_view name;
  status (*apply)(scheduler_settings&, text);
};
constexpr std::array<key, 7> keys{{
    {"hot", [](scheduler_settings& s, text t) { return s.how.hot = t, status{}; }},
    {"selector", into_selector},
    {"miners", [](scheduler_settings& s, text t) { return into_miners(s.how.miners, t); }},
    {"parallel", [](scheduler_settings& s, text t) { return into_parallel(s.how.parallel, t); }},
    {"repair-every",
     [](scheduler_settings& s, text t) -> status {
       WEIR_TRY(s.how.repair_every, cli::parse_duration(t));
       return {};
     }},
    {"max-price",
     [](scheduler_settings& s, text t) -> status {
       WEIR_TRY(s.how.max_price, token_amount::parse_fil(t));
       return {};
     }},
    {"least-size",
     [](scheduler_settings& s, text t) -> status {
       WEIR_TRY(s.how.least_size, cli::parse_size(t));
       return {};
     }},
}};

status check_name(std::string_view name) {
  bool good = !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (good)
    return {};
  return fail(errc::invalid_argument, "The name of a scheduler is made of a-z, 0-9 and '-'.", std::string{name});
}

std::string miners_text(const std::vector<address>& miners) {
  std::string all;
  for (const auto& m : miners)
    all += (all.empty() ? "" : " ") + filecoin::to_text(m);
  return all;
}

} // namespace

status apply_scheduler(scheduler_map& into, std::string_view path, const std::string& value) {
  auto dot = path.find('.');
  std::string name{path.substr(0, dot)};
  WEIR_CHECK(check_name(name));
  auto wanted = dot == path.npos ? std::string_view{} : path.substr(dot + 1);
  auto& target = into[name];
  target.how.name = name;
  std::vector<std::string_view> names;
  for (const auto& k : keys) {
    names.push_back(k.name);
    if (k.name != wanted)
      continue;
    target.given.insert(std::string{wanted});
    auto done = k.apply(target, value);
    if (done)
      return {};
    auto e = done.error();
    e.message = "Scheduler '" + name + "', " + std::string{wanted} + ": " + e.message;
    return e;
  }
  std::string message = "A scheduler has no setting '" + std::string{wanted} + "'.";
  if (auto near = cli::nearest(wanted, names); !near.empty())
    message += " Did you mean '" + near + "'?";
  return fail(errc::usage, message, std::string{wanted});
}

status check_schedulers(const scheduler_map& schedulers, const std::set<std::string>& layers) {
  for (const auto& [name, s] : schedulers) {
    auto front = "Scheduler '" + name + "': ";
    if (s.how.hot != ffs::own_layer && !layers.contains(s.how.hot))
      return fail(errc::usage, front + "the configuration has no hot layer of this name.", s.how.hot);
    if ((s.selector == "fixed") == s.how.miners.empty())
      return fail(errc::usage, front + "the selector fixed, and no other, has a list of miners.", s.selector);
  }
  return {};
}

std::map<std::string, std::string> schedulers_in_force(const scheduler_map& schedulers) {
  std::map<std::string, std::string> out;
  for (const auto& [name, s] : schedulers) {
    auto front = std::string{schedulers_section} + "." + name + ".";
    if (s.given.contains("hot"))
      out[front + "hot"] = s.how.hot;
    out[front + "selector"] = s.selector;
    out[front + "parallel"] = std::to_string(s.how.parallel);
    out[front + "repair-every"] = std::to_string(s.how.repair_every) + "epochs";
    if (!s.how.miners.empty())
      out[front + "miners"] = miners_text(s.how.miners);
    if (!s.how.max_price.zero())
      out[front + "max-price"] = s.how.max_price.fil();
    if (s.how.least_size > 0)
      out[front + "least-size"] = std::to_string(s.how.least_size);
  }
  return out;
}

std::vector<ffs::scheduler_options> schedulers_of(const scheduler_map& schedulers, const std::string& hot) {
  std::vector<ffs::scheduler_options> all(1);
  all[0].hot = hot;
  for (const auto& [name, s] : schedulers) {
    if (name != default_scheduler) {
      all.push_back(s.how);
      continue;
    }
    all[0] = s.how;
    if (!s.given.contains("hot"))
      all[0].hot = hot;
  }
  return all;
}

} // namespace weir
