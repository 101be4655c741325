// Scope store of an FFS instance: configs and jobs.
#include "adapters/rpc/instance.hpp"
#include "adapters/rpc/records.hpp"

namespace weir::rpc {

namespace {

/// Without a size each answer would be made in a cleared segment of 8 KiB.
template <class Context>
void fill_job(Context& c, const ffs::job_id& id) {
  c.getResults(capnp::MessageSize{4 + id.value.size() / sizeof(capnp::word), 0}).setJob(id.value.c_str());
}

class instance_storing final : public tenant<wire::InstanceStoring> {
public:
  using tenant::tenant;

protected:
  kj::Promise<void> push(PushContext c) override {
    auto wish = wish_of(c.getParams());
    if (!wish)
      return to_exception(wish.error());
    return at_desk<ffs::push_answer>(session_->node(), [&](auto done) { desk().push(asker(), *std::move(wish), done); })
        .then([c](ffs::push_answer a) mutable { fill_job(c, a.job); });
  }
  kj::Promise<void> replace(ReplaceContext c) override {
    auto from = cid::parse(text(c.getParams().getCid()));
    auto to = from ? cid::parse(text(c.getParams().getBy())) : from;
    if (!to)
      return to_exception(to.error());
    return at_desk<ffs::push_answer>(session_->node(),
                                     [&](auto done) {
                                       desk().replace(asker(), {of_, *from, *to}, done);
                                     })
        .then([c](ffs::push_answer a) mutable { fill_job(c, a.job); });
  }
  kj::Promise<void> remove(RemoveContext c) override {
    auto id = cid::parse(text(c.getParams().getCid()));
    if (!id)
      return to_exception(id.error());
    return at_desk<nothing>(session_->node(),
                            [&](auto done) {
                              desk().remove(asker(), {of_, *id}, done);
                            })
        .ignoreResult();
  }
  kj::Promise<void> stageCid(StageCidContext c) override {
    auto id = cid::parse(text(c.getParams().getCid()));
    if (!id)
      return to_exception(id.error());
    ffs::stage_cid wish{of_, *id, c.getParams().getTimeout()};
    return at_desk<content>(session_->node(), [&](auto done) { desk().stage(asker(), std::move(wish), done); })
        .then([c](content staged) mutable { fill(c.getResults().initContent(), staged); });
  }
  kj::Promise<void> cancelJob(CancelJobContext c) override {
    ffs::cancel_job wish{of_, ffs::job_id{text(c.getParams().getId())}};
    return at_desk<ffs::job>(session_->node(), [&](auto done) { desk().cancel(asker(), std::move(wish), done); })
        .then([c](ffs::job ended) mutable { fill(c.getResults().initJob(), ended); });
  }

private:
  result<ffs::push_config> wish_of(wire::InstanceStoring::PushParams::Reader p) const {
    ffs::push_config wish{of_, {}, std::nullopt, p.getOverride(), p.getNoExec()};
    WEIR_TRY(wish.cid, cid::parse(text(p.getCid())));
    for (auto number : p.getImportDeals()) {
      if (number == 0)
        return fail(errc::invalid_argument, "importDeals is a list of the numbers of deals on the chain.", "0");
      wish.imports.push_back(deal_id{number});
    }
    if (p.hasConfig()) {
      WEIR_TRY(wish.config, config_from(p.getConfig()));
    }
    return wish;
  }
};

} // namespace

wire::InstanceStoring::Client make_instance_storing(session_ptr s, const instance_id& of) {
  return kj::heap<instance_storing>(std::move(s), of);
}

} // namespace weir::rpc
