#include "node/api/call.hpp"

#include "node/api/idempotency.hpp"
#include "node/cli/options.hpp"
#include "node/cli/units.hpp"

namespace weir::api {

namespace {

constexpr std::size_t max_body = 1 << 20;
constexpr std::size_t max_limit = 1000;

/// A member that nobody reads would be a wish that is silently not granted.
status check_members(const json::value& body, std::string_view allowed) {
  if (allowed == "*")
    return {};
  std::vector<std::string_view> names;
  for (auto rest = allowed; !rest.empty();) {
    auto end = std::min(rest.find(' '), rest.size());
    names.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(rest.size(), end + 1));
  }
  for (const auto& [name, value] : body.members) {
    if (std::find(names.begin(), names.end(), name) != names.end())
      continue;
    auto near = cli::nearest(name, names);
    return weir::fail(errc::invalid_argument,
                      "The body has a member that is not known." + (near.empty() ? "" : " Did you mean " + near + "?"),
                      name, std::string{allowed});
  }
  return {};
}

} // namespace

std::string call::param(std::string_view name) const {
  return std::string{x->request().params.get(name).value_or("")};
}

result<snapshot> call::view() const {
  auto at = param("at");
  if (at.empty())
    return node->newest();
  WEIR_TRY(auto number, cli::parse_number(at));
  return node->commits.records->view_at(revision{number});
}

void call::json(int status, std::string body) const {
  reply(http::response::json(status, std::move(body)));
}

void call::fail(const error& e) const {
  reply(http::response::problem(e));
}

void call::reply(http::response answer) const {
  answer.fields.set("Cache-Control", "no-store");
  if (once)
    remember_answer(*this, std::move(answer));
  else
    x->respond(std::move(answer));
}

result<page> page_of(const call& c) {
  page out;
  out.after = c.param("after");
  auto limit = c.param("limit");
  if (limit.empty())
    return out;
  WEIR_TRY(auto number, cli::parse_number(limit));
  if (number == 0 || number > max_limit)
    return weir::fail(errc::invalid_argument, "limit is a number of items.", limit,
                      "1 to " + std::to_string(max_limit));
  out.limit = number;
  return out;
}

void with_body(call c, std::function<void(call, const json::value&)> run) {
  c.x->read_all(max_body, [c, run](const result<std::string>& body) {
    if (!good(c, body))
      return;
    auto parsed = body->empty() ? result<json::value>{json::value{json::value::kind::object, false, {}, {}, {}}}
                                : json::parse(*body);
    if (!good(c, parsed))
      return;
    if (!parsed->is_object())
      return c.fail(weir::fail(errc::malformed, "The body has to be a JSON object."));
    if (!good(c, check_members(*parsed, c.members)))
      return;
    answer_once(c, *body, [run, parsed](const call& ready) { run(ready, *parsed); });
  });
}

} // namespace weir::api
