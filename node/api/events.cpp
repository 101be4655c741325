// The journal by pages: every transaction with its events.
#include "actors/ffs/webhook_rules.hpp"
#include "node/api/endpoints.hpp"
#include "node/api/transactions.hpp"
#include "node/cli/units.hpp"

namespace weir::api {

namespace {

/// With `instance`: its own, and those of its deals and addresses, which the events do not name it for.
status only_of_instance(const call& c, event_filter& filter) {
  instance_id id{c.param("instance")};
  if (id.value.empty())
    return {};
  if (!c.who.admin && id != c.who.instance)
    return fail(errc::not_found, "There is no such instance.", id.value);
  filter.also = [state = c.node->newest(), id](const event& e) {
    auto its = ffs::concerns(*state, id, e);
    return its && *its;
  };
  return {};
}

result<std::string> list_text(const call& c) {
  WEIR_TRY(auto p, page_of(c));
  auto& store = *c.node->commits.records;
  std::uint64_t from = 0;
  if (auto text = c.param("from"); !text.empty()) {
    WEIR_TRY(from, cli::parse_number(text));
  } else if (auto oldest = store.oldest().value; oldest > 0) {
    from = oldest - 1;
  }
  WEIR_TRY(auto filter, filter_of(c.who, c.x->request().params.all("kind"), c.param("subject")));
  WEIR_CHECK(only_of_instance(c, filter));
  json::writer w;
  w.begin_object().key("items").begin_array();
  std::size_t taken = 0, looked = 0;
  revision next{from};
  for (bool more = true; more && taken < p.limit && looked < max_transactions_looked_at;) {
    WEIR_TRY(auto log, store.read_log(next, {1u << 20, p.limit}));
    more = !log.empty();
    for (const auto& t : log) {
      if (taken == p.limit)
        break;
      next = t->rev;
      ++looked;
      if (filter.interested(*t)) {
        write_transaction(w, *t, filter);
        ++taken;
      }
    }
  }
  w.end_array().key("next");
  next < store.head() ? (void)w.value(next.value) : (void)w.null();
  w.member("oldest", store.oldest().value).member("revision", store.head().value).end_object();
  return w.take();
}

void list_events(call c) {
  auto text = list_text(c);
  if (good(c, text))
    c.json(200, *std::move(text));
}

} // namespace

endpoints event_endpoints() {
  return {
      {"GET", "/events", access::user,
       "Transactions with their events, after a revision; the oldest first. `kind`: a name (job.done), a thing (job), "
       "or "
       "alerts; `instance`: what concerns that one, its deals and addresses too.",
       "from limit kind subject instance", "", 200, list_events},
  };
}

} // namespace weir::api
