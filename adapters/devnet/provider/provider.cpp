#include "adapters/devnet/provider/provider.hpp"

#include "storage/filecoin/multiaddr.hpp"
#include "storage/support/file.hpp"

#include <charconv>

namespace weir::devnet {

namespace {

std::uint16_t remembered_port(const std::filesystem::path& file) {
  auto text = read_small_file(file);
  std::uint16_t port = 0;
  if (text)
    std::from_chars(text->data(), text->data() + text->size(), port);
  return port;
}

} // namespace

provider::provider(loop::uv_loop& loop, http::client& client, job_thread& hasher, filecoin::secret_key key,
                   provider_options options)
    : loop_{loop}, client_{client}, hasher_{hasher}, key_{std::move(key)}, options_{std::move(options)},
      chain_{loop, client, options_.rpc_url, options_.rpc_token}, thread_{"sp-" + options_.name} {}

provider::~provider() {
  stop();
}

status provider::start() {
  WEIR_CHECK(make_folder(options_.folder));
  WEIR_CHECK(make_folder(options_.folder / "pieces"));
  WEIR_TRY(book_, deal_book::open(options_.folder / "deals"));
  WEIR_TRY(behaviour_, load_behaviour(options_.folder / "behaviour", options_.defaults));
  add_routes();
  auto port_file = options_.folder / "port";
  auto wanted = options_.port != 0 ? options_.port : remembered_port(port_file);
  auto listen = [&](std::uint16_t port) {
    http::server_options o;
    o.port = port;
    o.name = options_.name;
    o.drain_timeout = loop::milliseconds{200};
    server_ = std::make_unique<http::server>(loop_, o, routes_.handler());
    return server_->listen();
  };
  auto bound = listen(wanted);
  if (!bound && options_.port == 0 && wanted != 0)
    bound = listen(0);
  if (!bound)
    return bound.error();
  base_url_ = "http://" + bound->text();
  WEIR_CHECK(write_file_durably(port_file, as_bytes(std::to_string(bound->port))));
  thread_.start();
  wake();
  return {};
}

void provider::stop() {
  thread_.stop();
  loop_.run([this] {
    retries_.clear();
    drop_hung();
    auto running = std::move(downloads_);
    downloads_.clear();
    for (auto& [id, d] : running)
      d->cancel();
  });
  if (server_)
    server_->stop();
  server_.reset();
}

void provider::drop_hung() {
  for (auto& x : hung_)
    x->abort();
  hung_.clear();
}

void provider::wake() {
  if (woken_.exchange(true))
    return;
  if (!thread_.post([this] {
        woken_ = false;
        work();
      }))
    woken_ = false;
}

provider_activity provider::activity() const {
  bool idle = thread_.idle();
  std::lock_guard lock{mutex_};
  auto a = activity_;
  a.thinking = !idle;
  a.working = !idle || downloading_ > 0 || hashing_ > 0;
  return a;
}

status provider::set(const std::vector<std::pair<std::string, std::string>>& changes) {
  std::unique_lock lock{mutex_};
  auto changed = behaviour_;
  for (auto& [key, value] : changes)
    WEIR_CHECK(set_behaviour(changed, key, value));
  WEIR_CHECK(save_behaviour(options_.folder / "behaviour", changed));
  bool hung_no_more = behaviour_.hang && !changed.hang;
  behaviour_ = std::move(changed);
  lock.unlock();
  if (hung_no_more)
    loop_.post([this] { drop_hung(); });
  wake();
  return {};
}

behaviour provider::now() const {
  std::lock_guard lock{mutex_};
  return behaviour_;
}

std::map<std::string, std::size_t> provider::deal_counts() const {
  std::lock_guard lock{mutex_};
  return counts_;
}

void provider::count_repeated() {
  ++repeated_;
  update_activity();
}

void provider::update_activity() {
  provider_activity a;
  std::map<std::string, std::size_t> counts;
  if (repeated_ > 0)
    counts["repeated"] = repeated_;
  auto b = now();
  auto consider = [&](epoch at) {
    if (at > head_ && (a.due == no_epoch || at < a.due))
      a.due = at;
  };
  for (auto& [id, d] : book_.deals()) {
    ++counts[std::string{to_string(d.step)}];
    bool stuck = (d.step == deal_step::verified && b.never_publish) || (d.step == deal_step::sealing && b.never_seal);
    // Bytes need no epochs: the chain's time is not spent on a long download.
    if (d.step == deal_step::accepted || stuck)
      consider(d.proposal().start + 1);
    else if (!is_over(d.step) && d.step != deal_step::active)
      a.waiting = true;
    if (d.step == deal_step::active)
      consider(d.proposal().end);
  }
  if (b.slash_at != no_epoch)
    consider(b.slash_at);
  a.waiting = a.waiting || !address_known_;
  bool newly = false;
  {
    std::lock_guard lock{mutex_};
    newly = a.waiting && !activity_.waiting;
    activity_ = a;
    counts_ = std::move(counts);
  }
  if (newly && options_.on_activity)
    options_.on_activity();
}

} // namespace weir::devnet
