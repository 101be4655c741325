#include "adapters/rpc/client/promises.hpp"

#include "adapters/rpc/errors.hpp"

#include <cstdio>
#include <fstream>
#include <kj/compat/tls.h>
#include <sstream>

namespace weir::client {

namespace {

constexpr std::size_t part_size = 256 << 10;

std::string text(capnp::Text::Reader from) {
  return {from.cStr(), from.size()};
}

std::string read_text(const std::string& file) {
  std::ifstream in{file, std::ios::binary};
  std::ostringstream out;
  out << in.rdbuf();
  if (!in)
    kj::throwFatalException(rpc::to_exception(fail(errc::invalid_argument, "The certificates cannot be read.", file)));
  return out.str();
}

/// The TLS context lives as long as the promise.
kj::Promise<kj::Own<kj::AsyncIoStream>> secure(kj::Own<kj::AsyncIoStream> stream, const endpoint& where) {
  kj::TlsContext::Options options;
  std::string pem = where.ca_file.empty() ? std::string{} : read_text(where.ca_file);
  kj::Vector<kj::TlsCertificate> trusted;
  if (!pem.empty()) {
    trusted.add(kj::TlsCertificate{kj::StringPtr{pem.c_str(), pem.size()}});
    options.useSystemTrustStore = false;
    options.trustedCertificates = trusted.asPtr();
  }
  auto context = kj::heap<kj::TlsContext>(kj::mv(options));
  auto host = where.server_name.empty() ? where.address.substr(0, where.address.rfind(':')) : where.server_name;
  auto wrapped = context->wrapClient(kj::mv(stream), host.c_str());
  return wrapped.attach(kj::mv(context), kj::heapString(host.c_str(), host.size()));
}

struct file_source {
  std::ifstream in;
  std::string name;

  std::size_t operator()(std::span<std::uint8_t> into) {
    in.read(reinterpret_cast<char*>(into.data()), static_cast<std::streamsize>(into.size()));
    if (in.bad())
      kj::throwFatalException(rpc::to_exception(fail(errc::io, "The file cannot be read to its end.", name)));
    return static_cast<std::size_t>(in.gcount());
  }
};

byte_source source_of(const std::filesystem::path& file) {
  auto out = std::make_shared<file_source>();
  out->name = file;
  out->in.open(file, std::ios::binary);
  if (!out->in)
    kj::throwFatalException(rpc::to_exception(fail(errc::not_found, "The file cannot be opened.", out->name)));
  return [out](std::span<std::uint8_t> into) { return (*out)(into); };
}

/// What one upload consists of: paths in the content, and where their bytes are.
std::vector<std::pair<std::string, std::filesystem::path>> files_of(const std::filesystem::path& file) {
  std::vector<std::pair<std::string, std::filesystem::path>> out;
  if (!std::filesystem::is_directory(file)) {
    out.emplace_back("", file);
    return out;
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator{file})
    out.emplace_back(entry.path().lexically_relative(file).generic_string(), entry.path());
  return out;
}

kj::Promise<void> put(wire::Upload::Client upload, const std::string& path, const std::filesystem::path& from) {
  if (std::filesystem::is_symlink(from)) {
    auto call = upload.symlinkRequest();
    call.setPath(path.c_str());
    call.setTarget(std::filesystem::read_symlink(from).c_str());
    return call.send().ignoreResult();
  }
  if (std::filesystem::is_directory(from)) {
    auto call = upload.folderRequest();
    call.setPath(path.c_str());
    return call.send().ignoreResult();
  }
  auto call = upload.fileRequest();
  call.setPath(path.c_str());
  return send_file(call.send().getSink(), source_of(from));
}

/// One after the other.
kj::Promise<void> put_all(wire::Upload::Client upload,
                          std::shared_ptr<std::vector<std::pair<std::string, std::filesystem::path>>> files,
                          std::size_t at) {
  if (at == files->size())
    return kj::READY_NOW;
  return put(upload, (*files)[at].first, (*files)[at].second).then([upload, files, at]() mutable {
    return put_all(kj::mv(upload), files, at + 1);
  });
}

struct sink final : wire::ByteSink::Server {
  std::function<status(bytes_view)> take;
  std::shared_ptr<bool> closed;

