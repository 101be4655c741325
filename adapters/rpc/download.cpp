#include "adapters/rpc/download.hpp"

#include <caf/send.hpp>

namespace weir::rpc {

namespace {

constexpr std::uint32_t chunk_size = 512 << 10;

wire::EntryType type_of(directory_entry::kind k) {
  switch (k) {
  case directory_entry::kind::directory:
    return wire::EntryType::DIRECTORY;
  case directory_entry::kind::symlink:
    return wire::EntryType::SYMLINK;
  default:
    return wire::EntryType::FILE;
  }
}

class sender {
public:
  sender(session_ptr s, read_ticket t, std::uint64_t begin, std::uint64_t end, wire::ByteSink::Client sink)
      : session_{std::move(s)}, read_{t.read}, at_{begin}, end_{end}, sink_{kj::mv(sink)},
        counted_{counter(session_->books(), &connection_books::downloads)} {}
  ~sender() { caf::anon_send(session_->world().retriever, close_read{read_}); }

  kj::Promise<void> step() {
    if (auto good = session_->valid(); !good)
      return to_exception(good.error());
    if (at_ >= end_)
      return sink_.closeRequest().send().ignoreResult();
    auto length = static_cast<std::uint32_t>(std::min<std::uint64_t>(chunk_size, end_ - at_));
    return ask<chunk>(session_->node(), session_->world().retriever, slow_time, read_bytes{read_, at_, length})
        .then([this](chunk data) -> kj::Promise<void> {
          if (!data || data->empty())
            return to_exception(fail(errc::corrupt, "The file ends before its size."));
          at_ += data->size();
          auto call = sink_.writeRequest(capnp::MessageSize{data->size() / 8 + 16, 0});
          call.setData(kj::arrayPtr(data->data(), data->size()));
          return call.send().then([this] { return step(); });
        });
  }

private:
  session_ptr session_;
  std::uint64_t read_;
  std::uint64_t at_;
  std::uint64_t end_;
  wire::ByteSink::Client sink_;
  counted counted_;
};

/// The range that was asked for; errc::invalid_range, errc::invalid_path.
result<std::uint64_t> end_of(const read_ticket& t, const std::string& path, std::uint64_t offset,
                             std::uint64_t length) {
  if (t.entry.type == directory_entry::kind::directory)
    return fail(errc::invalid_path, "This is a folder; name a file inside it.", path);
  if (offset > t.entry.size)
    return fail(errc::invalid_range, "The range begins behind the end.", std::to_string(offset),
                std::to_string(t.entry.size));
  auto rest = t.entry.size - offset;
  return offset + (length == 0 ? rest : std::min(length, rest));
}

template <class Call>
kj::Promise<void> run(session_ptr s, open_read wanted, Call c) {
  if (s->books()->downloads >= max_downloads)
    return to_exception(fail(errc::overloaded, "This connection has too many downloads.",
                             std::to_string(s->books()->downloads), std::to_string(max_downloads)));
  auto& node = s->node();
  return ask<read_ticket>(node, node.node.retriever, slow_time, std::move(wanted))
      .then([s, c](read_ticket t) mutable -> kj::Promise<void> {
        auto p = c.getParams();
        auto end = end_of(t, text(p.getPath()), p.getOffset(), p.getLength());
        auto sends = kj::heap<sender>(s, t, p.getOffset(), end ? *end : 0, p.getSink());
        if (!end)
          return to_exception(end.error());
        auto to = c.getResults();
        auto entry = to.initEntry();
        entry.setName(t.entry.name.c_str());
        entry.setType(type_of(t.entry.type));
        entry.setSize(t.entry.size);
        entry.setCid(t.entry.cid.text().c_str());
        if constexpr (requires { to.setLocal(true); })
          to.setLocal(t.local);
        to.setSent(*end - p.getOffset());
        auto& sending = *sends;
        return sending.step().attach(kj::mv(sends));
      });
}

} // namespace

kj::Promise<void> send_file(session_ptr s, open_read wanted, download_call c) {
  return run(std::move(s), std::move(wanted), c);
}
kj::Promise<void> send_file(session_ptr s, open_read wanted, hot_download_call c) {
  return run(std::move(s), std::move(wanted), c);
}

} // namespace weir::rpc
