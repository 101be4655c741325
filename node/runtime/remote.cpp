#include "node/runtime/remote.hpp"

#include "actors/content/explain.hpp"
#include "adapters/rpc/server.hpp"
#include "node/api/access.hpp"
#include "node/runtime/wall_clock.hpp"
#include "node/version.hpp"

#include <mutex>

namespace weir {

namespace {

constexpr std::string_view socket_name = "rpc.sock";

/// The name of the network; learnt late, on another thread.
struct network_name {
  std::mutex mutex;
  std::string text = "none";

  std::string get() {
    std::lock_guard lock{mutex};
    return text;
  }
};

/// A token of an FFS instance opens what its scopes say of its own things, and nothing of the node's.
std::uint8_t bits_of(const api::caller& who) {
  static_assert(ffs::scope::read == 1u << static_cast<unsigned>(rpc::scope::read)
                && ffs::scope::store == 1u << static_cast<unsigned>(rpc::scope::store)
                && ffs::scope::wallet == 1u << static_cast<unsigned>(rpc::scope::wallet)
                && ffs::scope::admin == 1u << static_cast<unsigned>(rpc::scope::admin));
  if (!who.instance.value.empty() || who.admin)
    return static_cast<std::uint8_t>(who.scopes & ffs::scope::all);
  return static_cast<std::uint8_t>(ffs::scope::read | ffs::scope::store);
}

result<rpc::explained> explain_for_remote(const records::reader& r, const content_id& id, epoch now) {
  WEIR_TRY(auto e, explain(r, id, now));
  rpc::explained out{e.safe, std::move(e.sentences), std::move(e.next), e.next_at, {}};
  for (const auto& p : e.pieces)
    out.rejections.insert(out.rejections.end(), p.rejections.begin(), p.rejections.end());
  return out;
}

} // namespace

struct remote::impl {
  std::unique_ptr<rpc::server> server;
  std::shared_ptr<network_name> network = std::make_shared<network_name>();
  std::string host;
  std::filesystem::path socket;
};

remote::remote(std::unique_ptr<impl> i) : impl_{std::move(i)} {}
remote::~remote() = default;

result<std::unique_ptr<remote>> remote::start(caf::actor_system& system, const node_options& options,
                                              const listener_memory& memory, const std::filesystem::path& data,
                                              std::shared_ptr<records::record_store> records, watch_hub_actor hub,
                                              const tree& domain, std::shared_ptr<rpc::ffs_services> desk,
                                              std::shared_ptr<api::token_uses> uses) {
  auto i = std::make_unique<impl>();
  auto place = memory.place_of("capnp", options.rpc);
  i->host = place.host;
  i->socket = data / socket_name;
  rpc::services node;
  node.records = records;
  node.hub = std::move(hub);
  node.contents = domain.content;
  node.retriever = domain.retriever;
  node.buckets = domain.bucket_creator;
  node.clock = wall_clock;
  node.ffs = std::move(desk);
  node.identify = [records, uses](std::string_view token) -> result<rpc::caller> {
    WEIR_TRY(auto who, api::caller_of(token, *records->snapshot(), wall_clock()));
    uses->note(who.token_hash, wall_clock());
    return rpc::caller{who.owner, bits_of(who), who.instance, who.expires};
  };
  node.node = [clock = domain.clock, network = i->network] {
    return rpc::about{std::string{version()}, network->get(), clock ? clock->now() : no_epoch};
  };
  node.explain = [clock = domain.clock](const records::reader& r, const content_id& id) {
    return explain_for_remote(r, id, clock ? clock->now() : no_epoch);
  };
  rpc::server_options wish{i->socket, place.host, place.port, options.rpc_cert, options.rpc_key};
  auto started = rpc::server::start(system, wish, node);
  if (!started && place.any && place.port != 0) {
    wish.port = 0;
    started = rpc::server::start(system, std::move(wish), std::move(node));
  }
  if (!started)
    return started.error();
  i->server = *std::move(started);
  return std::unique_ptr<remote>{new remote{std::move(i)}};
}

void remote::stop() {
  impl_->server->stop();
}

void remote::know_network(const std::string& name) {
  std::lock_guard lock{impl_->network->mutex};
  impl_->network->text = name;
}

std::uint16_t remote::port() const {
  return impl_->server->port();
}

std::map<std::string, std::string> remote::addresses() const {
  auto host = impl_->host.find(':') == std::string::npos ? impl_->host : "[" + impl_->host + "]";
  return {{"capnp", host + ":" + std::to_string(port())}, {"socket", impl_->socket.string()}};
}

} // namespace weir