  kj::Promise<void> write(WriteContext c) override {
    auto data = c.getParams().getData();
    return rpc::answered(take({data.begin(), data.size()}));
  }
  kj::Promise<void> close(CloseContext) override {
    *closed = true;
    return kj::READY_NOW;
  }
};

} // namespace

connection::connection(kj::Own<kj::AsyncIoStream> stream, std::string token)
    : stream_{kj::mv(stream)}, rpc_{*stream_}, weir_{rpc_.bootstrap().castAs<wire::Weir>()}, token_{std::move(token)} {}

kj::Promise<kj::Own<connection>> connect(kj::AsyncIoContext& io, const endpoint& where) {
  auto limit = where.connect_timeout.count() * kj::MILLISECONDS;
  auto opened = io.provider->getNetwork().parseAddress(where.address.c_str()).then([](kj::Own<kj::NetworkAddress> at) {
    auto stream = at->connect();
    return stream.attach(kj::mv(at));
  });
  if (where.tls)
    opened = opened.then([where](kj::Own<kj::AsyncIoStream> s) { return secure(kj::mv(s), where); });
  return io.provider->getTimer()
      .timeoutAfter(limit, kj::mv(opened))
      .then([token = where.token](kj::Own<kj::AsyncIoStream> s) { return kj::heap<connection>(kj::mv(s), token); });
}

kj::Promise<capnp::Response<wire::Weir::AuthenticateResults>> login(connection& c) {
  auto call = c.weir().authenticateRequest();
  call.setToken(c.token().c_str());
  return call.send();
}

kj::Promise<void> send_file(wire::FileSink::Client sink, byte_source source) {
  // The request's own memory is read into: a part is copied once, by the kernel.
  auto call = sink.writeRequest(capnp::MessageSize{part_size / 8 + 16, 0});
  auto data = call.initData(part_size);
  auto size = source({data.begin(), data.size()});
  if (size == 0)
    return sink.closeRequest().send().ignoreResult();
  if (size < part_size) {
    auto last = sink.writeRequest();
    last.setData({data.begin(), size});
    return last.send().then([sink, source]() mutable { return send_file(kj::mv(sink), std::move(source)); });
  }
  return call.send().then([sink, source]() mutable { return send_file(kj::mv(sink), std::move(source)); });
}

kj::Promise<capnp::Response<wire::Upload::CommitResults>>
store_file(wire::Storing::Client storing, const std::filesystem::path& file, const upload_wish& wish) {
  auto call = storing.uploadRequest();
  auto w = call.initWish();
  auto name = wish.name.empty() ? file.filename().string() : wish.name;
  w.setName(name.c_str());
  w.setBucket(wish.bucket.c_str());
  w.setCopies(wish.copies);
  w.setMayBeDropped(wish.may_be_dropped);
  auto upload = call.send().getUpload();
  auto files = std::make_shared<std::vector<std::pair<std::string, std::filesystem::path>>>(files_of(file));
  return put_all(upload, files, 0).then([upload]() mutable { return upload.commitRequest().send(); });
}

kj::Own<wire::ByteSink::Server> sink_into(std::function<status(bytes_view)> take, std::shared_ptr<bool> closed) {
  auto out = kj::heap<sink>();
  out->take = std::move(take);
  out->closed = std::move(closed);
  return out;
}

content read_content(wire::Content::Reader from) {
  content out{text(from.getId()),     text(from.getName()), text(from.getCid()), {},
              text(from.getBucket()), from.getSize(),       from.getCopies(),    from.getLocal()};
  constexpr const char* states[] = {"stored", "in_bucket", "packed", "proposed", "published",
                                    "active", "degraded",  "failed", "removed"};
  auto state = static_cast<std::size_t>(from.getState());
  out.state = state < std::size(states) ? states[state] : "unknown";
  return out;
}

transaction read_transaction(wire::Transaction::Reader from) {
  transaction out{from.getRevision(), from.getPrevious(), from.getTime(), {}};
  for (auto e : from.getEvents())
    out.events.push_back({text(e.getKind()), text(e.getSubject()), text(e.getOwner())});
  return out;
}

} // namespace weir::client
