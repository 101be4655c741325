// The remote API against a running node: what a program in another process sees.
#include "tests/rpc/rpc_fixture.hpp"

#include <chrono>
#include <sys/stat.h>

namespace weir {
namespace {

using test::recorder;
using test::remote_client;
using remote = test::remote_test;

std::string some_bytes(std::size_t size) {
  std::string s(size, '\0');
  for (std::size_t i = 0; i < s.size(); ++i)
    s[i] = static_cast<char>(i * 2654435761u >> 13);
  return s;
}

struct file final : wire::ByteSink::Server {
  std::string data;
  bool closed = false;
  kj::Promise<void> write(WriteContext c) override {
    auto d = c.getParams().getData();
    data.append(reinterpret_cast<const char*>(d.begin()), d.size());
    return kj::READY_NOW;
  }
  kj::Promise<void> close(CloseContext) override {
    closed = true;
    return kj::READY_NOW;
  }
};

TEST_F(remote, bytes_go_in_and_come_back) {
  remote_client c{io, socket()};
  auto s = login(c);
  EXPECT_EQ(s.getOwner(), "local");
  auto data = some_bytes(5'000'000);
  auto id = store(s.getStoring(), "big", data);
  auto get = s.getReading().getContentRequest();
  get.setId(id.c_str());
  auto got = get.send().wait(io.waitScope);
  EXPECT_EQ(got.getContent().getName(), "big");
  EXPECT_EQ(got.getContent().getSize(), data.size());
  EXPECT_GT(got.getContent().getLife().size(), 0u);
  auto sink = kj::heap<file>();
  auto& back = *sink;
  auto call = s.getReading().downloadRequest();
  call.setContent(id.c_str());
  call.setSink(kj::mv(sink));
  auto sent = call.send().wait(io.waitScope);
  EXPECT_TRUE(back.closed);
  EXPECT_TRUE(back.data == data);
  EXPECT_EQ(sent.getSent(), data.size());
  EXPECT_TRUE(sent.getLocal());
}

TEST_F(remote, what_is_not_there_says_so) {
  remote_client c{io, socket()};
  auto s = login(c);
  auto get = s.getReading().getContentRequest();
  get.setId("nothing");
  EXPECT_EQ(code_of(get.send()), "not-found");
  auto list = s.getReading().listContentsRequest();
  list.initPage().setLimit(0);
  EXPECT_EQ(code_of(list.send()), "invalid-argument");
  auto watch = s.getReading().watchRequest();
  EXPECT_EQ(code_of(watch.send()), "invalid-argument");
  auto wish = s.getStoring().uploadRequest();
  EXPECT_EQ(code_of(wish.send()), "invalid-argument") << "no name";
}

TEST_F(remote, tcp_needs_a_token_and_the_socket_is_its_owners) {
  struct stat about {};
  ASSERT_EQ(::stat(node.node->addresses().at("socket").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  remote_client c{io, tcp()};
  EXPECT_EQ(code_of(c.weir.authenticateRequest().send()), "unauthenticated");
  EXPECT_EQ(code_of(c.weir.pingRequest().send()), "");
  auto s = login(c, token_of("alice"));
  EXPECT_EQ(s.getOwner(), "alice");
  EXPECT_EQ(s.getScopes().size(), 2u);
}

TEST_F(remote, somebody_elses_content_does_not_exist) {
  remote_client c{io, socket()};
  auto id = store(login(c).getStoring(), "mine", "x");
  auto alice = login(c, token_of("alice"));
  auto get = alice.getReading().getContentRequest();
  get.setId(id.c_str());
  EXPECT_EQ(code_of(get.send()), "not-found");
  auto remove = alice.getStoring().removeContentRequest();
  remove.setId(id.c_str());
  EXPECT_EQ(code_of(remove.send()), "not-found");
  auto list = alice.getReading().listContentsRequest();
  EXPECT_EQ(list.send().wait(io.waitScope).getItems().size(), 0u);
}

TEST_F(remote, what_was_removed_is_listed_only_for_who_asks) {
  remote_client c{io, socket()};
  auto s = login(c);
  auto id = store(s.getStoring(), "gone", "x");
  auto remove = s.getStoring().removeContentRequest();
  remove.setId(id.c_str());
  remove.send().wait(io.waitScope);
  auto list = s.getReading().listContentsRequest();
  EXPECT_EQ(list.send().wait(io.waitScope).getItems().size(), 0u);
  auto all = s.getReading().listContentsRequest();
  all.initFilter().setRemoved(true);
  EXPECT_EQ(all.send().wait(io.waitScope).getItems().size(), 1u);
}

/// What names nobody as its owner is the node's.
TEST_F(remote, a_tenant_hears_of_its_own_things_only) {
  auto a = node.post("/ffs/instances", R"({"name":"a"})").json;
  node.post("/ffs/instances", R"({"name":"b"})");
  node.post("/wallets", R"({"name":"nodes"})");
  node.add("the-operators", {{"", "x"}});
  remote_client c{io, socket()};
  auto s = login(c, a["token"].text);
  auto w = kj::heap<recorder>();
  auto& seen = *w;
  auto call = s.getReading().watchRequest();
  call.setFromRevision(0);
  call.initFilter().setRecords(true);
  call.setWatcher(kj::mv(w));
  auto watch = call.send().wait(io.waitScope);
  store(s.getStoring(), "mine", "1");
  seen.until(io, [&] { return seen.saw("content.stored") != 0; });
  EXPECT_EQ(seen.kinds, (std::vector<std::string>{"instance.created", "token.created", "content.stored"}));
}

TEST_F(remote, a_revoked_token_ends_calls_and_watches) {
  remote_client c{io, tcp()};
  auto s = login(c, token_of("short"));
  auto w = kj::heap<recorder>();
  auto& seen = *w;
  auto call = s.getReading().watchRequest();
  call.setWatcher(kj::mv(w));
  auto watch = call.send().wait(io.waitScope);
  EXPECT_EQ(node.call("DELETE", "/api/v1/tokens/short").status, 204);
  EXPECT_EQ(code_of(s.getReading().listContentsRequest().send()), "unauthenticated");
  seen.until(io, [&] { return !seen.end.empty(); });
  EXPECT_EQ(seen.end, "unauthenticated");
}

TEST_F(remote, a_watch_has_no_gap_and_no_repetition) {
  remote_client c{io, socket()};
  auto s = login(c);
  store(s.getStoring(), "one", "1");
  auto w = kj::heap<recorder>();
  auto& seen = *w;
  auto call = s.getReading().watchRequest();
  call.setFromRevision(0);
  call.setWatcher(kj::mv(w));
  auto watch = call.send().wait(io.waitScope);
  store(s.getStoring(), "two", "2");
  seen.until(io, [&] { return seen.saw("content.stored") == 2; });
  for (std::size_t i = 0; i < seen.revisions.size(); ++i) {
    EXPECT_EQ(seen.revisions[i], i + 1);
    EXPECT_EQ(seen.previous[i], i);
  }
}

TEST_F(remote, a_filtered_watch_tells_that_nothing_is_missing) {
  remote_client c{io, socket()};
  auto s = login(c);
  store(s.getStoring(), "one", "1");
  store(s.getStoring(), "two", "2");
  auto w = kj::heap<recorder>();
  auto& seen = *w;
  auto call = s.getReading().watchRequest();
  call.initFilter().initKinds(1).set(0, "content.stored");
  call.setFromRevision(1);
  call.setWatcher(kj::mv(w));
  auto watch = call.send().wait(io.waitScope);
  seen.until(io, [&] { return seen.saw("content.stored") == 2; });
  EXPECT_EQ(seen.previous, (std::vector<std::uint64_t>{1, seen.revisions[0]}));
}

TEST_F(remote, a_watcher_that_does_not_answer_costs_its_window) {
  remote_client c{io, socket()};
  auto s = login(c);
  auto w = kj::heap<recorder>();
  auto& seen = *w;
  seen.stopped = true;
  auto call = s.getReading().watchRequest();
  call.setFromRevision(0);
  call.setWindow(2);
  call.setWatcher(kj::mv(w));
  auto watch = call.send().wait(io.waitScope);
  for (int i = 0; i < 5; ++i)
    store(s.getStoring(), "n" + std::to_string(i), "x");
  EXPECT_EQ(seen.unanswered, 2u);
}

TEST_F(remote, peers_that_misbehave_end_alone) {
  remote_client good{io, socket()};
  auto s = login(good);
  {
    auto raw = io.provider->getNetwork().parseAddress(tcp().c_str()).wait(io.waitScope)->connect().wait(io.waitScope);
    auto junk = some_bytes(100'000);
    (void)kj::runCatchingExceptions([&] { raw->write(junk.data(), junk.size()).wait(io.waitScope); });
  }
  {
    remote_client greedy{io, socket()};
    std::string last;
    for (int i = 0; i < 10'000 && last.empty(); ++i) {
      auto p = greedy.weir.authenticateRequest().send();
      last = code_of(p.then([&](capnp::Response<wire::Weir::AuthenticateResults> r) {
        sessions.push_back(std::make_unique<capnp::Response<wire::Weir::AuthenticateResults>>(kj::mv(r)));
      }));
    }
    EXPECT_EQ(last, "overloaded");
    sessions.erase(sessions.begin() + 1, sessions.end());
  }
  {
    remote_client leaves{io, socket()};
    auto wish = login(leaves).getStoring().uploadRequest();
    wish.initWish().setName("half");
    auto sink = wish.send().getUpload().fileRequest().send().getSink();
    auto call = sink.writeRequest();
    call.initData(300'000);
    call.send().wait(io.waitScope);
    sessions.erase(sessions.begin() + 1, sessions.end());
  }
  EXPECT_EQ(code_of(s.getReading().listContentsRequest().send()), "");
}

TEST_F(remote, files_of_an_upload_count_as_capabilities) {
  remote_client c{io, socket()};
  auto s = login(c);
  auto wish = s.getStoring().uploadRequest();
  wish.initWish().setName("many");
  auto upload = wish.send().wait(io.waitScope).getUpload();
  while (code_of(c.weir.authenticateRequest().send().then([&](capnp::Response<wire::Weir::AuthenticateResults> r) {
           sessions.push_back(std::make_unique<capnp::Response<wire::Weir::AuthenticateResults>>(kj::mv(r)));
         }))
         != "overloaded")
    ;
  std::vector<capnp::Response<wire::Upload::FileResults>> held;
  auto file = [&] {
    auto call = upload.fileRequest();
    call.setPath(std::to_string(held.size()).c_str());
    return code_of(call.send().then([&](capnp::Response<wire::Upload::FileResults> r) { held.push_back(kj::mv(r)); }));
  };
  std::string last;
  while (held.size() < 10 && last.empty())
    last = file(); // what a session would not fit into
  EXPECT_EQ(last, "overloaded");
  sessions.erase(sessions.begin() + 1, sessions.end());
  EXPECT_EQ(file(), "") << "and the refused one holds no place";
}

TEST_F(remote, a_file_is_closed_once) {
  remote_client c{io, socket()};
  auto wish = login(c).getStoring().uploadRequest();
  wish.initWish().setName("once");
  auto upload = wish.send().getUpload();
  auto sink = upload.fileRequest().send().getSink();
  auto call = sink.writeRequest();
  call.initData(3'000'000);
  call.send().wait(io.waitScope);
  auto first = sink.closeRequest().send();
  auto second = sink.closeRequest().send();
  EXPECT_EQ(code_of(second.ignoreResult()), "precondition");
  EXPECT_EQ(first.wait(io.waitScope).getSize(), 3'000'000u);
}

TEST_F(remote, stops_in_time_with_live_connections_and_a_client_resumes) {
  remote_client c{io, socket()};
  auto s = login(c);
  auto w = kj::heap<recorder>();
  auto& seen = *w;
  auto call = s.getReading().watchRequest();
  call.setWatcher(kj::mv(w));
  auto watch = call.send().wait(io.waitScope);
  auto first = store(s.getStoring(), "before", "1");
  seen.until(io, [&] { return seen.saw("content.stored"); });
  auto last = seen.revisions.back();
  auto begin = std::chrono::steady_clock::now();
  node.node->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{2});
  EXPECT_EQ(code_of(c.rpc.onDisconnect()), "");
  node.node.reset();
  auto again = runtime::start(node.options);
  ASSERT_TRUE(again) << to_string(again.error());
  node.node = std::move(*again);
  remote_client c2{io, socket()};
  auto s2 = login(c2);
  store(s2.getStoring(), "after", "2");
  auto w2 = kj::heap<recorder>();
  auto& later = *w2;
  auto resume = s2.getReading().watchRequest();
  resume.setFromRevision(last);
  resume.setWatcher(kj::mv(w2));
  auto watch2 = resume.send().wait(io.waitScope);
  later.until(io, [&] { return later.saw("content.stored"); });
  EXPECT_EQ(later.revisions.front(), last + 1) << "nothing is missed or repeated";
  EXPECT_EQ(later.previous.front(), last);
}

} // namespace
} // namespace weir
