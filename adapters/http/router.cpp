#include "adapters/http/router.hpp"

#include <map>
#include <spdlog/spdlog.h>
#include <vector>

namespace weir::http {

namespace {

/// The next segment of a path that stands before "/" or at a segment.
std::string_view next_segment(std::string_view& rest) {
  auto end = std::min(rest.find('/'), rest.size());
  auto out = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return out;
}

using capture_list = std::vector<std::pair<std::string, std::string>>;

} // namespace

struct router::table {
  struct node {
    std::map<std::string, std::unique_ptr<node>, std::less<>> literal;
    std::unique_ptr<node> any;  ///< {name}
    std::unique_ptr<node> rest; ///< {name*}
    std::map<std::string, http::handler, std::less<>> handlers;
    std::vector<std::string> names; ///< of the captures on the way here

    std::string allow() const {
      std::string out;
      for (const auto& [verb, what] : handlers) {
        out += (out.empty() ? "" : ", ") + verb;
        if (verb == "GET")
          out += ", HEAD";
      }
      return out + (out.empty() ? "OPTIONS" : ", OPTIONS");
    }
  };
  node root;
  http::handler fallback;
  std::vector<std::pair<std::string, std::string>> routes;

  /// Depth first, most particular child first; a node without handlers is
  /// not a match.
  const node* find(const node& at, std::string_view path, bool at_end, std::vector<std::string>& captured) const {
    if (at_end) {
      if (!at.handlers.empty())
        return &at;
      if (at.rest)
        captured.emplace_back();
      return at.rest.get();
    }
    auto whole = path;
    auto segment = next_segment(path);
    bool last = segment.size() == whole.size();
    auto decoded = percent_decode(segment);
    if (!decoded)
      return nullptr;
    auto depth = captured.size();
    if (auto found = at.literal.find(*decoded); found != at.literal.end())
      if (auto* hit = find(*found->second, path, last, captured))
        return hit;
    captured.resize(depth);
    if (at.any && !decoded->empty()) {
      captured.push_back(*decoded);
      if (auto* hit = find(*at.any, path, last, captured))
        return hit;
      captured.resize(depth);
    }
    if (!at.rest)
      return nullptr;
    captured.push_back(percent_decode(whole).value_or({}));
    return at.rest.get();
  }

  node* place(std::string_view pattern) {
    auto* at = &root;
    std::vector<std::string> names;
    auto rest = pattern.substr(1);
    while (true) {
      bool last = rest.find('/') == std::string_view::npos;
      auto segment = next_segment(rest);
      auto* child = &at->literal[std::string{segment}];
      if (segment.starts_with('{')) {
        at->literal.erase(std::string{segment});
        auto name = segment.substr(1, segment.size() - 2);
        bool all = name.ends_with('*');
        names.emplace_back(all ? name.substr(0, name.size() - 1) : name);
        child = all ? &at->rest : &at->any;
      }
      if (!*child)
        *child = std::make_unique<node>();
      at = child->get();
      if (last)
        break;
    }
    at->names = names;
    return at;
  }

  void serve(exchange_ptr x) const {
    auto& request = x->request();
    std::vector<std::string> captured;
    auto path = std::string_view{request.raw_path};
    path.remove_prefix(path.starts_with('/') ? 1 : 0);
    const auto* found = find(root, path, false, captured);
    if (found == nullptr)
      return fallback(std::move(x));
    auto verb = request.verb_name;
    if (verb == "HEAD" && !found->handlers.contains(verb))
      verb = "GET";
    auto chosen = found->handlers.find(verb);
    if (chosen == found->handlers.end())
      return refuse_method(*found, *x);
    for (std::size_t i = 0; i < captured.size() && i < found->names.size(); ++i)
      request.captures.insert_or_assign(found->names[i], std::move(captured[i]));
    chosen->second(std::move(x));
  }

  static void refuse_method(const node& where, exchange& x) {
    auto asked = x.request().verb == method::options;
    auto answer = asked ? response::empty(204)
                        : response::problem(fail(errc::unsupported, "This method is not allowed here.",
                                                 x.request().verb_name, where.allow()),
                                            405);
    answer.fields.add("Allow", where.allow());
    x.respond(std::move(answer));
  }
};

router::router() : table_{std::make_shared<table>()} {
  table_->fallback = [](const exchange_ptr& x) {
    x->respond(response::problem(fail(errc::not_found, "There is nothing at this path.", x->request().path)));
  };
}

router::~router() = default;

void router::add(std::string_view verb, std::string_view pattern, http::handler what) {
  table_->routes.emplace_back(verb, pattern);
  auto* place = pattern.starts_with('/') ? table_->place(pattern) : nullptr;
  if (place == nullptr || !place->handlers.emplace(verb, std::move(what)).second) {
    spdlog::critical("the route {} {} is malformed or there already", verb, pattern);
    std::abort();
  }
}

const std::vector<std::pair<std::string, std::string>>& router::routes() const {
  return table_->routes;
}

void router::fallback(http::handler what) {
  table_->fallback = std::move(what);
}

http::handler router::handler() const {
  return [shared = table_](exchange_ptr x) { shared->serve(std::move(x)); };
}

} // namespace weir::http
