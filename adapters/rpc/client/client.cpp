#include "adapters/rpc/client/client.hpp"

#include "adapters/rpc/client/promises.hpp"
#include "adapters/rpc/errors.hpp"

#include <algorithm>

namespace weir::client {

namespace {

constexpr auto first_pause = 50 * kj::MILLISECONDS, longest_pause = 2 * kj::SECONDS;

/// What ends a watch or moves it on; all on one thread.
struct listener final : wire::Watcher::Server {
  explicit listener(const std::function<bool(const transaction&)>& v) : visit{v} {}

  kj::Promise<void> changed(ChangedContext c) override {
    auto t = read_transaction(c.getParams().getTransaction());
    if (over)
      return kj::READY_NOW;
    last = t.revision;
    moved = true;
    if (!visit(t))
      finish();
    return kj::READY_NOW;
  }
  kj::Promise<void> ended(EndedContext c) override {
    auto why = c.getParams().getProblem();
    problem = fail(errc_from_name(why.getCode().cStr()), why.getMessage().cStr());
    finish();
    return kj::READY_NOW;
  }
  void finish() {
    over = true;
    if (done.get() != nullptr)
      done->fulfill();
  }

  const std::function<bool(const transaction&)>& visit;
  kj::Own<kj::PromiseFulfiller<void>> done;
  std::uint64_t last = 0;
  bool moved = false, over = false;
  error problem{errc::none, {}, {}, {}};
};

/// KJ has one loop for each thread: the sessions of a thread share it.
std::shared_ptr<kj::AsyncIoContext> loop_of_this_thread() {
  static thread_local std::weak_ptr<kj::AsyncIoContext> known;
  auto out = known.lock();
  if (!out)
    known = out = std::make_shared<kj::AsyncIoContext>(kj::setupAsyncIo());
  return out;
}

bool connection_lost(const error& e) {
  return e.code == errc::unreachable || e.code == errc::shutting_down || e.code == errc::timeout;
}

} // namespace

struct session::impl {
  explicit impl(endpoint w) : where{std::move(w)} {}

  endpoint where;
  std::shared_ptr<kj::AsyncIoContext> shared = loop_of_this_thread();
  kj::AsyncIoContext& io = *shared;
  kj::Own<connection> link;
  kj::Maybe<capnp::Response<wire::Weir::AuthenticateResults>> session;

  /// What the function returns, its exceptions as errors.
  template <class T, class F>
  result<T> guarded(F what) {
    result<T> out = fail(errc::internal);
    KJ_IF_MAYBE (e, kj::runCatchingExceptions([&] { out = what(); }))
      out = rpc::from_exception(*e);
    return out;
  }

  status open() {
    session = nullptr;
    link = nullptr;
    auto done = guarded<bool>([&]() -> result<bool> {
      link = client::connect(io, where).wait(io.waitScope);
      session = login(*link).wait(io.waitScope);
      return true;
    });
    return done ? status{} : status{explained(done.error(), link.get() != nullptr)};
  }
  /// KJ has words for this, and no type.
  static error explained(error e, bool connected) {
    if (e.value.find("certificate is not trusted") != std::string::npos)
      return fail(errc::signature,
                  "The node's certificate is not trusted: name its authority (ca_file), or the name "
                  "that it has (server_name).",
                  e.value);
    if (!connected && e.code == errc::protocol)
      return fail(errc::unreachable, "There is no node at this address.", e.value);
    return e;
  }
  wire::Session::Reader now() { return KJ_ASSERT_NONNULL(session).getSession(); }

  /// Until `patience` is over.
  status open_again() {
    auto pause = first_pause;
    auto end = io.provider->getTimer().now() + where.patience.count() * kj::MILLISECONDS;
    while (true) {
      auto opened = open();
      if (opened || !connection_lost(opened.error()) || io.provider->getTimer().now() + pause > end)
        return opened;
      io.provider->getTimer().afterDelay(pause).wait(io.waitScope);
      pause = std::min(pause * 2, longest_pause);
    }
  }

