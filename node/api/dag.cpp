// The DAG of a content: as a CAR, and counted.
#include "node/api/endpoints.hpp"
#include "node/api/reading.hpp"
#include "node/json/record.hpp"

#include "adapters/http/url.hpp"

namespace weir::api {

namespace {

/// Asks for one part after the other; the next only when the last one is on its way.
class car_sender : public std::enable_shared_from_this<car_sender> {
public:
  car_sender(call c, const read_ticket& t, bool only_root) : call_{std::move(c)}, ticket_{*call_.node, t} {
    wanted_ = {ticket_.number(), true, only_root};
    head_.fields.add("Content-Type", "application/vnd.ipld.car; version=1");
    head_.fields.add("X-Content-Type-Options", "nosniff");
    head_.fields.add("Content-Disposition",
                     "attachment; filename=\"" + http::percent_encode(t.entry.cid.text()) + ".car\"");
  }

  void step() {
    if (begun_ && !call_.x->open())
      return;
    auto me = shared_from_this();
    call_.node->self->request(call_.node->retriever, slow_ask_time, wanted_)
        .then([me](const dag_part& part) { me->got(part); }, [me](const caf::error& e) { me->failed(from_caf(e)); });
  }

private:
  void got(const dag_part& part) {
    // The head goes out with the first bytes, so that an error before them has its own status.
    if (!begun_)
      call_.x->begin(std::move(head_));
    begun_ = true;
    bool more = part.car->empty() || call_.x->write(http::owned_bytes{part.car, bytes_view{*part.car}});
    if (part.done)
      return call_.x->end();
    auto me = shared_from_this();
    more ? step() : call_.x->on_drain([me] { me->step(); });
  }

  void failed(const error& e) { begun_ ? call_.x->abort() : call_.fail(e); }

  call call_;
  open_ticket ticket_;
  read_dag wanted_;
  http::head head_;
  bool begun_ = false;
};

void send_car(call c) {
  auto from = source_of(c);
  if (!good(c, from))
    return;
  auto scope = c.param("scope");
  if (!scope.empty() && scope != "all" && scope != "block")
    return c.fail(fail(errc::invalid_argument, "scope is all or block.", scope));
  open_at(c, c.param("path"), *from, [c, only_root = scope == "block"](const content&, const read_ticket& t) {
    std::make_shared<car_sender>(c, t, only_root)->step();
  });
}

void answer_counts(const call& c, const directory_entry& entry, const dag_part& counted) {
  json::writer w;
  w.begin_object().key("cid");
  json::write(w, entry.cid);
  w.member("type", kind_name(entry.type)).member("size", entry.size).member("blocks", counted.blocks);
  w.member("dagSize", counted.bytes).end_object();
  c.json(200, w);
}

void count_on(const call& c, std::shared_ptr<open_ticket> open, const directory_entry& entry) {
  if (!c.x->open())
    return;
  ask(
      c, c.node->retriever, read_dag{open->number(), false, false},
      [c, open, entry](const dag_part& part) { part.done ? answer_counts(c, entry, part) : count_on(c, open, entry); },
      slow_ask_time);
}

void count_dag(call c) {
  auto from = source_of(c);
  if (!good(c, from))
    return;
  open_at(c, c.param("path"), *from, [c](const content&, const read_ticket& t) {
    count_on(c, std::make_shared<open_ticket>(*c.node, t), t.entry);
  });
}

} // namespace

endpoints dag_endpoints() {
  return {
      {"GET", "/contents/{id}/dag", access::user, "The DAG at a path of a content, counted block by block.",
       "path from", "", 200, count_dag},
      {"GET", "/contents/{id}/car", access::user, "The DAG at a path of a content as a CAR, or only its first block.",
       "path scope from", "", 200, send_car},
  };
}

} // namespace weir::api
