#include "adapters/devnet/devnet.hpp"

#include "adapters/devnet/core.hpp"

namespace weir::devnet {

struct devnet::impl : core {
  using core::core;
};

devnet::devnet(std::unique_ptr<impl> i) : impl_{std::move(i)} {}

devnet::~devnet() {
  stop();
}

result<std::unique_ptr<devnet>> devnet::start(options o) {
  auto net = std::unique_ptr<devnet>{new devnet{std::make_unique<impl>(std::move(o))}};
  WEIR_CHECK(net->impl_->start());
  return net;
}

void devnet::stop() {
  impl_->stop();
}

std::string devnet::rpc_url() const {
  return impl_->url + "/rpc/v1";
}

std::string devnet::control_url() const {
  return impl_->url;
}

address devnet::master() const {
  return impl_->people.master.address();
}

status devnet::faucet(const address& to, const token_amount& amount) {
  auto r = wait_on<receipt>(impl_->loop, [this, to, amount](auto done) { impl_->fund(to, amount, done); });
  return r ? status{} : status{r.error()};
}

result<epoch> devnet::advance(epoch_delta epochs) {
  return wait_on<epoch>(impl_->loop, [this, epochs](auto done) { impl_->clock->advance(epochs, done); });
}

status devnet::set_clock(clock_mode m) {
  if (!impl_->loop.run([this, m] { impl_->clock->set_mode(m); }))
    return fail(errc::shutting_down);
  return {};
}

status devnet::set_provider(const address& id, const std::map<std::string, std::string>& changes) {
  auto* p = impl_->find_provider(id);
  if (!p)
    return fail(errc::not_found, "no provider of this devnet's own has that id");
  return p->set({changes.begin(), changes.end()});
}

status devnet::slash(std::uint64_t deal) {
  auto r = wait_on<receipt>(impl_->loop, [this, deal](auto done) { impl_->slash(deal, done); });
  return r ? status{} : status{r.error()};
}

status devnet::reorg(std::size_t depth, reverted_messages what) {
  status s;
  if (!impl_->loop.run([&] { s = impl_->reorg(depth, what); }))
    return fail(errc::shutting_down);
  return s;
}

} // namespace weir::devnet
