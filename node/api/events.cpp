// The journal by pages: every transaction with its events.
#include "node/api/endpoints.hpp"
#include "node/api/transactions.hpp"
#include "node/cli/units.hpp"

namespace weir::api {

namespace {

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
      {"GET", "/events", access::user, "Transactions with their events, after a revision; the oldest first.",
       "from limit kind subject", "", 200, list_events},
  };
}

} // namespace weir::api
