// What the operator does with FFS: instances, the node's default config, all of their records.
#include "adapters/rpc/instance.hpp"
#include "adapters/rpc/records.hpp"

namespace weir::rpc {

namespace {

constexpr std::uint8_t every_scope = 0xf;

class manager final : public tenant<wire::Manager> {
public:
  explicit manager(session_ptr s) : tenant{std::move(s), {}} {}

protected:
  kj::Promise<void> listInstances(ListInstancesContext c) override { return answered(instances_into(c)); }
  kj::Promise<void> createInstance(CreateInstanceContext c) override;
  kj::Promise<void> changeInstance(ChangeInstanceContext c) override;
  kj::Promise<void> deleteInstance(DeleteInstanceContext c) override {
    instance_id id{text(c.getParams().getId())};
    return at_desk<nothing>(session_->node(), [&](auto done) { desk().delete_instance(asker(), id, done); })
        .ignoreResult();
  }
  kj::Promise<void> open(OpenContext c) override { return answered(open_into(c)); }
  kj::Promise<void> getDefaultConfig(GetDefaultConfigContext c) override { return answered(default_into(c)); }
  kj::Promise<void> setDefaultConfig(SetDefaultConfigContext c) override;
  kj::Promise<void> fund(FundContext c) override;
  kj::Promise<void> listDeals(ListDealsContext c) override { return answered(deals_into(c)); }
  kj::Promise<void> listPinned(ListPinnedContext c) override { return answered(pinned_into(c)); }
  kj::Promise<void> collectStaged(CollectStagedContext c) override;
  kj::Promise<void> listSchedulers(ListSchedulersContext c) override { return answered(schedulers_into(c)); }

private:
  status instances_into(ListInstancesContext& c) const;
  status open_into(OpenContext& c) const {
    WEIR_TRY(auto i, desk().find(*look(), instance_id{text(c.getParams().getId())}));
    return fill_instance(c.getResults().initInstance(), session_, i.id, every_scope);
  }
  status default_into(GetDefaultConfigContext& c) const {
    WEIR_TRY(auto config, desk().node_default(*look()));
    fill(c.getResults().initConfig(), config);
    return {};
  }
  status deals_into(ListDealsContext& c) const {
    WEIR_TRY(auto f, deal_filter_of(c.getParams().getFilter(), c.getParams().getPage()));
    WEIR_TRY(auto page, desk().deals(*look(), {}, f));
    auto to = c.getResults();
    fill_list(to.initItems(static_cast<unsigned>(page.items.size())), page.items);
    to.setNext(page.next.c_str());
    to.setRevision(page.at.value);
    return {};
  }
  status schedulers_into(ListSchedulersContext& c) const {
    auto r = look();
    WEIR_TRY(auto found, desk().schedulers(*r));
    fill_list(c.getResults().initItems(static_cast<unsigned>(found.size())), found);
    c.getResults().setRevision(r->at().value);
    return {};
  }
  status pinned_into(ListPinnedContext& c) const {
    auto r = look();
    WEIR_TRY(auto found, desk().pins(*r));
    fill_list(c.getResults().initItems(static_cast<unsigned>(found.size())), found);
    c.getResults().setRevision(r->at().value);
    return {};
  }
};

status manager::instances_into(ListInstancesContext& c) const {
  WEIR_TRY(auto p, page_wish_of(c.getParams().getPage()));
  WEIR_TRY(auto page, desk().instances(*look(), p));
  auto to = c.getResults();
  fill_list(to.initItems(static_cast<unsigned>(page.items.size())), page.items);
  to.setNext(page.next.c_str());
  to.setRevision(page.at.value);
  return {};
}

kj::Promise<void> manager::createInstance(CreateInstanceContext c) {
  auto name = text(c.getParams().getName()), scheduler = text(c.getParams().getScheduler());
  return at_desk<ffs::made_instance>(session_->node(),
                                     [&](auto done) { desk().make_instance(asker(), name, scheduler, done); })
      .then([c](ffs::made_instance made) mutable {
        fill(c.getResults().initInfo(), made.info);
        c.getResults().setToken(made.token.c_str());
      });
}

kj::Promise<void> manager::changeInstance(ChangeInstanceContext c) {
  auto p = c.getParams();
  auto limits = p.hasLimits() ? quota_from(p.getLimits()) : result<ffs::quota>{ffs::quota{}};
  if (!limits)
    return to_exception(limits.error());
  auto change = [name = text(p.getName()), scheduler = text(p.getScheduler()), limited = p.hasLimits(),
                 wanted = *limits, at = session_->world().ffs](ffs::instance& what) -> status {
    if (!scheduler.empty())
      WEIR_CHECK(at->wire(what, scheduler));
    if (!name.empty())
      what.name = name;
    if (limited)
      what.limits = wanted;
    return {};
  };
  instance_id id{text(p.getId())};
  return at_desk<ffs::instance>(session_->node(), [&](auto done) { desk().change_instance(asker(), id, change, done); })
      .then([c](ffs::instance now) mutable { fill(c.getResults().initInfo(), now); });
}

kj::Promise<void> manager::setDefaultConfig(SetDefaultConfigContext c) {
  auto config = config_from(c.getParams().getConfig());
  if (!config)
    return to_exception(config.error());
  auto change = [wanted = *config](const ffs::cid_config&) { return result<ffs::cid_config>{wanted}; };
  return at_desk<ffs::cid_config>(session_->node(), [&](auto done) { desk().set_node_default(asker(), change, done); })
      .then([c](ffs::cid_config now) mutable { fill(c.getResults().initConfig(), now); });
}

kj::Promise<void> manager::fund(FundContext c) {
  auto p = c.getParams();
  instance_id of{text(p.getInstance())};
  auto amount = token_amount::parse(text(p.getAmount()));
  auto known = desk().find(*look(), of);
  if (!amount || !known)
    return to_exception(known ? amount.error() : known.error());
  return at_desk<cid>(session_->node(),
                      [&](auto done) { desk().fund(asker(), of, text(p.getAddress()), *amount, done); })
      .then([c](cid message) mutable { c.getResults().setMessage(message.text().c_str()); });
}

kj::Promise<void> manager::collectStaged(CollectStagedContext c) {
  auto grace = c.getParams().getOlderThan();
  unix_ms before{session_->world().clock().value - grace + (grace == 0 ? 1 : 0)};
  return at_desk<std::vector<cid>>(session_->node(), [&](auto done) { desk().collect_staged(asker(), before, done); })
      .then([c](std::vector<cid> gone) mutable {
        auto to = c.getResults().initRemoved(static_cast<unsigned>(gone.size()));
        for (unsigned i = 0; i < gone.size(); ++i)
          to.set(i, gone[i].text().c_str());
      });
}

} // namespace

wire::Manager::Client make_manager(session_ptr s) {
  return kj::heap<manager>(std::move(s));
}

} // namespace weir::rpc
