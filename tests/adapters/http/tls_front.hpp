#pragma once
// Ends TLS before a plain server on loopback, as an operator's proxy does:
// one thread, one connection at a time, a certificate of its own.
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>

namespace weir::test {

class tls_front {
public:
  /// The certificate goes to `folder`/cert.pem, for 127.0.0.1 and localhost.
  tls_front(std::uint16_t plain_port, const std::filesystem::path& folder);
  ~tls_front();
  std::uint16_t port() const { return port_; }

private:
  void serve();
  void relay(int client);
  struct context;
  context* context_;
  int listener_;
  std::uint16_t plain_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

} // namespace weir::test
