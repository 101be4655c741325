#include "node/api/bytes.hpp"

#include "adapters/http/content.hpp"
#include "adapters/http/ranges.hpp"
#include "adapters/http/url.hpp"

#include <algorithm>

namespace weir::api {

namespace {

constexpr std::uint32_t chunk_size = 512 * 1024;

/// Reads one chunk after the other; the next only when the last one is on its way.
class sender : public std::enable_shared_from_this<sender> {
public:
  sender(call c, const read_ticket& t, http::content_plan plan)
      : call_{std::move(c)}, ticket_{*call_.node, t}, head_{std::move(plan.first)}, at_{plan.offset},
        end_{plan.offset + plan.length} {}

  void step() {
    if (begun_ && !call_.x->open())
      return;
    auto length = static_cast<std::uint32_t>(std::min<std::uint64_t>(chunk_size, end_ - at_));
    auto me = shared_from_this();
    call_.node->self->request(call_.node->retriever, slow_ask_time, read_bytes{ticket_.number(), at_, length})
        .then([me](const chunk& data) { me->got(data); }, [me](const caf::error& e) { me->failed(from_caf(e)); });
  }

private:
  void got(const chunk& data) {
    if (!data || data->empty())
      return failed(fail(errc::corrupt, "The file ends before its size."));
    // The head goes out with the first bytes, so that an error before them has its own status.
    if (!begun_)
      call_.x->begin(std::move(head_));
    begun_ = true;
    at_ += data->size();
    bool more = call_.x->write(http::owned_bytes{data, bytes_view{*data}});
    if (at_ >= end_)
      return call_.x->end();
    auto me = shared_from_this();
    more ? step() : call_.x->on_drain([me] { me->step(); });
  }

  void failed(const error& e) { begun_ ? call_.x->abort() : call_.fail(e); }

  call call_;
  open_ticket ticket_;
  http::head head_;
  std::uint64_t at_;
  std::uint64_t end_;
  bool begun_ = false;
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
