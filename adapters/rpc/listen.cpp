#include "adapters/rpc/listen.hpp"

#include "storage/support/file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace weir::rpc {

namespace {

constexpr int backlog = 128;

error refused(const std::string& what) {
  return fail(errno == EADDRINUSE ? errc::already_exists : errc::io,
              std::string{"The RPC listener cannot be opened: "} + std::strerror(errno) + ".", what);
}

/// Paths of sockets are short: the folder goes by its descriptor.
status bind_in_folder(int fd, const std::filesystem::path& path) {
  int folder = ::open(path.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0)
    return refused(path);
  ::unlinkat(folder, path.filename().c_str(), 0);
  sockaddr_un where{};
  where.sun_family = AF_UNIX;
  auto name = "/proc/self/fd/" + std::to_string(folder) + "/" + path.filename().string();
  std::strncpy(where.sun_path, name.c_str(), sizeof(where.sun_path) - 1);
  // The mode of the socket becomes that of the file: nobody can come in between.
  bool good = ::fchmod(fd, 0600) == 0 && ::bind(fd, reinterpret_cast<sockaddr*>(&where), sizeof(where)) == 0
              && ::listen(fd, backlog) == 0;
  auto why = good ? status{} : status{refused(path)};
  ::close(folder);
  return why;
}

result<std::string> pem(const std::string& file) {
  auto text = read_small_file(file);
  if (!text)
    return fail(errc::invalid_argument, "The certificate or key cannot be read: " + text.error().message, file);
  return *std::move(text);
}

} // namespace

result<kj::Own<kj::ConnectionReceiver>> listen_unix(kj::AsyncIoContext& io, const std::filesystem::path& path) {
  int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0)
    return refused(path);
  if (auto bound = bind_in_folder(fd, path); !bound) {
    ::close(fd);
    return bound.error();
  }
  using provider = kj::LowLevelAsyncIoProvider;
  return io.lowLevelProvider->wrapListenSocketFd(fd, provider::TAKE_OWNERSHIP | provider::ALREADY_CLOEXEC
                                                         | provider::ALREADY_NONBLOCK);
}

result<kj::Own<kj::ConnectionReceiver>> listen_tcp(kj::AsyncIoContext& io, const std::string& host,
                                                   std::uint16_t port) {
  result<kj::Own<kj::ConnectionReceiver>> out = fail(errc::internal);
  auto problem = kj::runCatchingExceptions([&] {
    auto address = io.provider->getNetwork().parseAddress(host.c_str(), port).wait(io.waitScope);
    out = address->listen();
  });
  KJ_IF_MAYBE (e, problem)
    return fail(errc::already_exists, std::string{"The RPC listener cannot be opened: "} + e->getDescription().cStr(),
                host + ":" + std::to_string(port));
  return out;
}

result<kj::Own<kj::TlsContext>> make_tls(const server_options& o, kj::Timer& timer) {
  WEIR_TRY(auto certificate, pem(o.certificate));
  WEIR_TRY(auto key, pem(o.key));
  result<kj::Own<kj::TlsContext>> out = fail(errc::internal);
  auto problem = kj::runCatchingExceptions([&] {
    kj::TlsKeypair pair{kj::TlsPrivateKey{kj::StringPtr{key.c_str()}},
                        kj::TlsCertificate{kj::StringPtr{certificate.c_str()}}};
    kj::TlsContext::Options options;
    options.defaultKeypair = pair;
    options.timer = timer;
    options.acceptTimeout = 10 * kj::SECONDS;
    out = kj::heap<kj::TlsContext>(options);
  });
  if (problem != nullptr) // its words may hold parts of the key
    return fail(errc::invalid_argument, "The certificate and key are not a pair of PEM files.", o.certificate);
  return out;
}

} // namespace weir::rpc
