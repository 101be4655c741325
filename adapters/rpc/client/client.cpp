#include "adapters/rpc/client/client.hpp"

#include "adapters/rpc/client/fields.hpp"
#include "adapters/rpc/client/session_impl.hpp"

#include <algorithm>

namespace weir::client {

namespace {

constexpr auto first_pause = 50 * kj::MILLISECONDS, longest_pause = 2 * kj::SECONDS;

struct listener final : wire::Watcher::Server, follower {
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
    end(c.getParams().getProblem());
    return kj::READY_NOW;
  }

  const std::function<bool(const transaction&)>& visit;
};

/// KJ has one loop for each thread: the sessions of a thread share it.
std::shared_ptr<kj::AsyncIoContext> loop_of_this_thread() {
  static thread_local std::weak_ptr<kj::AsyncIoContext> known;
  auto out = known.lock();
  if (!out)
    known = out = std::make_shared<kj::AsyncIoContext>(kj::setupAsyncIo());
  return out;
}

/// KJ has words for this, and no type.
error explained(error e, bool connected) {
  if (e.value.find("certificate is not trusted") != std::string::npos)
    return fail(errc::signature,
                "The node's certificate is not trusted: name its authority (ca_file), or the name "
                "that it has (server_name).",
                e.value);
  if (!connected && e.code == errc::protocol)
    return fail(errc::unreachable, "There is no node at this address.", e.value);
  return e;
}

} // namespace

session::impl::impl(endpoint w) : where{std::move(w)}, shared{loop_of_this_thread()}, io{*shared} {}

status session::impl::open() {
  session = nullptr;
  link = nullptr;
  auto done = guarded<bool>([&]() -> result<bool> {
    link = client::connect(io, where).wait(io.waitScope);
    session = login(*link).wait(io.waitScope);
    return true;
  });
  return done ? status{} : status{explained(done.error(), link.get() != nullptr)};
}

status session::impl::open_again() {
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
status session::impl::follow_once(follower& hears, std::uint64_t from, const begin_watch& begin) {
  auto done = guarded<bool>([&]() -> result<bool> {
    auto begun = begin(from);
    if (!hears.moved) {
      hears.last = from == from_now ? begun.revision : from;
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

result<std::uint64_t> session::impl::follow(follower& hears, std::uint64_t from, const begin_watch& begin) {
  while (true) {
    auto followed = follow_once(hears, hears.moved ? hears.last : from, begin);
    if (hears.problem.code != errc::none && !connection_lost(hears.problem))
      return hears.problem;
    if (hears.over && hears.problem.code == errc::none)
      return hears.last;
    if (!followed && !connection_lost(followed.error()))
      return followed.error();
    hears.over = false;
    hears.problem.code = errc::none;
    WEIR_CHECK(open_again());
  }
}

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
  return i.follow(hears, from, [&](std::uint64_t after) {
    auto call = i.now().getReading().watchRequest();
    auto f = call.initFilter();
    fill_texts(f.initKinds(static_cast<unsigned>(filter.kinds.size())), filter.kinds);
    fill_texts(f.initSubjects(static_cast<unsigned>(filter.subjects.size())), filter.subjects);
    call.setFromRevision(after);
    call.setWatcher(watcher);
    auto got = i.wait(kj::mv(call));
    return begun_watch{got.getSubscription(), got.getRevision()};
  });
}

client::instance session::instance() {
  return {*impl_, {}};
}
client::instance session::open_instance(const std::string& id) {
  return {*impl_, id};
}

result<instance_info> session::move_instance(const std::string& id, const std::string& scheduler) {
  auto& i = *impl_;
  return i.guarded<instance_info>([&]() -> result<instance_info> {
    auto call = i.now().getManager().changeInstanceRequest();
    call.setId(id.c_str());
    call.setScheduler(scheduler.c_str());
    return read_instance_info(i.wait(kj::mv(call)).getInfo());
  });
}

result<instance_info> session::limit_instance(const std::string& id, const quota& limits) {
  auto& i = *impl_;
  return i.guarded<instance_info>([&]() -> result<instance_info> {
    auto call = i.now().getManager().changeInstanceRequest();
    call.setId(id.c_str());
    fill_quota(call.initLimits(), limits);
    return read_instance_info(i.wait(kj::mv(call)).getInfo());
  });
}

result<std::vector<scheduler>> session::schedulers() {
  auto& i = *impl_;
  return i.guarded<std::vector<scheduler>>([&]() -> result<std::vector<scheduler>> {
    std::vector<scheduler> out;
    auto got = i.wait(i.now().getManager().listSchedulersRequest());
    for (auto item : got.getItems())
      out.push_back(read_scheduler(item));
    return out;
  });
}

result<made_instance> session::make_instance(const std::string& name, const std::string& scheduler) {
  auto& i = *impl_;
  return i.guarded<made_instance>([&]() -> result<made_instance> {
    auto call = i.now().getManager().createInstanceRequest();
    call.setName(name.c_str());
    call.setScheduler(scheduler.c_str());
    auto got = i.wait(kj::mv(call));
    return made_instance{read_instance_info(got.getInfo()), text_of(got.getToken())};
  });
}

result<page_of<instance_info>> session::instances(const std::string& after, std::uint32_t limit) {
  auto& i = *impl_;
  return i.guarded<page_of<instance_info>>([&]() -> result<page_of<instance_info>> {
    auto call = i.now().getManager().listInstancesRequest();
    call.initPage().setAfter(after.c_str());
    call.getPage().setLimit(limit);
    auto got = i.wait(kj::mv(call));
    page_of<instance_info> out{{}, text_of(got.getNext())};
    for (auto item : got.getItems())
      out.items.push_back(read_instance_info(item));
    return out;
  });
}

status session::delete_instance(const std::string& id) {
  auto& i = *impl_;
  auto done = i.guarded<bool>([&]() -> result<bool> {
    auto call = i.now().getManager().deleteInstanceRequest();
    call.setId(id.c_str());
    i.wait(kj::mv(call));
    return true;
  });
  return done ? status{} : status{done.error()};
}

} // namespace weir::client
