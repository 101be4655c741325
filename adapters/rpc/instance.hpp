#pragma once
// The capabilities of one FFS instance, and what they share.
#include "adapters/rpc/core.hpp"

namespace weir::rpc {

/// Of what belongs to one instance: refuses all calls when that is no more.
template <class Interface>
class tenant : public guarded<Interface> {
public:
  tenant(session_ptr s, instance_id of) : guarded<Interface>{std::move(s)}, of_{std::move(of)} {}

protected:
  const ffs_services& desk() const { return *this->session_->world().ffs; }
  ffs_services& desk() { return *this->session_->world().ffs; }
  ffs_services::asker asker() const { return this->session_->node().gate; }
  std::shared_ptr<const records::reader> look() const { return this->session_->world().records->snapshot(); }
  result<ffs::instance> find() const { return desk().find(*look(), of_); }

  instance_id of_;
};

/// A request at the desk, as a promise: `what(done)`.
template <class Answer, class What>
kj::Promise<Answer> at_desk(core& node, What what) {
  return answer_of<Answer>(node, [&](std::shared_ptr<answer_slot<Answer>> slot) {
    what([slot](result<Answer> r) { slot->set(std::move(r)); });
  });
}

std::vector<std::string> texts(capnp::List<capnp::Text>::Reader from);

/// The limit that a list has.
result<ffs::page_wish> page_wish_of(wire::Page::Reader p);
result<ffs::deal_filter> deal_filter_of(wire::DealFilter::Reader f, wire::Page::Reader page);
/// ffs::scope bits; none named: all.
result<std::uint32_t> scopes_of(capnp::List<wire::Scope>::Reader named);

wire::InstanceReading::Client make_instance_reading(session_ptr s, const instance_id& of);
wire::InstanceStoring::Client make_instance_storing(session_ptr s, const instance_id& of);
wire::InstanceWallets::Client make_instance_wallets(session_ptr s, const instance_id& of);
wire::InstanceAdmin::Client make_instance_admin(session_ptr s, const instance_id& of);

/// One for each of the scopes; errc::overloaded when the connection holds too many.
status fill_instance(wire::Instance::Builder to, const session_ptr& s, const instance_id& of, std::uint8_t scopes);
wire::Manager::Client make_manager(session_ptr s);

} // namespace weir::rpc
