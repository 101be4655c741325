#include "adapters/retrieval/download.hpp"

#include "adapters/retrieval/refusal.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <uv.h>

namespace weir::retrieval {

namespace {

constexpr std::size_t chunks_per_sync = 8;

/// Trying again can help.
bool passing(errc code) {
  return code == errc::unreachable || code == errc::timeout || code == errc::protocol;
}

/// fdatasync on libuv's pool; `done` on the loop.
struct sync_call {
  uv_fs_t request{};
  std::function<void(int)> done;
  static void run(uv_loop_t* loop, int fd, std::function<void(int)> done) {
    auto* call = new sync_call{{}, std::move(done)};
    call->request.data = call;
    uv_fs_fdatasync(loop, &call->request, fd, [](uv_fs_t* r) {
      std::unique_ptr<sync_call> own{static_cast<sync_call*>(r->data)};
      auto code = static_cast<int>(r->result);
      uv_fs_req_cleanup(r);
      own->done(code);
    });
  }
};

} // namespace

struct download::range_call {
  std::uint64_t at = 0; ///< where the next byte goes
  std::uint64_t end = 0;
  std::uint64_t begin = 0;
  status problem;
};

std::shared_ptr<download> download::start(loop::uv_loop& loop, http::client& client, download_request what,
                                          done_function done) {
  auto self = std::make_shared<download>(loop, client, std::move(what), std::move(done));
  if (auto s = self->open(); !s)
    self->finish(s);
  else
    self->fill();
  return self;
}

download::download(loop::uv_loop& loop, http::client& client, download_request what, done_function done)
    : loop_{loop}, client_{client}, what_{std::move(what)}, done_{std::move(done)},
      part_path_{what_.into.string() + ".part"}, marks_path_{what_.into.string() + ".done"} {}

std::uint64_t download::length_of(std::uint64_t chunk) const {
  return std::min(what_.chunk, what_.size - chunk * what_.chunk);
}

/// One byte a chunk in the file of marks; one of another size is of another
/// download and counts for nothing.
status download::open() {
  if (what_.size == 0 || what_.chunk == 0)
    return fail(errc::invalid_argument, "nothing to download", what_.url);
  WEIR_TRY(part_, open_file(part_path_, O_RDWR | O_CREAT));
  WEIR_TRY(marks_, open_file(marks_path_, O_RDWR | O_CREAT));
  bytes marks(chunks() + 1);
  WEIR_TRY(auto got, read_at(marks_.get(), marks, 0, marks_path_));
  if (got != chunks()) {
    marks.assign(chunks(), 0);
    if (::ftruncate(marks_.get(), 0) != 0)
      return os_error(errno, "cannot start a download", marks_path_);
    WEIR_CHECK(write_all_at(marks_.get(), marks, 0, marks_path_));
  }
  if (::ftruncate(part_.get(), static_cast<off_t>(what_.size)) != 0)
    return os_error(errno, "cannot make room for a download", part_path_);
  for (std::uint64_t i = 0; i < chunks(); ++i)
    if (marks[i] != 1)
      missing_.insert(i);
    else
      received_ += length_of(i);
  return {};
}

void download::fill() {
  while (!over_ && !paused_ && !missing_.empty() && running_.size() < what_.parallel) {
    auto chunk = *missing_.begin();
    missing_.erase(missing_.begin());
    fetch(chunk);
  }
  if (!over_ && missing_.empty() && running_.empty())
    sync_then_mark(true);
}

void download::fetch(std::uint64_t chunk) {
  auto c = std::make_shared<range_call>();
  c->begin = c->at = chunk * what_.chunk;
  c->end = c->at + length_of(chunk);
  http::client_request r;
  r.url = what_.url;
  r.fields = what_.fields;
  r.range = http::byte_range{c->at, c->end - c->at};
  r.max_body = error_text_limit;
  r.stall_timeout = loop::milliseconds{15'000};
  http::call_events events;
  events.head = [c, url = what_.url](const http::client_head& h) {
    if (h.status != 206)
      c->problem = refused_range(h.status, url);
  };
  auto self = shared_from_this();
  events.data = [self, c](bytes_view data) { self->on_data(*c, data); };
  events.done = [self, chunk, c](status s) { self->on_done(chunk, c, c->problem ? s : c->problem); };
  running_[chunk] = nullptr; // `done` may come before `stream` is back
  auto call = client_.stream(std::move(r), std::move(events));
  if (auto found = running_.find(chunk); found != running_.end())
    found->second = std::move(call);
}

void download::on_data(range_call& c, bytes_view data) {
  if (over_ || !c.problem)
    return;
  if (data.size() > c.end - c.at) {
    c.problem = fail(errc::protocol, "the host sends more than was asked for", what_.url);
    return;
  }
  if (auto s = write_all_at(part_.get(), data, c.at, part_path_); !s) {
    c.problem = s;
    return;
  }
  c.at += data.size();
  received_ += data.size();
  this_run_ += data.size();
  if (this_run_ > what_.break_off_after && !std::exchange(breaking_off_, true))
    loop_.post([self = shared_from_this()] { self->cancel(); });
}

void download::on_done(std::uint64_t chunk, const std::shared_ptr<range_call>& c, status s) {
  running_.erase(chunk);
  if (over_ || breaking_off_)
    return;
  if (s && c->at != c->end)
    s = fail(errc::protocol, "the host sent less than was asked for", what_.url);
  if (s) {
    failures_ = 0;
    unmarked_.push_back(chunk);
    if (unmarked_.size() >= chunks_per_sync)
      sync_then_mark(false);
    fill();
    return;
  }
  received_ -= c->at - c->begin;
  missing_.insert(chunk);
  if (!passing(s.error().code) || ++failures_ >= what_.attempts) {
    finish(s);
    return;
  }
  if (paused_)
    return;
  paused_ = true;
  timer_ = std::make_unique<loop::timer>(loop_);
  timer_->start(what_.first_pause * (1 << std::min(failures_ - 1, 6)), [self = shared_from_this()] {
    self->paused_ = false;
    self->fill();
  });
}

void download::sync_then_mark(bool last) {
  if (syncing_)
    return; // `last` comes back when the running one is through
  syncing_ = true;
  auto chunks = std::move(unmarked_);
  unmarked_.clear();
  sync_call::run(loop_.raw(), part_.get(), [self = shared_from_this(), chunks, last](int code) {
    self->syncing_ = false;
    if (self->over_)
      return;
    if (code < 0) {
      self->finish(os_error(-code, "cannot sync a download", self->part_path_));
      return;
    }
    for (auto chunk : chunks)
      if (auto s = write_all_at(self->marks_.get(), bytes{1}, chunk, self->marks_path_); !s)
        return self->finish(s);
    if (last && self->unmarked_.empty())
      return self->finish({});
    self->fill();
  });
}

void download::cancel() {
  finish(fail(errc::cancelled, "the download was stopped", what_.url));
}

void download::finish(status s) {
  if (over_)
    return;
  over_ = true;
  auto self = shared_from_this(); // the calls may hold the last references
  timer_.reset();
  auto running = std::move(running_);
  running_.clear();
  for (auto& [chunk, call] : running)
    if (call)
      call->cancel();
  if (s) {
    std::error_code ec;
    std::filesystem::rename(part_path_, what_.into, ec);
    if (ec)
      s = os_error(ec.value(), "cannot give a download its name", what_.into);
    else
      std::filesystem::remove(marks_path_, ec);
    if (s)
      s = sync_folder(what_.into.parent_path());
  }
  auto done = std::move(done_);
  done_ = nullptr;
  if (done)
    done(std::move(s));
}

} // namespace weir::retrieval
