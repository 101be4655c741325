#include "node/api/upload_stream.hpp"

#include "node/json/record.hpp"

namespace weir::api {

namespace {

class receiver : public std::enable_shared_from_this<receiver> {
public:
  receiver(call c, upload_id upload) : call_{std::move(c)}, upload_{std::move(upload)} {}

  void start(std::string path, bool car) {
    auto me = shared_from_this();
    call_.node->self->request(call_.node->contents, ask_time, open_file{upload_, std::move(path), car})
        .then([me](const file_ticket& t) { me->opened(t); },
              [me](const caf::error& e) { me->call_.fail(from_caf(e)); });
  }

private:
  void opened(const file_ticket& t) {
    file_ = t.file;
    auto me = shared_from_this();
    call_.x->read({[me](bytes_view data) { me->data(data); }, [me](const status& s) { me->ended(s); }});
  }

  void data(bytes_view more) {
    while (!more.empty() && !over_) {
      auto take = std::min(more.size(), max_chunk - buffer_.size());
      buffer_.insert(buffer_.end(), more.begin(), more.begin() + static_cast<std::ptrdiff_t>(take));
      more = more.subspan(take);
      if (buffer_.size() == max_chunk)
        flush();
    }
    if (flying_ >= upload_window && !paused_) {
      paused_ = true;
      call_.x->pause();
    }
  }

  void flush() {
    if (buffer_.empty())
      return;
    auto data = std::make_shared<const bytes>(std::exchange(buffer_, {}));
    buffer_.reserve(max_chunk);
    ++flying_;
    auto me = shared_from_this();
    call_.node->self->request(call_.node->contents, slow_ask_time, write_file{upload_, file_, std::move(data)})
        .then([me](nothing) { me->written(); }, [me](const caf::error& e) { me->broke(from_caf(e)); });
  }

  void written() {
    --flying_;
    if (over_)
      return;
    if (paused_ && flying_ < upload_window) {
      paused_ = false;
      call_.x->resume();
    }
    if (ended_ && flying_ == 0)
      finish();
  }

  void ended(const status& s) {
    if (over_)
      return;
    if (!s)
      return broke(s.error());
    ended_ = true;
    flush();
    if (flying_ == 0)
      finish();
  }

  void finish() {
    over_ = true;
    auto me = shared_from_this();
    call_.node->self->request(call_.node->contents, slow_ask_time, close_file{upload_, file_, false})
        .then([me](const imported_file& f) { me->done(f); },
              [me](const caf::error& e) { me->call_.fail(from_caf(e)); });
  }

  void done(const imported_file& f) {
    json::writer w;
    w.begin_object().key("cid");
    json::write(w, f.cid);
    w.member("size", f.size).end_object();
    call_.json(201, w);
  }

  void broke(const error& e) {
    if (std::exchange(over_, true))
      return;
    auto me = shared_from_this();
    auto tell = [me, e] { me->call_.fail(e); };
    call_.node->self->request(call_.node->contents, ask_time, close_file{upload_, file_, true})
        .then([tell](const imported_file&) { tell(); }, [tell](const caf::error&) { tell(); });
  }

  call call_;
  upload_id upload_;
  std::uint32_t file_ = 0;
  bytes buffer_;
  std::size_t flying_ = 0;
  bool paused_ = false;
  bool ended_ = false;
  bool over_ = false;
};

} // namespace

void receive_file(const call& c, const upload_id& upload, std::string path) {
  if (runs(c, c.node->contents))
    std::make_shared<receiver>(c, upload)->start(std::move(path), false);
}

void receive_car(const call& c, const upload_id& upload) {
  if (runs(c, c.node->contents))
    std::make_shared<receiver>(c, upload)->start({}, true);
}

} // namespace weir::api
