// The DAG of a content: as a CAR, and counted.
#include "node/api/endpoints.hpp"
#include "node/api/reading.hpp"
#include "node/api/streamed_answer.hpp"
#include "node/json/record.hpp"

#include "adapters/http/url.hpp"

namespace weir::api {

namespace {

http::head car_head(const cid& root) {
  http::head head;
  head.fields.add("Content-Type", "application/vnd.ipld.car; version=1");
  head.fields.add("X-Content-Type-Options", "nosniff");
  head.fields.add("Content-Disposition", "attachment; filename=\"" + http::percent_encode(root.text()) + ".car\"");
  return head;
}

class car_sender : public std::enable_shared_from_this<car_sender> {
public:
  car_sender(call c, const read_ticket& t, bool only_root)
      : ticket_{*c.node, t}, wanted_{ticket_.number(), true, only_root}, out_{std::move(c), car_head(t.entry.cid)} {}

  void step() {
    if (!out_.wanted())
      return;
    auto me = shared_from_this();
    auto& node = *out_.asked().node;
    node.self->request(node.retriever, slow_ask_time, wanted_)
        .then([me](const dag_part& part) { me->out_.send(part.car, part.done, [me] { me->step(); }); },
              [me](const caf::error& e) { me->out_.fail(from_caf(e)); });
  }

private:
  open_ticket ticket_;
  read_dag wanted_;
  streamed_answer out_;
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
