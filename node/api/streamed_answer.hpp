#pragma once
// An answer that is sent part by part, the next one asked for only when the
// last is on its way: memory holds one part, however long the answer.
#include "node/api/call.hpp"

namespace weir::api {

class streamed_answer {
public:
  streamed_answer(call c, http::head head) : call_{std::move(c)}, head_{std::move(head)} {}

  const call& asked() const { return call_; }

  /// False: who asked has gone, and nothing more is to be read for him.
  bool wanted() const { return !begun_ || call_.x->open(); }

  /// The head goes out with the first bytes, so that an error before them has its own status.
  /// `next` is called when more may be sent; not behind the last part.
  template <class Next>
  void send(const chunk& part, bool last, Next next) {
    if (!begun_)
      call_.x->begin(std::move(head_));
    begun_ = true;
    bool more = part->empty() || call_.x->write(http::owned_bytes{part, bytes_view{*part}});
    if (last)
      call_.x->end();
    else if (more)
      next();
    else
      call_.x->on_drain(std::move(next));
  }

  /// Behind the head there is no other way to say it than to cut the connection.
  void fail(const error& e) { begun_ ? call_.x->abort() : call_.fail(e); }

private:
  call call_;
  http::head head_;
  bool begun_ = false;
};

} // namespace weir::api
