// Scope read of an FFS instance: what is wanted, what is, and watches.
#include "adapters/rpc/instance.hpp"

#include "adapters/rpc/download.hpp"
#include "adapters/rpc/records.hpp"
#include "adapters/rpc/state_watch.hpp"
#include "storage/filecoin/address_text.hpp"

namespace weir::rpc {

namespace {

constexpr std::uint32_t max_page = 1000;

status check_limit(std::uint32_t limit) {
  if (limit != 0 && limit <= max_page)
    return {};
  return fail(errc::invalid_argument, "limit is a number of items.", std::to_string(limit), "1 to 1000");
}

result<ffs::job_filter> job_filter_of(wire::JobFilter::Reader from) {
  ffs::job_filter f;
  for (auto id : from.getJobs())
    f.jobs.push_back(text(id));
  for (auto name : from.getCids()) {
    WEIR_TRY(auto id, cid::parse(text(name)));
    f.cids.push_back(std::move(id));
  }
  for (auto state : from.getStates()) {
    if (state > wire::JobState::DONE)
      return fail(errc::invalid_argument, "There is no such state of a job.",
                  std::to_string(static_cast<unsigned>(state)));
    f.states.push_back(static_cast<ffs::job_state>(state));
  }
  return f;
}

template <class T, class Results>
status fill_page(const result<ffs::page_of<T>>& page, Results to) {
  if (!page)
    return page.error();
  fill_list(to.initItems(static_cast<unsigned>(page->items.size())), page->items);
  to.setNext(page->next.c_str());
  to.setRevision(page->at.value);
  return {};
}

class instance_reading final : public tenant<wire::InstanceReading> {
public:
  using tenant::tenant;

protected:
  kj::Promise<void> info(InfoContext c) override { return answered(info_into(c)); }
  kj::Promise<void> getDefaultConfig(GetDefaultConfigContext c) override { return answered(default_into(c)); }
  kj::Promise<void> validate(ValidateContext c) override { return answered(check(c)); }
  kj::Promise<void> getCid(GetCidContext c) override { return answered(cid_into(c)); }
  kj::Promise<void> listCids(ListCidsContext c) override { return answered(cids_into(c)); }
  kj::Promise<void> getJob(GetJobContext c) override { return answered(job_into(c)); }
  kj::Promise<void> listJobs(ListJobsContext c) override { return answered(jobs_into(c)); }
  kj::Promise<void> watchJobs(WatchJobsContext c) override;
  kj::Promise<void> listLog(ListLogContext c) override { return answered(log_into(c)); }
  kj::Promise<void> watchLog(WatchLogContext c) override;
  kj::Promise<void> listDeals(ListDealsContext c) override { return answered(deals_into(c)); }
  kj::Promise<void> listRetrievals(ListRetrievalsContext c) override { return answered(retrievals_into(c)); }
  kj::Promise<void> download(DownloadContext c) override;
  kj::Promise<void> usage(UsageContext c) override { return answered(usage_into(c)); }

private:
  status info_into(InfoContext& c) const {
    WEIR_TRY(auto i, find());
    fill(c.getResults().initInfo(), i);
    return {};
  }
  status usage_into(UsageContext& c) const {
    WEIR_TRY(auto i, find());
    WEIR_TRY(auto used, desk().used(*look(), i));
    fill(c.getResults().initUsed(), used);
    fill(c.getResults().initLimits(), i.limits);
    return {};
  }
  status default_into(GetDefaultConfigContext& c) const {
    WEIR_TRY(auto i, find());
    fill(c.getResults().initConfig(), i.defaults);
    return {};
  }
  status check(ValidateContext& c) const {
    WEIR_TRY(auto i, find());
    WEIR_TRY(auto config, config_from(c.getParams().getConfig()));
    return desk().check(*look(), i.id, config);
  }
  status cid_into(GetCidContext& c) const;
  status cids_into(ListCidsContext& c) const {
    WEIR_TRY(auto i, find());
    WEIR_TRY(auto p, page_wish_of(c.getParams().getPage()));
    return fill_page(desk().cids(*look(), i.id, p), c.getResults());
  }
  status job_into(GetJobContext& c) const {
    WEIR_TRY(auto i, find());
    WEIR_TRY(auto j, desk().job(*look(), i.id, ffs::job_id{text(c.getParams().getId())}));
    fill(c.getResults().initJob(), j);
    return {};
  }
  status jobs_into(ListJobsContext& c) const {
    WEIR_TRY(auto i, find());
    WEIR_TRY(auto f, job_filter_of(c.getParams().getFilter()));
    WEIR_TRY(auto p, page_wish_of(c.getParams().getPage()));
    return fill_page(desk().jobs(*look(), i.id, f, p, c.getParams().getAscending()), c.getResults());
  }
  status log_into(ListLogContext& c) const {
    WEIR_TRY(auto i, find());
    WEIR_TRY(auto id, cid::parse(text(c.getParams().getCid())));
    WEIR_TRY(auto p, page_wish_of(c.getParams().getPage()));
    return fill_page(desk().log(*look(), i.id, id, text(c.getParams().getJob()), p), c.getResults());
  }
  status deals_into(ListDealsContext& c) const;
  status retrievals_into(ListRetrievalsContext& c) const {
    WEIR_TRY(auto i, find());
    auto r = look();
    WEIR_TRY(auto all, desk().retrievals(*r, i.id));
    fill_list(c.getResults().initItems(static_cast<unsigned>(all.size())), all);
    c.getResults().setRevision(r->at().value);
    return {};
  }
};

status instance_reading::cid_into(GetCidContext& c) const {
  WEIR_TRY(auto i, find());
  WEIR_TRY(auto id, cid::parse(text(c.getParams().getCid())));
  WEIR_TRY(auto view, desk().cid_info(*look(), i.id, id));
  auto to = c.getResults();
  fill(to.initInfo(), view.entry);
  fill_list(to.initProposals(static_cast<unsigned>(view.proposals.size())), view.proposals);
  fill_list(to.initSelections(static_cast<unsigned>(view.selections.size())), view.selections);
  to.setUnverified(view.unverified);
  return {};
}

status instance_reading::deals_into(ListDealsContext& c) const {
  WEIR_TRY(auto i, find());
  WEIR_TRY(auto f, deal_filter_of(c.getParams().getFilter(), c.getParams().getPage()));
  return fill_page(desk().deals(*look(), i.id, f), c.getResults());
}

kj::Promise<void> instance_reading::watchJobs(WatchJobsContext c) {
  auto p = c.getParams();
  auto ready = [&]() -> result<ffs::job_filter> {
    WEIR_TRY(auto i, find());
    WEIR_CHECK(check_window(*session_, p.getWindow()));
    if (!p.hasWatcher())
      return fail(errc::invalid_argument, "A watch needs a watcher.");
    return job_filter_of(p.getFilter());
  }();
  if (!ready)
    return to_exception(ready.error());
  c.getResults().setRevision(session_->world().records->head().value);
  return watch_jobs(session_, of_, *std::move(ready), p.getFromRevision(), p.getWindow(), p.getWatcher())
      .then([c](wire::Subscription::Client made) mutable { c.getResults().setSubscription(kj::mv(made)); });
}

kj::Promise<void> instance_reading::watchLog(WatchLogContext c) {
  auto p = c.getParams();
  auto id = [&]() -> result<cid> {
    WEIR_TRY(auto i, find());
    WEIR_CHECK(check_window(*session_, p.getWindow()));
    if (!p.hasWatcher())
      return fail(errc::invalid_argument, "A watch needs a watcher.");
    return cid::parse(text(p.getCid()));
  }();
  if (!id)
    return to_exception(id.error());
  c.getResults().setRevision(session_->world().records->head().value);
  return watch_log(session_, of_, *id, text(p.getJob()), p.getFromRevision(), p.getWindow(), p.getWatcher())
      .then([c](wire::Subscription::Client made) mutable { c.getResults().setSubscription(kj::mv(made)); });
}

kj::Promise<void> instance_reading::download(DownloadContext c) {
  auto p = c.getParams();
  auto wanted = [&]() -> result<open_read> {
    WEIR_TRY(auto i, find());
    WEIR_TRY(auto id, cid::parse(text(p.getCid())));
    return desk().from_hot(*look(), i.id, id, text(p.getPath()));
  }();
  if (!wanted)
    return to_exception(wanted.error());
  c.allowCancellation();
  return send_file(session_, *std::move(wanted), c);
}

} // namespace

result<ffs::page_wish> page_wish_of(wire::Page::Reader p) {
  WEIR_CHECK(check_limit(p.getLimit()));
  return ffs::page_wish{p.getLimit(), text(p.getAfter()), {}};
}

result<ffs::deal_filter> deal_filter_of(wire::DealFilter::Reader from, wire::Page::Reader page) {
  ffs::deal_filter f;
  WEIR_TRY(f.page, page_wish_of(page));
  for (auto name : from.getCids()) {
    WEIR_TRY(auto id, cid::parse(text(name)));
    f.cids.push_back(std::move(id));
  }
  for (auto name : from.getAddresses()) {
    WEIR_TRY(auto addr, filecoin::parse_address(text(name)));
    f.wallets.push_back(std::move(addr));
  }
  WEIR_CHECK(f.only(text(from.getState())));
  f.since = unix_ms{from.getSince()};
  f.ascending = from.getAscending();
  return f;
}

wire::InstanceReading::Client make_instance_reading(session_ptr s, const instance_id& of) {
  return kj::heap<instance_reading>(std::move(s), of);
}

} // namespace weir::rpc