  /// One subscription, until it ends; the error says why.
  status follow(const watch_filter& filter, std::uint64_t from, listener& hears, wire::Watcher::Client watcher) {
    auto done = guarded<bool>([&]() -> result<bool> {
      auto call = now().getReading().watchRequest();
      auto f = call.initFilter();
      auto fill = [](auto list, const std::vector<std::string>& words) {
        for (unsigned i = 0; i < words.size(); ++i)
          list.set(i, words[i].c_str());
      };
      fill(f.initKinds(static_cast<unsigned>(filter.kinds.size())), filter.kinds);
      fill(f.initSubjects(static_cast<unsigned>(filter.subjects.size())), filter.subjects);
      call.setFromRevision(from);
      call.setWatcher(watcher);
      auto subscription = call.send().wait(io.waitScope);
      if (!hears.moved) {
        hears.last = from == from_now ? subscription.getRevision() : from;
        hears.moved = true;
      }
      if (hears.over)
        return true;
      auto pair = kj::newPromiseAndFulfiller<void>();
      hears.done = kj::mv(pair.fulfiller);
      auto lost = link->on_disconnect().then(
          []() -> kj::Promise<void> { return KJ_EXCEPTION(DISCONNECTED, "the connection was lost"); });
      pair.promise.exclusiveJoin(kj::mv(lost)).wait(io.waitScope);
      return true;
    });
    return done ? status{} : status{done.error()};
  }
};

session::session(std::unique_ptr<impl> i) : impl_{std::move(i)} {}
session::~session() = default;

result<std::unique_ptr<session>> session::open(endpoint where) {
  std::unique_ptr<session> out;
  result<bool> made = fail(errc::internal);
  KJ_IF_MAYBE (e, kj::runCatchingExceptions([&] { out.reset(new session{std::make_unique<impl>(std::move(where))}); }))
    return rpc::from_exception(*e);
  WEIR_CHECK(out->impl_->open());
  return out;
}

result<client::about> session::about() {
  auto& i = *impl_;
  return i.guarded<client::about>([&]() -> result<client::about> {
    auto got = i.link->weir().aboutRequest().send().wait(i.io.waitScope);
    auto a = got.getAbout();
    return client::about{a.getVersion().cStr(), a.getNetwork().cStr(), a.getProtocol(),
                         a.getEpoch(),          a.getRevision(),       a.getOldestRevision()};
  });
}

result<content> session::find(const std::string& id) {
  auto& i = *impl_;
  return i.guarded<content>([&]() -> result<content> {
    auto call = i.now().getReading().getContentRequest();
    call.setId(id.c_str());
    return read_content(call.send().wait(i.io.waitScope).getContent());
  });
}

result<content> session::store_file(const std::filesystem::path& file, const upload_wish& wish) {
  auto& i = *impl_;
  return i.guarded<content>([&]() -> result<content> {
    return read_content(client::store_file(i.now().getStoring(), file, wish).wait(i.io.waitScope).getContent());
  });
}

result<content> session::store(const std::function<result<std::size_t>(std::span<std::uint8_t>)>& read,
                               const upload_wish& wish) {
  auto& i = *impl_;
  return i.guarded<content>([&]() -> result<content> {
    auto call = i.now().getStoring().uploadRequest();
    auto w = call.initWish();
    w.setName(wish.name.c_str());
    w.setBucket(wish.bucket.c_str());
    w.setCopies(wish.copies);
    w.setMayBeDropped(wish.may_be_dropped);
    auto upload = call.send().getUpload();
    auto sink = upload.fileRequest().send().getSink();
    send_file(sink, [&](std::span<std::uint8_t> into) -> std::size_t {
      auto size = read(into);
      if (!size)
        kj::throwFatalException(rpc::to_exception(size.error()));
      return *size;
    }).wait(i.io.waitScope);
    return read_content(upload.commitRequest().send().wait(i.io.waitScope).getContent());
  });
}

result<std::uint64_t> session::download(const std::string& content, const std::string& path,
                                        const std::function<status(bytes_view)>& take) {
  auto& i = *impl_;
  status own;
  auto remember = [&](bytes_view data) {
    if (own)
      own = take(data);
    return own;
  };
  auto got = i.guarded<std::uint64_t>([&]() -> result<std::uint64_t> {
    auto closed = std::make_shared<bool>(false);
    auto call = i.now().getReading().downloadRequest();
    call.setContent(content.c_str());
    call.setPath(path.c_str());
    call.setSink(wire::ByteSink::Client{sink_into(remember, closed)});
    auto sent = call.send().wait(i.io.waitScope).getSent();
    if (!*closed)
      return fail(errc::unreachable, "The download broke off.");
    return sent;
  });
  return own ? got : result<std::uint64_t>{own.error()};
}

result<std::uint64_t> session::watch(const watch_filter& filter, std::uint64_t from,
                                     const std::function<bool(const transaction&)>& visit) {
  auto& i = *impl_;
  auto server = kj::heap<listener>(visit);
  auto& hears = *server;
  wire::Watcher::Client watcher{kj::mv(server)};
  while (true) {
    auto followed = i.follow(filter, hears.moved ? hears.last : from, hears, watcher);
    if (hears.problem.code != errc::none && !connection_lost(hears.problem))
      return hears.problem;
    if (hears.over && hears.problem.code == errc::none)
      return hears.last;
    if (!followed && !connection_lost(followed.error()))
      return followed.error();
    hears.over = false;
    hears.problem.code = errc::none;
    WEIR_CHECK(i.open_again());
  }
}

} // namespace weir::client
