#include "node/api/bytes.hpp"

#include "node/api/streamed_answer.hpp"

#include "adapters/http/content.hpp"
#include "adapters/http/ranges.hpp"
#include "adapters/http/url.hpp"

#include <algorithm>

namespace weir::api {

namespace {

constexpr std::uint32_t chunk_size = 512 * 1024;

class sender : public std::enable_shared_from_this<sender> {
public:
  sender(call c, const read_ticket& t, http::content_plan plan)
      : ticket_{*c.node, t}, out_{std::move(c), std::move(plan.first)}, at_{plan.offset}, end_{plan.offset
                                                                                               + plan.length} {}

  void step() {
    if (!out_.wanted())
      return;
    auto length = static_cast<std::uint32_t>(std::min<std::uint64_t>(chunk_size, end_ - at_));
    auto me = shared_from_this();
    auto& node = *out_.asked().node;
    node.self->request(node.retriever, slow_ask_time, read_bytes{ticket_.number(), at_, length})
        .then([me](const chunk& data) { me->got(data); }, [me](const caf::error& e) { me->out_.fail(from_caf(e)); });
  }

private:
  void got(const chunk& data) {
    if (!data || data->empty())
      return out_.fail(weir::fail(errc::corrupt, "The file ends before its size."));
    at_ += data->size();
    out_.send(data, at_ >= end_, [me = shared_from_this()] { me->step(); });
  }

  open_ticket ticket_;
  streamed_answer out_;
  std::uint64_t at_;
  std::uint64_t end_;
};

http::headers safety(const std::string& name, bool as_attachment) {
  http::headers h;
  h.add("X-Content-Type-Options", "nosniff");
  h.add("Content-Security-Policy", "sandbox; default-src 'none'");
  h.add("Cross-Origin-Resource-Policy", "same-origin");
  if (as_attachment)
    h.add("Content-Disposition", "attachment; filename*=UTF-8''" + http::percent_encode(name));
  return h;
}

} // namespace

void send_bytes(const call& c, const read_ticket& ticket, std::string name, bool as_attachment) {
  open_ticket until_sent{*c.node, ticket};
  const auto& entry = ticket.entry;
  auto fields = safety(name, as_attachment);
  fields.add("Weir-Source", ticket.local ? "local" : "provider");
  auto plan = http::plan_content(c.x->request(), entry.size, http::mime_type(name), http::entity_tag(entry.cid.text()),
                                 std::move(fields));
  if (plan.answer)
    return c.x->respond(std::move(*plan.answer));
  if (plan.length == 0 || c.x->request().verb == http::method::head) {
    c.x->begin(std::move(plan.first));
    return c.x->end();
  }
  until_sent.release();
  std::make_shared<sender>(c, ticket, std::move(plan))->step();
}

open_ticket::~open_ticket() {
  if (!released_ && node_.retriever)
    node_.self->send(node_.retriever, close_read{read_});
}

} // namespace weir::api
