#include "adapters/rpc/client/instance.hpp"

#include "adapters/rpc/client/calls.hpp"
#include "adapters/rpc/client/fields.hpp"

namespace weir::client {

namespace {

void fill_filter(wire::JobFilter::Builder to, const job_filter& from) {
  fill_texts(to.initJobs(static_cast<unsigned>(from.jobs.size())), from.jobs);
  fill_texts(to.initCids(static_cast<unsigned>(from.cids.size())), from.cids);
}
void fill_page(wire::Page::Builder to, const std::string& after, std::uint32_t limit) {
  to.setAfter(after.c_str());
  to.setLimit(limit);
}

template <class T, class Results, class Read>
page_of<T> page(Results& got, Read read) {
  page_of<T> out{{}, text_of(got.getNext())};
  for (auto item : got.getItems())
    out.items.push_back(read(item));
  return out;
}

/// Jobs and log lines: what a state watch tells.
template <class Server, class T, class Items>
struct state_listener final : Server, follower {
  state_listener(const std::function<bool(const T&)>& v, Items i) : visit{v}, items{i} {}

  kj::Promise<void> changed(typename Server::ChangedContext c) override {
    auto p = c.getParams();
    for (auto& item : items(p))
      if (!over && !visit(item))
        this->finish();
    if (p.getRevision() != 0)
      last = p.getRevision();
    return kj::READY_NOW;
  }
  kj::Promise<void> ended(typename Server::EndedContext c) override {
    this->end(c.getParams().getProblem());
    return kj::READY_NOW;
  }

