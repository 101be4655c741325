#pragma once
// A running node and a client of its remote API on a KJ loop of the test.
#include "messages/rpc/weir.capnp.h"
#include "tests/node/runtime/node_fixture.hpp"

#include <capnp/rpc-twoparty.h>
#include <kj/async-io.h>

#include <algorithm>
#include <string_view>

namespace weir::test {

struct remote_client {
  explicit remote_client(kj::AsyncIoContext& io, const std::string& address)
      : stream{io.provider->getNetwork()
                   .parseAddress(address.c_str())
                   .wait(io.waitScope)
                   ->connect()
                   .wait(io.waitScope)},
        rpc{*stream}, weir{rpc.bootstrap().castAs<wire::Weir>()} {}
  kj::Own<kj::AsyncIoStream> stream;
  capnp::TwoPartyClient rpc;
  wire::Weir::Client weir;
};

struct remote_test : testing::Test {
  ~remote_test() noexcept override {}
  temp_dir folder;
  running_node node{folder.path()};
  kj::AsyncIoContext io = kj::setupAsyncIo();

  std::string socket() const { return "unix:" + node.node->addresses().at("socket"); }
  std::string tcp() const { return node.node->addresses().at("capnp"); }
  wire::Session::Reader login(remote_client& c, const std::string& token = {}) {
    auto call = c.weir.authenticateRequest();
    call.setToken(token.c_str());
    sessions.push_back(
        std::make_unique<capnp::Response<wire::Weir::AuthenticateResults>>(call.send().wait(io.waitScope)));
    return sessions.back()->getSession();
  }
  std::string token_of(const std::string& name) {
    return node.post("/tokens", "{\"name\":\"" + name + "\"}").json["token"].text;
  }
  /// The code of the error that the call ends with; "" when it succeeds.
  template <class Promise>
  std::string code_of(Promise promise) {
    std::string code;
    auto e = kj::runCatchingExceptions([&] { promise.wait(io.waitScope); });
    KJ_IF_MAYBE (problem, e) {
      code = problem->getDescription().cStr();
      constexpr std::string_view prefix{"remote exception: "};
      if (code.starts_with(prefix))
        code.erase(0, prefix.size());
      code.resize(std::min(code.size(), code.find(':')));
    }
    return code;
  }
  /// One content of one file; its id.
  std::string store(wire::Storing::Client storing, const std::string& name, const std::string& data) {
    auto wish = storing.uploadRequest();
    wish.initWish().setName(name.c_str());
    auto upload = wish.send().getUpload();
    auto sink = upload.fileRequest().send().getSink();
    for (std::size_t at = 0; at < data.size(); at += 300'000) {
      auto part = std::min<std::size_t>(300'000, data.size() - at);
      auto call = sink.writeRequest();
      call.setData({reinterpret_cast<const kj::byte*>(data.data()) + at, part});
      call.send().wait(io.waitScope);
    }
    EXPECT_EQ(sink.closeRequest().send().wait(io.waitScope).getSize(), data.size());
    return upload.commitRequest().send().wait(io.waitScope).getContent().getId().cStr();
  }

  std::vector<std::unique_ptr<capnp::Response<wire::Weir::AuthenticateResults>>> sessions;
};

/// What a watcher of a test is told wakes the test.
struct wakes_test {
  kj::Own<kj::PromiseFulfiller<void>> news;

  void tell() {
    if (news.get() != nullptr)
      news->fulfill();
  }
  /// Until it holds.
  template <class F>
  void until(kj::AsyncIoContext& io, F holds) {
    while (!holds()) {
      auto pair = kj::newPromiseAndFulfiller<void>();
      news = kj::mv(pair.fulfiller);
      pair.promise.wait(io.waitScope);
    }
  }
};

/// Keeps what it is told; holds its answers back while `stopped`.
struct recorder final : wire::Watcher::Server, wakes_test {
  std::vector<std::uint64_t> revisions, previous;
  std::vector<std::string> kinds;
  std::string end;
  bool stopped = false;
  std::size_t unanswered = 0;

  kj::Promise<void> changed(ChangedContext c) override {
    auto t = c.getParams().getTransaction();
    revisions.push_back(t.getRevision());
    previous.push_back(t.getPrevious());
    for (auto e : t.getEvents())
      kinds.push_back(e.getKind().cStr());
    tell();
    if (!stopped)
      return kj::READY_NOW;
    ++unanswered;
    return kj::NEVER_DONE;
  }
  kj::Promise<void> ended(EndedContext c) override {
    end = c.getParams().getProblem().getCode().cStr();
    tell();
    return kj::READY_NOW;
  }
  /// How often; other events may have come in the same turn, so that looking at the last one is not enough.
  auto saw(std::string_view kind) const { return std::count(kinds.begin(), kinds.end(), kind); }
};

} // namespace weir::test
