#pragma once
// A connection whose requests wait while its answers pile up: a peer that
// sends and never reads is stopped by its own socket, not by our memory.
#include <functional>
#include <kj/async-io.h>

namespace weir::rpc {

class paced_stream final : public kj::AsyncIoStream {
public:
  explicit paced_stream(kj::Own<kj::AsyncIoStream> inner) : inner_{kj::mv(inner)} {}
  /// Nothing is read while it is true; looked at again after each write.
  void pause_while(std::function<bool()> crowded) { crowded_ = std::move(crowded); }

  kj::Promise<size_t> read(void* buffer, size_t least, size_t most) override {
    return gate().then([this, buffer, least, most] { return inner_->read(buffer, least, most); });
  }
  kj::Promise<size_t> tryRead(void* buffer, size_t least, size_t most) override {
    if (!crowded_ || !crowded_())
      return inner_->tryRead(buffer, least, most);
    return gate().then([this, buffer, least, most] { return inner_->tryRead(buffer, least, most); });
  }
  kj::Promise<void> write(const void* buffer, size_t size) override {
    return inner_->write(buffer, size).then([this] { wrote(); });
  }
  kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override {
    return inner_->write(pieces).then([this] { wrote(); });
  }
  kj::Promise<void> whenWriteDisconnected() override { return inner_->whenWriteDisconnected(); }
  void shutdownWrite() override { inner_->shutdownWrite(); }
  void abortRead() override { inner_->abortRead(); }
  void getsockopt(int level, int option, void* value, kj::uint* length) override {
    inner_->getsockopt(level, option, value, length);
  }
  void setsockopt(int level, int option, const void* value, kj::uint length) override {
    inner_->setsockopt(level, option, value, length);
  }

private:
  kj::Promise<void> gate() {
    if (!crowded_ || !crowded_())
      return kj::READY_NOW;
    auto pair = kj::newPromiseAndFulfiller<void>();
    waiting_ = kj::mv(pair.fulfiller);
    return kj::mv(pair.promise);
  }
  void wrote() {
    if (waiting_.get() == nullptr || crowded_())
      return;
    auto go = kj::mv(waiting_);
    go->fulfill();
  }

  kj::Own<kj::AsyncIoStream> inner_;
  std::function<bool()> crowded_;
  kj::Own<kj::PromiseFulfiller<void>> waiting_;
};

} // namespace weir::rpc
