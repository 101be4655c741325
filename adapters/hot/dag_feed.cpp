#include "adapters/hot/dag_feed.hpp"

#include <algorithm>
#include <caf/send.hpp>
#include <cstring>

namespace weir::hot {

namespace {

constexpr std::size_t ahead = 2;

} // namespace

dag_feed::~dag_feed() {
  if (open_)
    caf::anon_send(from_, close_read{read_});
}

void dag_feed::open(const cid& root) {
  open_read what;
  what.from = read_from::local;
  what.root = root;
  asked_ = true;
  self_->request(from_, part_time_, std::move(what))
      .then(
          [me = shared_from_this()](const read_ticket& ticket) {
            me->read_ = ticket.read;
            me->open_ = true;
            me->asked_ = false;
            me->ask();
          },
          [me = shared_from_this()](const caf::error& why) { me->failed(why); });
}

void dag_feed::ask() {
  if (alive_.expired())
    why_ = fail(errc::shutting_down, "the node is stopping");
  if (asked_ || over_ || !open_ || parts_.size() >= ahead || why_.code != errc::none)
    return;
  asked_ = true;
  self_->request(from_, part_time_, read_dag{read_})
      .then([me = shared_from_this()](const dag_part& part) { me->came(part); },
            [me = shared_from_this()](const caf::error& why) { me->failed(why); });
}

void dag_feed::came(const dag_part& part) {
  asked_ = false;
  if (part.car && !part.car->empty())
    parts_.push_back(part.car);
  over_ = part.done;
  block_bytes_ = part.bytes;
  ask();
  if (more)
    more();
}

void dag_feed::failed(const caf::error& why) {
  why_ = from_caf(why);
  if (more)
    more();
}

http::upload_step dag_feed::read(std::span<std::uint8_t> into) {
  if (alive_.expired())
    return http::upload_step::failed();
  if (parts_.empty()) {
    if (why_.code != errc::none)
      return http::upload_step::failed();
    return over_ ? http::upload_step::end() : http::upload_step::wait();
  }
  const auto& front = *parts_.front();
  auto step = std::min(front.size() - at_, into.size());
  std::memcpy(into.data(), front.data() + at_, step);
  at_ += step;
  if (at_ == front.size()) {
    parts_.pop_front();
    at_ = 0;
    ask();
  }
  return http::upload_step::bytes(step);
}

} // namespace weir::hot