  const std::function<bool(const T&)>& visit;
  Items items;
};

} // namespace

result<instance_info> instance::info() {
  return call<instance_info>(*of_, id_, [&](auto i) -> result<instance_info> {
    return read_instance_info(of_->wait(i.getReading().infoRequest()).getInfo());
  });
}

result<usage> instance::usage() {
  return call<client::usage>(*of_, id_, [&](auto i) -> result<client::usage> {
    auto got = of_->wait(i.getReading().usageRequest());
    return client::usage{read_quota(got.getUsed()), read_quota(got.getLimits())};
  });
}

result<cid_config> instance::default_config() {
  return call<cid_config>(*of_, id_, [&](auto i) -> result<cid_config> {
    return read_config(of_->wait(i.getReading().getDefaultConfigRequest()).getConfig());
  });
}

result<cid_config> instance::set_default_config(const cid_config& config) {
  return call<cid_config>(*of_, id_, [&](auto i) -> result<cid_config> {
    auto c = i.getAdmin().setDefaultConfigRequest();
    fill_config(c.initConfig(), config);
    return read_config(of_->wait(kj::mv(c)).getConfig());
  });
}

status instance::validate(const cid_config& config) {
  return act(*of_, id_, [&](auto i) {
    auto c = i.getReading().validateRequest();
    fill_config(c.initConfig(), config);
    of_->wait(kj::mv(c));
  });
}

result<std::string> instance::push(const std::string& cid, const std::optional<cid_config>& config, push_options how) {
  return call<std::string>(*of_, id_, [&](auto i) -> result<std::string> {
    auto c = i.getStoring().pushRequest();
    c.setCid(cid.c_str());
    if (config)
      fill_config(c.initConfig(), *config);
    c.setOverride(how.override_config);
    c.setNoExec(how.no_exec);
    auto imports = c.initImportDeals(static_cast<unsigned>(how.import_deals.size()));
    for (unsigned n = 0; n < imports.size(); ++n)
      imports.set(n, how.import_deals[n]);
    return text_of(of_->wait(kj::mv(c)).getJob());
  });
}

result<content> instance::stage_cid(const std::string& cid, std::uint64_t timeout) {
  return call<content>(*of_, id_, [&](auto i) -> result<content> {
    auto c = i.getStoring().stageCidRequest();
    c.setCid(cid.c_str());
    c.setTimeout(timeout);
    return read_content(of_->wait(kj::mv(c)).getContent());
  });
}

result<std::string> instance::replace(const std::string& cid, const std::string& by) {
  return call<std::string>(*of_, id_, [&](auto i) -> result<std::string> {
    auto c = i.getStoring().replaceRequest();
    c.setCid(cid.c_str());
    c.setBy(by.c_str());
    return text_of(of_->wait(kj::mv(c)).getJob());
  });
}

status instance::remove(const std::string& cid) {
  return act(*of_, id_, [&](auto i) {
    auto c = i.getStoring().removeRequest();
    c.setCid(cid.c_str());
    of_->wait(kj::mv(c));
  });
}

result<job> instance::cancel(const std::string& job) {
  return call<client::job>(*of_, id_, [&](auto i) -> result<client::job> {
    auto c = i.getStoring().cancelJobRequest();
    c.setId(job.c_str());
    return read_job(of_->wait(kj::mv(c)).getJob());
  });
}

result<cid_info> instance::cid(const std::string& cid) {
  return call<cid_info>(*of_, id_, [&](auto i) -> result<cid_info> {
    auto c = i.getReading().getCidRequest();
    c.setCid(cid.c_str());
    auto got = of_->wait(kj::mv(c));
    auto out = read_cid_info(got.getInfo());
    out.proposals = got.getProposals().size();
    return out;
  });
}

result<page_of<cid_info>> instance::cids(const std::string& after, std::uint32_t limit) {
  return call<page_of<cid_info>>(*of_, id_, [&](auto i) -> result<page_of<cid_info>> {
    auto c = i.getReading().listCidsRequest();
    fill_page(c.initPage(), after, limit);
    auto got = of_->wait(kj::mv(c));
    return page<cid_info>(got, read_cid_info);
  });
}

result<job> instance::get_job(const std::string& id) {
  return call<job>(*of_, id_, [&](auto i) -> result<job> {
    auto c = i.getReading().getJobRequest();
    c.setId(id.c_str());
    return read_job(of_->wait(kj::mv(c)).getJob());
  });
}

result<page_of<job>> instance::jobs(const job_filter& filter, const std::string& after, std::uint32_t limit) {
  return call<page_of<job>>(*of_, id_, [&](auto i) -> result<page_of<job>> {
    auto c = i.getReading().listJobsRequest();
    fill_filter(c.initFilter(), filter);
    fill_page(c.initPage(), after, limit);
    auto got = of_->wait(kj::mv(c));
    return page<job>(got, read_job);
  });
}

result<page_of<log_line>> instance::log(const std::string& cid, const std::string& job, const std::string& after,
                                        std::uint32_t limit) {
  return call<page_of<log_line>>(*of_, id_, [&](auto i) -> result<page_of<log_line>> {
    auto c = i.getReading().listLogRequest();
    c.setCid(cid.c_str());
    c.setJob(job.c_str());
    fill_page(c.initPage(), after, limit);
    auto got = of_->wait(kj::mv(c));
    return page<log_line>(got, read_log_line);
  });
}

result<std::uint64_t> instance::watch_jobs(const job_filter& filter, std::uint64_t from,
                                           const std::function<bool(const job&)>& visit) {
  auto items = [](wire::JobWatcher::ChangedParams::Reader p) {
    std::vector<job> out;
    for (auto j : p.getJobs())
      out.push_back(read_job(j));
    return out;
  };
  auto server = kj::heap<state_listener<wire::JobWatcher::Server, job, decltype(items)>>(visit, items);
  auto& hears = *server;
  wire::JobWatcher::Client watcher{kj::mv(server)};
  return of_->follow(hears, from, [&](std::uint64_t after) {
    kj::Maybe<capnp::Response<wire::Manager::OpenResults>> kept;
    auto c = find(*of_, id_, kept).getReading().watchJobsRequest();
    fill_filter(c.initFilter(), filter);
    c.setFromRevision(after);
    c.setWatcher(watcher);
    auto got = of_->wait(kj::mv(c));
    return begun_watch{got.getSubscription(), got.getRevision()};
  });
}

result<std::uint64_t> instance::watch_log(const std::string& cid, std::uint64_t from,
                                          const std::function<bool(const log_line&)>& visit) {
  auto items = [](wire::LogWatcher::ChangedParams::Reader p) {
    std::vector<log_line> out;
    for (auto line : p.getLines())
      out.push_back(read_log_line(line));
    return out;
  };
  auto server = kj::heap<state_listener<wire::LogWatcher::Server, log_line, decltype(items)>>(visit, items);
  auto& hears = *server;
  wire::LogWatcher::Client watcher{kj::mv(server)};
  return of_->follow(hears, from, [&](std::uint64_t after) {
    kj::Maybe<capnp::Response<wire::Manager::OpenResults>> kept;
    auto c = find(*of_, id_, kept).getReading().watchLogRequest();
    c.setCid(cid.c_str());
    c.setFromRevision(after);
    c.setWatcher(watcher);
    auto got = of_->wait(kj::mv(c));
    return begun_watch{got.getSubscription(), got.getRevision()};
  });
}

result<std::uint64_t> instance::download(const std::string& cid, const std::string& path,
                                         const std::function<status(bytes_view)>& take) {
  status own;
  auto remember = [&](bytes_view data) {
    if (own)
      own = take(data);
    return own;
  };
  auto got = call<std::uint64_t>(*of_, id_, [&](auto i) -> result<std::uint64_t> {
    auto closed = std::make_shared<bool>(false);
    auto c = i.getReading().downloadRequest();
    c.setCid(cid.c_str());
    c.setPath(path.c_str());
    c.setSink(wire::ByteSink::Client{sink_into(remember, closed)});
    auto sent = of_->wait(kj::mv(c)).getSent();
    if (!*closed)
      return fail(errc::unreachable, "The download broke off.");
    return sent;
  });
  return own ? got : result<std::uint64_t>{own.error()};
}

result<std::vector<wallet>> instance::wallets() {
  return call<std::vector<wallet>>(*of_, id_, [&](auto i) -> result<std::vector<wallet>> {
    std::vector<wallet> out;
    auto got = of_->wait(i.getWallets().listRequest());
    for (auto w : got.getItems())
      out.push_back(read_wallet(w));
    return out;
  });
}

result<wallet> instance::make_wallet(const std::string& name, bool make_default) {
  return call<wallet>(*of_, id_, [&](auto i) -> result<wallet> {
    auto c = i.getWallets().createRequest();
    c.setName(name.c_str());
    c.setMakeDefault(make_default);
    return read_wallet(of_->wait(kj::mv(c)).getWallet());
  });
}

result<std::string> instance::send(const std::string& from, const std::string& to, const std::string& amount) {
  return call<std::string>(*of_, id_, [&](auto i) -> result<std::string> {
    auto c = i.getWallets().sendRequest();
    c.setFrom(from.c_str());
    c.setTo(to.c_str());
    c.setAmount(amount.c_str());
    return text_of(of_->wait(kj::mv(c)).getMessage());
  });
}

result<bytes> instance::sign(const std::string& address, bytes_view message) {
  return call<bytes>(*of_, id_, [&](auto i) -> result<bytes> {
    auto c = i.getWallets().signRequest();
    c.setAddress(address.c_str());
    c.setMessage(kj::arrayPtr(message.data(), message.size()));
    auto got = of_->wait(kj::mv(c));
    auto data = got.getSignature();
    return bytes{data.begin(), data.end()};
  });
}

} // namespace weir::client
