#include "tests/adapters/http/tls_front.hpp"

#include <arpa/inet.h>
#include <cstdio>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace weir::test {

struct tls_front::context {
  SSL_CTX* ssl = SSL_CTX_new(TLS_server_method());
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();

  explicit context(const std::string& file) {
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_set_version(certificate, 2);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    auto* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("weir test"), -1, -1,
                               0);
    X509_set_issuer_name(certificate, name);
    for (auto [what, value] :
         {std::pair{NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost"}, std::pair{NID_basic_constraints, "CA:TRUE"}}) {
      auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value);
      X509_add_ext(certificate, extension, -1);
      X509_EXTENSION_free(extension);
    }
    X509_sign(certificate, key, EVP_sha256());
    SSL_CTX_use_certificate(ssl, certificate);
    SSL_CTX_use_PrivateKey(ssl, key);
    auto* out = std::fopen(file.c_str(), "w");
    PEM_write_X509(out, certificate);
    std::fclose(out);
  }
  ~context() {
    X509_free(certificate);
    EVP_PKEY_free(key);
    SSL_CTX_free(ssl);
  }
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
    : context_{new context{(folder / "cert.pem").string()}}, listener_{socket_at(0, true)}, plain_{plain_port} {
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
