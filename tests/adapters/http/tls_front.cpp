#include "tests/adapters/http/tls_front.hpp"

#include "tests/support/certificate.hpp"

#include <arpa/inet.h>
#include <cstdio>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace weir::test {

struct tls_front::context {
  SSL_CTX* ssl = SSL_CTX_new(TLS_server_method());
  certificate own;

  explicit context(const std::filesystem::path& folder) : own{folder} {
    SSL_CTX_use_certificate(ssl, own.get());
    SSL_CTX_use_PrivateKey(ssl, own.key());
  }
  ~context() { SSL_CTX_free(ssl); }
};

namespace {

int socket_at(std::uint16_t port, bool listening) {
  int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* general = reinterpret_cast<sockaddr*>(&address);
  if (listening)
    ::bind(fd, general, sizeof address), ::listen(fd, 16);
  else
    ::connect(fd, general, sizeof address);
  return fd;
}

bool send_all(int fd, const char* data, int size) {
  while (size > 0) {
    auto sent = ::send(fd, data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (sent <= 0)
      return false;
    data += sent;
    size -= static_cast<int>(sent);
  }
  return true;
}

} // namespace

tls_front::tls_front(std::uint16_t plain_port, const std::filesystem::path& folder)
    : context_{new context{folder}}, listener_{socket_at(0, true)}, plain_{plain_port} {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread{[this] { serve(); }};
}

tls_front::~tls_front() {
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
  delete context_;
}

void tls_front::serve() {
  for (int client = 0; (client = ::accept(listener_, nullptr, nullptr)) >= 0;) {
    relay(client);
    ::close(client);
  }
}

void tls_front::relay(int client) {
  auto* tls = SSL_new(context_->ssl);
  SSL_set_fd(tls, client);
  int plain = socket_at(plain_, false);
  char buffer[16384];
  bool open = SSL_accept(tls) == 1;
  while (open) {
    pollfd ready[3] = {{client, POLLIN, 0}, {plain, POLLIN, 0}, {listener_, POLLHUP, 0}};
    if (SSL_pending(tls) == 0)
      ::poll(ready, 3, -1);
    if (ready[2].revents != 0 && (ready[2].revents & POLLIN) == 0)
      break; // the test is over
    if (SSL_pending(tls) > 0 || ready[0].revents != 0) {
      int got = SSL_read(tls, buffer, sizeof buffer);
      open = got > 0 && send_all(plain, buffer, got);
    }
    if (open && ready[1].revents != 0) {
      auto got = ::recv(plain, buffer, sizeof buffer, 0);
      open = got > 0 && SSL_write(tls, buffer, static_cast<int>(got)) > 0;
    }
  }
  ::close(plain);
  SSL_free(tls);
}

} // namespace weir::test
