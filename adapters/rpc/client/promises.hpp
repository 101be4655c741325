#pragma once
// weir_client for programs with a KJ loop: the connection, and the streams that
// take more than one call. Everything else is the schema's own classes
// (weir::wire), whose calls give promises:
//
//   auto c = client::connect(io, where).wait(io.waitScope);
//   auto session = client::login(*c).wait(io.waitScope);
//   auto content = client::store_file(io, session.getStoring(), "film.mp4", {}).wait(…);
#include "adapters/rpc/client/client.hpp"
#include "messages/rpc/weir.capnp.h"

#include <capnp/rpc-twoparty.h>
#include <kj/async-io.h>

namespace weir::client {

class connection {
public:
  connection(kj::Own<kj::AsyncIoStream> stream, std::string token);
  wire::Weir::Client weir() { return weir_; }
  const std::string& token() const { return token_; }
  kj::Promise<void> on_disconnect() { return rpc_.onDisconnect(); }

private:
  kj::Own<kj::AsyncIoStream> stream_;
  capnp::TwoPartyClient rpc_;
  wire::Weir::Client weir_;
  std::string token_;
};

kj::Promise<kj::Own<connection>> connect(kj::AsyncIoContext& io, const endpoint& where);
kj::Promise<capnp::Response<wire::Weir::AuthenticateResults>> login(connection& c);

/// Fills the buffer; 0 is the end. Exceptions end the upload.
using byte_source = std::function<std::size_t(std::span<std::uint8_t>)>;
/// Sends all of it with flow control and closes the file.
kj::Promise<void> send_file(wire::FileSink::Client sink, byte_source source);
/// A file, or a folder with all that is in it, as one content.
kj::Promise<capnp::Response<wire::Upload::CommitResults>>
store_file(wire::Storing::Client storing, const std::filesystem::path& file, const upload_wish& wish);
/// A sink for `Reading.download`; `closed` says whether the node had sent all.
kj::Own<wire::ByteSink::Server> sink_into(std::function<status(bytes_view)> take, std::shared_ptr<bool> closed);

content read_content(wire::Content::Reader from);
transaction read_transaction(wire::Transaction::Reader from);

} // namespace weir::client
