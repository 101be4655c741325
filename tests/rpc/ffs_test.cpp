// FFS over the remote API, against a running node without a network: configs
// want hot storage alone, so that jobs end without a chain.
#include "messages/types/ffs.hpp"
#include "node/runtime/wall_clock.hpp"
#include "tests/rpc/rpc_fixture.hpp"

namespace weir {
namespace {

using test::remote_client;

/// Keeps what it is told of jobs; holds its answers back while `stopped`.
struct job_recorder final : wire::JobWatcher::Server, test::wakes_test {
  struct seen {
    std::string id;
    wire::JobState state;
  };
  std::vector<seen> jobs;
  std::vector<std::uint64_t> revisions;
  std::string end;
  bool stopped = false;
  std::size_t most = 0; ///< in one call
  std::vector<kj::Own<kj::PromiseFulfiller<void>>> held;

  kj::Promise<void> changed(ChangedContext c) override {
    auto p = c.getParams();
    for (auto j : p.getJobs())
      jobs.push_back({j.getId().cStr(), j.getState()});
    most = std::max<std::size_t>(most, p.getJobs().size());
    revisions.push_back(p.getRevision());
    tell();
    if (!stopped)
      return kj::READY_NOW;
    auto pair = kj::newPromiseAndFulfiller<void>();
    held.push_back(kj::mv(pair.fulfiller));
    return kj::mv(pair.promise);
  }
  kj::Promise<void> ended(EndedContext c) override {
    end = c.getParams().getProblem().getCode().cStr();
    tell();
    return kj::READY_NOW;
  }
  void go_on() {
    stopped = false;
    for (auto& h : std::exchange(held, {}))
      h->fulfill();
  }
  bool saw(const std::string& id, wire::JobState state) const {
    return std::any_of(jobs.begin(), jobs.end(), [&](auto& j) { return j.id == id && j.state == state; });
  }
};

struct remote_ffs : test::remote_test {
  ~remote_ffs() noexcept override {}
  remote_client admin{io, socket()};
  wire::Manager::Client manager = login(admin).getManager();

