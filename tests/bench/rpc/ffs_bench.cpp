// ffs_bench WHAT SOCKET PID NUMBERS…: FFS over the remote API of a running
// node, on its unix socket. One line of JSON for each figure; ffs_bench.py
// runs it and knows the limits.
//
//   enqueue  CLIENTS SECONDS              pushes and empty calls, in turns
//   push     CLIENTS SECONDS              nothing but pushes
//   fill     JOBS                         that many jobs that wait
//   watch    WATCHERS RATE SECONDS STORM  delays, memory, idle processor time
#include "adapters/rpc/client/instance.hpp"
#include "adapters/rpc/client/promises.hpp"
#include "messages/types/cid.hpp"
#include "tests/bench/rpc/figures.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <unistd.h>
#include <unordered_map>

using namespace weir;
using namespace weir::bench;

namespace {

/// A CID that nobody has the bytes of.
std::string made_up(std::uint64_t n) {
  bytes digest(32);
  std::memcpy(digest.data(), &n, sizeof n);
  return cid::v1(codec::raw, hash_code::sha2_256, digest).text();
}

double resident_mib(const std::string& pid) {
  std::ifstream statm{"/proc/" + pid + "/statm"};
  double total = 0, resident = 0;
  statm >> total >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

double processor_seconds(const std::string& pid) {
  std::ifstream file{"/proc/" + pid + "/stat"};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  text.erase(0, text.rfind(')') + 2);
  std::uint64_t user = 0, system = 0;
  std::sscanf(text.c_str(), "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
  return static_cast<double>(user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// A connection that holds an instance.
struct tenant {
  kj::Own<client::connection> link;
  kj::Maybe<capnp::Response<wire::Weir::AuthenticateResults>> session;
  wire::Instance::Reader instance() { return KJ_ASSERT_NONNULL(session).getSession().getInstance(); }
};

struct bench_client {
  kj::AsyncIoContext io = kj::setupAsyncIo();
  std::string address;
  std::uint64_t next_cid = static_cast<std::uint64_t>(::getpid()) << 32;

  std::unique_ptr<tenant> open(const std::string& token) {
    auto t = std::make_unique<tenant>();
    t->link = client::connect(io, {.address = address, .token = token}).wait(io.waitScope);
    t->session = client::login(*t->link).wait(io.waitScope);
    return t;
  }
  std::string new_instance() {
    auto boss = open("");
    auto call = KJ_ASSERT_NONNULL(boss->session).getSession().getManager().createInstanceRequest();
    return call.send().wait(io.waitScope).getToken().cStr();
  }
  static auto push(tenant& t, const std::string& cid, bool again = false) {
    auto call = t.instance().getStoring().pushRequest(capnp::MessageSize{96, 0});
    call.setCid(cid.c_str());
    call.setOverride(again);
    auto config = call.initConfig();
    config.initHot();
    config.initCold().setEnabled(false);
    return call.send();
  }
  kj::Promise<void> pause(double seconds) {
    return io.provider->getTimer().afterDelay(static_cast<std::int64_t>(seconds * 1e6) * kj::MICROSECONDS);
  }
};

/// Calls one after the other until the time is over.
template <class Call>
kj::Promise<void> repeat(Call call, steady::time_point end, std::uint64_t& count) {
  return call().then([call, end, &count]() mutable -> kj::Promise<void> {
    ++count;
    if (steady::now() >= end)
      return kj::READY_NOW;
    return repeat(std::move(call), end, count);
  });
}

template <class Make>
double rate(bench_client& b, std::vector<std::unique_ptr<tenant>>& clients, double seconds, Make make) {
  std::uint64_t count = 0;
  auto start = steady::now();
  auto end = start + std::chrono::microseconds{static_cast<std::int64_t>(seconds * 1e6)};
  auto running = kj::heapArrayBuilder<kj::Promise<void>>(clients.size());
  for (auto& c : clients)
    running.add(repeat(make(*c), end, count));
  kj::joinPromises(running.finish()).wait(b.io.waitScope);
  return static_cast<double>(count) / seconds_since(start);
}

std::vector<std::unique_ptr<tenant>> clients_of(bench_client& b, unsigned count) {
  std::vector<std::unique_ptr<tenant>> out;
  auto token = b.new_instance();
  for (unsigned i = 0; i < count; ++i)
    out.push_back(b.open(token));
  return out;
}

auto pushes(bench_client& b) {
  return [&b](tenant& t) { return [&b, &t] { return bench_client::push(t, made_up(++b.next_cid)).ignoreResult(); }; };
}

/// Calls a second, and what each took of the node's processor time.
struct load {
  double calls = 0, seconds = 0, used = 0;
  double per_second() const { return calls / seconds; }
  double microseconds() const { return used / calls * 1e6; }
};

template <class Make>
void add_turn(load& to, bench_client& b, const std::string& pid, std::vector<std::unique_ptr<tenant>>& clients,
              double seconds, Make make) {
  auto start = steady::now();
  auto used = processor_seconds(pid);
  auto per_second = rate(b, clients, seconds, make);
  auto took = seconds_since(start);
  to.used += processor_seconds(pid) - used;
  to.seconds += took;
  to.calls += per_second * took;
}

void enqueue(bench_client& b, const std::string& pid, unsigned clients, double seconds) {
  auto all = clients_of(b, clients);
  auto empty = [](tenant& t) { return [&t] { return t.link->weir().pingRequest().send().ignoreResult(); }; };
  load calls, jobs;
  constexpr int turns = 3; // what the machine does besides is in both
  for (int i = 0; i < turns; ++i) {
    add_turn(calls, b, pid, all, seconds / turns, empty);
    add_turn(jobs, b, pid, all, seconds / turns, pushes(b));
  }
  tell("empty calls, 64 clients", calls.per_second(), "1/s");
  tell("processor time of the node for one", calls.microseconds(), "us");
  tell("enqueue with commit, 64 clients", jobs.per_second(), "1/s");
  tell("processor time of the node for one", jobs.microseconds(), "us");
  tell("enqueue / empty call", jobs.per_second() / calls.per_second(), "x");
}

/// For a profiler: nothing but pushes.
void push_only(bench_client& b, const std::string& pid, unsigned clients, double seconds) {
  auto all = clients_of(b, clients);
  load jobs;
  add_turn(jobs, b, pid, all, seconds, pushes(b));
  tell("enqueue with commit", jobs.per_second(), "1/s");
  tell("processor time of the node for one", jobs.microseconds(), "us");
}

void fill(bench_client& b, unsigned jobs) {
  auto all = clients_of(b, 64);
  auto running = kj::heapArrayBuilder<kj::Promise<void>>(jobs);
  for (unsigned i = 0; i < jobs; ++i)
    running.add(bench_client::push(*all[i % all.size()], made_up(++b.next_cid)).ignoreResult());
  kj::joinPromises(running.finish()).wait(b.io.waitScope);
}

// ------------------------------------------------------------------- watchers

struct delays {
  std::unordered_map<std::string, steady::time_point> sent; ///< by CID
  std::vector<double> from_call, to_answer;                 ///< ms
  bool counting = true;
};

struct watcher final : wire::JobWatcher::Server {
  watcher(delays& d, bool s) : all{d}, stopped{s} {}
  delays& all;
  bool stopped;

  kj::Promise<void> changed(ChangedContext c) override {
    if (stopped)
      return kj::NEVER_DONE;
    if (all.counting)
      for (auto j : c.getParams().getJobs())
        if (auto at = all.sent.find(j.getCid().cStr()); at != all.sent.end())
          all.from_call.push_back(seconds_since(at->second) * 1e3);
    return kj::READY_NOW;
  }
  kj::Promise<void> ended(EndedContext c) override {
    std::fprintf(stderr, "a watch ended: %s\n", c.getParams().getProblem().getMessage().cStr());
    return kj::READY_NOW;
  }
};

double at_percentile(std::vector<double>& all, double which) {
  if (all.empty())
    return -1;
  auto at = all.begin() + static_cast<std::ptrdiff_t>(static_cast<double>(all.size() - 1) * which);
  std::nth_element(all.begin(), at, all.end());
  return *at;
}

/// Ten watchers for each instance, the first of which never answers.
struct crowd {
  static constexpr unsigned each = 10;
  std::vector<std::unique_ptr<tenant>> tenants;
  std::vector<wire::Subscription::Client> subscriptions;

  crowd(bench_client& b, delays& d, unsigned watchers) {
    for (unsigned i = 0; i < watchers / each; ++i) {
      tenants.push_back(b.open(b.new_instance()));
      for (unsigned w = 0; w < each; ++w) {
        auto call = tenants.back()->instance().getReading().watchJobsRequest();
        call.setWatcher(kj::heap<watcher>(d, w == 0));
        subscriptions.push_back(call.send().wait(b.io.waitScope).getSubscription());
      }
    }
  }
};

/// So many pushes a second, in steps of a few milliseconds, to one instance after the other.
void paced(bench_client& b, crowd& c, delays& d, double per_second, double seconds) {
  kj::Promise<void> running = kj::READY_NOW;
  auto start = steady::now();
  std::uint64_t done = 0;
  while (seconds_since(start) < seconds) {
    auto due = static_cast<std::uint64_t>(seconds_since(start) * per_second);
    auto batch = kj::Vector<kj::Promise<void>>{};
    for (; done < due; ++done) {
      auto cid = made_up(++b.next_cid);
      d.sent[cid] = steady::now();
      auto pushed = bench_client::push(*c.tenants[done % c.tenants.size()], cid)
                        .then([&d, begun = steady::now()](auto&& /* job */) {
                          d.to_answer.push_back(seconds_since(begun) * 1e3);
                        });
      batch.add(kj::mv(pushed));
    }
    auto all = kj::joinPromises(batch.releaseAsArray()).eagerlyEvaluate(nullptr);
    running = running.then([all = kj::mv(all)]() mutable { return kj::mv(all); }).eagerlyEvaluate(nullptr);
    b.pause(0.002).wait(b.io.waitScope);
  }
  running.wait(b.io.waitScope);
  b.pause(0.5).wait(b.io.waitScope); // what is on its way
  tell("job updates", static_cast<double>(done) / seconds, "1/s");
}

/// The same CIDs again and again: each push ends a job that waits and makes another, two updates.
void storm(bench_client& b, crowd& c, std::uint64_t updates) {
  constexpr std::uint64_t at_once = 512;
  std::vector<std::string> cids;
  for (unsigned i = 0; i < 100; ++i)
    cids.push_back(made_up(++b.next_cid));
  for (std::uint64_t done = 0; done < updates / 2; done += at_once) {
    auto batch = kj::heapArrayBuilder<kj::Promise<void>>(at_once);
    for (std::uint64_t i = 0; i < at_once; ++i)
      batch.add(bench_client::push(*c.tenants[(done + i) % c.tenants.size()],
                                   cids[(done + i) / c.tenants.size() % cids.size()], true)
                    .ignoreResult());
    kj::joinPromises(batch.finish()).wait(b.io.waitScope);
  }
}

void watch(bench_client& b, const std::string& pid, unsigned watchers, double per_second, double seconds,
           std::uint64_t updates) {
  delays d;
  crowd c{b, d, watchers};
  paced(b, c, d, per_second, seconds);
  tell("push to commit, p99", at_percentile(d.to_answer, 0.99), "ms");
  tell("push to watcher, p50", at_percentile(d.from_call, 0.5), "ms");
  tell("push to watcher, p99", at_percentile(d.from_call, 0.99), "ms");
  d.counting = false;
  storm(b, c, updates / 10); // what the store keeps in memory is there then
  auto before = resident_mib(pid);
  auto start = steady::now();
  storm(b, c, updates);
  tell("storm", static_cast<double>(updates) / seconds_since(start), "updates/s");
  tell("memory growth in the storm", resident_mib(pid) - before, "MiB");
  b.pause(10).wait(b.io.waitScope); // the store folds its levels after the storm
  auto used = processor_seconds(pid);
  constexpr double idle = 5;
  b.pause(idle).wait(b.io.waitScope);
  tell("processor when idle, with all watchers", 100 * (processor_seconds(pid) - used) / idle, "%");
}

} // namespace

int main(int count, char** words) {
  std::string what = count > 3 ? words[1] : "";
  auto number = [&](int at) { return count > at ? std::atof(words[at]) : 0; };
  bench_client b;
  if (count > 3)
    b.address = "unix:" + std::string{words[2]};
  if (what == "enqueue" && count == 6)
    enqueue(b, words[3], static_cast<unsigned>(number(4)), number(5));
  else if (what == "push" && count == 6)
    push_only(b, words[3], static_cast<unsigned>(number(4)), number(5));
  else if (what == "fill" && count == 5)
    fill(b, static_cast<unsigned>(number(4)));
  else if (what == "watch" && count == 8)
    watch(b, words[3], static_cast<unsigned>(number(4)), number(5), number(6), static_cast<std::uint64_t>(number(7)));
  else
    return std::fprintf(stderr, "usage: ffs_bench enqueue|push|fill|watch SOCKET PID NUMBERS…\n"), 2;
  return 0;
}