  struct made {
    std::string id, token;
  };
  made make(const std::string& name) {
    auto call = manager.createInstanceRequest();
    call.setName(name.c_str());
    auto got = call.send().wait(io.waitScope);
    return {got.getInfo().getId().cStr(), got.getToken().cStr()};
  }
  static void hot_only(wire::CidConfig::Builder c) {
    c.initHot();
    c.initCold().setEnabled(false);
  }
  /// Staged bytes; their CID.
  std::string stage(wire::Session::Reader s, const std::string& data) {
    auto id = store(s.getStoring(), "file", data);
    auto call = s.getReading().getContentRequest();
    call.setId(id.c_str());
    return call.send().wait(io.waitScope).getContent().getCid().cStr();
  }
  auto push(wire::Instance::Reader i, const std::string& cid) {
    auto call = i.getStoring().pushRequest();
    call.setCid(cid.c_str());
    hot_only(call.initConfig());
    return call.send();
  }
  struct watching {
    job_recorder& seen;
    wire::Subscription::Client subscription;
  };
  watching watch(wire::Instance::Reader i, std::uint64_t from = 0, std::uint32_t window = 32, bool stopped = false) {
    auto w = kj::heap<job_recorder>();
    auto& seen = *w;
    seen.stopped = stopped;
    auto call = i.getReading().watchJobsRequest();
    call.setFromRevision(from);
    call.setWindow(window);
    call.setWatcher(kj::mv(w));
    return {seen, call.send().wait(io.waitScope).getSubscription()};
  }
};

TEST_F(remote_ffs, a_pushed_config_becomes_a_job_that_is_watched_to_done) {
  auto one = make("one");
  remote_client c{io, tcp()};
  auto s = login(c, one.token);
  EXPECT_EQ(s.getInstance().getId(), one.id.c_str());
  EXPECT_EQ(s.getScopes().size(), 4u);
  auto data = std::string(700'000, 'x') + "end";
  auto cid = stage(s, data);
  auto w = watch(s.getInstance());
  std::string job = push(s.getInstance(), cid).wait(io.waitScope).getJob().cStr();
  w.seen.until(io, [&] { return w.seen.saw(job, wire::JobState::DONE); });
  auto info = s.getInstance().getReading().getCidRequest();
  info.setCid(cid.c_str());
  auto got = info.send().wait(io.waitScope);
  EXPECT_TRUE(got.getInfo().getStored());
  EXPECT_TRUE(got.getInfo().getHot().getEnabled());
  EXPECT_FALSE(got.getInfo().getConfig().getCold().getEnabled());
  EXPECT_EQ(got.getInfo().getInfoJob(), job.c_str());
  auto log = s.getInstance().getReading().listLogRequest();
  log.setCid(cid.c_str());
  EXPECT_GT(log.send().wait(io.waitScope).getItems().size(), 1u);
}

TEST_F(remote_ffs, bytes_come_back_from_hot) {
  auto one = make("one");
  auto s = login(admin, one.token);
  auto data = std::string(600'000, 'y');
  auto cid = stage(s, data);
  struct sink final : wire::ByteSink::Server {
    std::string got;
    kj::Promise<void> write(WriteContext c) override {
      auto d = c.getParams().getData();
      got.append(reinterpret_cast<const char*>(d.begin()), d.size());
      return kj::READY_NOW;
    }
    kj::Promise<void> close(CloseContext) override { return kj::READY_NOW; }
  };
  auto fetch = [&] {
    auto to = kj::heap<sink>();
    auto& back = *to;
    auto call = s.getInstance().getReading().downloadRequest();
    call.setCid(cid.c_str());
    call.setSink(kj::mv(to));
    return std::pair{code_of(call.send().ignoreResult()), &back};
  };
  EXPECT_EQ(fetch().first, "not-found") << "staged, but nobody wants it yet";
  auto w = watch(s.getInstance());
  std::string job = push(s.getInstance(), cid).wait(io.waitScope).getJob().cStr();
  w.seen.until(io, [&] { return w.seen.saw(job, wire::JobState::DONE); });
  auto to = kj::heap<sink>();
  auto& back = *to;
  wire::ByteSink::Client kept{kj::mv(to)};
  auto call = s.getInstance().getReading().downloadRequest();
  call.setCid(cid.c_str());
  call.setSink(kept);
  EXPECT_EQ(call.send().wait(io.waitScope).getSent(), data.size());
  EXPECT_TRUE(back.got == data);
}

TEST_F(remote_ffs, scopes_are_the_capabilities) {
  auto one = make("one");
  auto s = login(admin, one.token);
  auto wish = s.getInstance().getAdmin().createTokenRequest();
  wish.setName("looks");
  wish.initScopes(1).set(0, wire::Scope::READ);
  std::string looks = wish.send().wait(io.waitScope).getText().cStr();
  auto r = login(admin, looks);
  EXPECT_EQ(code_of(r.getInstance().getReading().infoRequest().send()), "");
  EXPECT_EQ(code_of(push(r.getInstance(), "bafy")), "forbidden");
  EXPECT_EQ(code_of(r.getInstance().getWallets().listRequest().send()), "forbidden");
  EXPECT_EQ(code_of(r.getInstance().getAdmin().listTokensRequest().send()), "forbidden");
  EXPECT_EQ(code_of(r.getManager().listInstancesRequest().send()), "forbidden");
  EXPECT_EQ(code_of(s.getManager().listInstancesRequest().send()), "forbidden")
      << "admin of an instance, not of the node";
  auto alice = login(admin, token_of("alice"));
  EXPECT_EQ(code_of(alice.getInstance().getReading().infoRequest().send()), "not-found");
  EXPECT_EQ(s.getInstance().getAdmin().listTokensRequest().send().wait(io.waitScope).getItems().size(), 2u);
}

TEST_F(remote_ffs, another_instance_does_not_exist) {
  auto one = make("one"), two = make("two");
  auto s = login(admin, one.token), t = login(admin, two.token);
  auto cid = stage(s, "mine");
  std::string job = push(s.getInstance(), cid).wait(io.waitScope).getJob().cStr();
  auto get = t.getInstance().getReading().getJobRequest();
  get.setId(job.c_str());
  EXPECT_EQ(code_of(get.send()), "not-found");
  auto stop = t.getInstance().getStoring().cancelJobRequest();
  stop.setId(job.c_str());
  EXPECT_EQ(code_of(stop.send()), "not-found");
  auto info = t.getInstance().getReading().getCidRequest();
  info.setCid(cid.c_str());
  EXPECT_EQ(code_of(info.send()), "not-found");
  EXPECT_EQ(t.getInstance().getReading().listJobsRequest().send().wait(io.waitScope).getItems().size(), 0u);
  auto w = watch(t.getInstance());
  std::string own = push(t.getInstance(), stage(t, "theirs")).wait(io.waitScope).getJob().cStr();
  w.seen.until(io, [&] { return w.seen.saw(own, wire::JobState::DONE); });
  EXPECT_TRUE(std::all_of(w.seen.jobs.begin(), w.seen.jobs.end(), [&](auto& j) { return j.id == own; }));
}

TEST_F(remote_ffs, a_revoked_token_ends_calls_and_watches_at_once) {
  auto one = make("one");
  auto s = login(admin, one.token);
  auto wish = s.getInstance().getAdmin().createTokenRequest();
  wish.setName("short");
  std::string text = wish.send().wait(io.waitScope).getText().cStr();
  remote_client c{io, tcp()};
  auto other = login(c, text);
  auto w = watch(other.getInstance());
  auto revoke = s.getInstance().getAdmin().revokeTokenRequest();
  revoke.setName("short");
  EXPECT_EQ(code_of(revoke.send()), "");
  EXPECT_EQ(code_of(other.getInstance().getReading().infoRequest().send()), "unauthenticated");
  w.seen.until(io, [&] { return !w.seen.end.empty(); });
  EXPECT_EQ(w.seen.end, "unauthenticated");
}

TEST_F(remote_ffs, a_silent_watch_ends_when_its_token_expires) {
  auto one = make("one");
  auto s = login(admin, one.token);
  auto wish = s.getInstance().getAdmin().createTokenRequest();
  wish.setName("short");
  wish.setExpires(wall_clock().value + 300);
  std::string text = wish.send().wait(io.waitScope).getText().cStr();
  auto w = watch(login(admin, text).getInstance());
  w.seen.until(io, [&] { return !w.seen.end.empty(); });
  EXPECT_EQ(w.seen.end, "unauthenticated");
}

TEST_F(remote_ffs, a_deleted_instance_ends_the_operators_watch_too) {
  auto one = make("one");
  auto open = manager.openRequest();
  open.setId(one.id.c_str());
  auto got = open.send().wait(io.waitScope);
  auto w = watch(got.getInstance());
  auto gone = manager.deleteInstanceRequest();
  gone.setId(one.id.c_str());
  EXPECT_EQ(code_of(gone.send()), "");
  w.seen.until(io, [&] { return !w.seen.end.empty(); });
  EXPECT_EQ(w.seen.end, "not-found");
  EXPECT_EQ(code_of(got.getInstance().getReading().infoRequest().send()), "not-found");
}

TEST_F(remote_ffs, a_watcher_that_stops_gets_the_newest_states_when_it_goes_on) {
  auto one = make("one");
  auto s = login(admin, one.token);
  auto w = watch(s.getInstance(), 0, 2, true);
  std::vector<std::string> jobs;
  for (int i = 0; i < 12; ++i)
    jobs.push_back(push(s.getInstance(), stage(s, "n" + std::to_string(i))).wait(io.waitScope).getJob().cStr());
  auto all = watch(s.getInstance());
  for (auto& j : jobs)
    all.seen.until(io, [&] {
      auto get = s.getInstance().getReading().getJobRequest();
      get.setId(j.c_str());
      return all.seen.saw(j, wire::JobState::DONE)
             || get.send().wait(io.waitScope).getJob().getState() == wire::JobState::DONE;
    });
  EXPECT_LE(w.seen.jobs.size(), 2u) << "no more than its window";
  EXPECT_LE(w.seen.most, 2u);
  w.seen.go_on();
  w.seen.until(io, [&] {
    return std::all_of(jobs.begin(), jobs.end(), [&](auto& j) { return w.seen.saw(j, wire::JobState::DONE); });
  });
  EXPECT_LT(w.seen.jobs.size(), 3u * jobs.size()) << "what was passed over is not told";
}

TEST_F(remote_ffs, a_watch_resumes_after_a_restart_of_the_node) {
  auto one = make("one");
  std::uint64_t last = 0;
  std::string before, after;
  {
    remote_client c{io, socket()};
    auto s = login(c, one.token);
    auto w = watch(s.getInstance());
    before = push(s.getInstance(), stage(s, "before")).wait(io.waitScope).getJob().cStr();
    w.seen.until(io, [&] { return w.seen.saw(before, wire::JobState::DONE) && w.seen.revisions.back() != 0; });
    last = w.seen.revisions.back();
    after = push(s.getInstance(), stage(s, "after")).wait(io.waitScope).getJob().cStr();
    node.node->stop();
    sessions.clear();
  }
  node.node.reset();
  auto again = runtime::start(node.options);
  ASSERT_TRUE(again) << to_string(again.error());
  node.node = std::move(*again);
  remote_client c{io, socket()};
  auto s = login(c, one.token);
  auto w = watch(s.getInstance(), last);
  w.seen.until(io, [&] { return w.seen.saw(after, wire::JobState::DONE); });
  EXPECT_FALSE(w.seen.saw(before, wire::JobState::DONE)) << "that was dealt with";
}

TEST_F(remote_ffs, configs_that_contradict_themselves_are_refused_by_their_rule) {
  auto one = make("one");
  auto s = login(admin, one.token);
  auto cid = stage(s, "x");
  auto call = s.getInstance().getStoring().pushRequest();
  call.setCid(cid.c_str());
  call.initConfig().initCold().setRepFactor(0);
  EXPECT_EQ(code_of(call.send()), "invalid-argument");
  auto check = s.getInstance().getReading().validateRequest();
  check.initConfig().initCold().setRepFactor(0);
  EXPECT_EQ(code_of(check.send()), "invalid-argument");
  auto amount = s.getInstance().getReading().validateRequest();
  amount.initConfig().initHot().setUnfreezeMaxPrice("much");
  EXPECT_EQ(code_of(amount.send()), "invalid-argument");
  auto payer = s.getInstance().getReading().validateRequest();
  payer.initConfig().initCold().setAddress("f01000");
  EXPECT_EQ(code_of(payer.send()), "invalid-argument") << "not an address of the instance";
  auto fine = s.getInstance().getReading().validateRequest();
  hot_only(fine.initConfig());
  EXPECT_EQ(code_of(fine.send()), "");
  auto limits = manager.changeInstanceRequest();
  limits.setId(one.id.c_str());
  limits.initLimits().setSpend("much");
  EXPECT_EQ(code_of(limits.send()), "invalid-argument");
}

TEST_F(remote_ffs, what_a_config_of_the_schema_leaves_out_is_the_built_in_default) {
  auto one = make("one");
  auto s = login(admin, one.token);
  auto set = s.getInstance().getAdmin().setDefaultConfigRequest();
  set.initConfig();
  auto now = set.send().wait(io.waitScope);
  ffs::cid_config built_in;
  auto cold = now.getConfig().getCold();
  EXPECT_EQ(now.getConfig().getHot().getEnabled(), built_in.hot.enabled);
  EXPECT_EQ(now.getConfig().getHot().getAddTimeout(), built_in.hot.add_timeout);
  EXPECT_EQ(cold.getEnabled(), built_in.cold.enabled);
  EXPECT_EQ(cold.getRepFactor(), built_in.cold.rep_factor);
  EXPECT_EQ(cold.getDealMinDuration(), built_in.cold.deal_min_duration);
  EXPECT_EQ(cold.getDealStartOffset(), built_in.cold.deal_start_offset);
  EXPECT_EQ(cold.getFastRetrieval(), built_in.cold.fast_retrieval);
  EXPECT_EQ(now.getConfig().getRepairable(), built_in.repairable);
}

TEST_F(remote_ffs, the_operators_calls) {
  auto one = make("one");
  auto again = manager.createInstanceRequest();
  again.setName("one");
  EXPECT_EQ(code_of(again.send()), "already-exists");
  auto rename = manager.changeInstanceRequest();
  rename.setId(one.id.c_str());
  rename.setName("first");
  rename.initLimits().setJobs(7);
  auto changed = rename.send().wait(io.waitScope);
  EXPECT_EQ(changed.getInfo().getName(), "first");
  EXPECT_EQ(changed.getInfo().getLimits().getJobs(), 7u);
  auto list = manager.listInstancesRequest().send().wait(io.waitScope);
  ASSERT_EQ(list.getItems().size(), 1u);
  EXPECT_EQ(list.getItems()[0].getOwner(), ("ffs/" + one.id).c_str());
  auto s = login(admin, one.token);
  auto cid = stage(s, "forgotten");
  EXPECT_EQ(manager.listPinnedRequest().send().wait(io.waitScope).getItems().size(), 1u);
  auto collect = manager.collectStagedRequest();
  collect.setOlderThan(0);
  auto gone = collect.send().wait(io.waitScope);
  ASSERT_EQ(gone.getRemoved().size(), 1u);
  EXPECT_EQ(gone.getRemoved()[0], cid.c_str());
}

TEST_F(remote_ffs, an_address_signs_for_its_instance_alone) {
  auto one = make("one"), two = make("two");
  auto s = login(admin, one.token), t = login(admin, two.token);
  auto create = s.getInstance().getWallets().createRequest();
  create.setName("first");
  auto wallet = create.send().wait(io.waitScope);
  EXPECT_TRUE(wallet.getWallet().getIsDefault());
  auto message = kj::StringPtr{"words"}.asBytes();
  auto sign = s.getInstance().getWallets().signRequest();
  sign.setAddress(wallet.getWallet().getAddress());
  sign.setMessage(message);
  auto signature = sign.send().wait(io.waitScope);
  auto check = t.getReading().verifyRequest();
  check.setAddress(wallet.getWallet().getAddress());
  check.setMessage(message);
  check.setSignature(signature.getSignature());
  EXPECT_TRUE(check.send().wait(io.waitScope).getValid());
  auto theirs = t.getInstance().getWallets().signRequest();
  theirs.setAddress(wallet.getWallet().getAddress());
  theirs.setMessage(message);
  EXPECT_EQ(code_of(theirs.send()), "not-found");
}

} // namespace
} // namespace weir
