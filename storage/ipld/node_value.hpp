#pragma once
// Any block as a value of the IPLD data model, as `ipfs dag get` shows it:
// raw bytes, DAG-PB as {Data, Links: [{Hash, Name, Tsize}]} (the form of
// https://ipld.io/specs/codecs/dag-pb/spec/#logical-format), DAG-CBOR.
#include "messages/types/cid.hpp"
#include "storage/ipld/value.hpp"

namespace weir::ipld {

/// errc::malformed; errc::unsupported for other codecs.
result<value> decode_node(const cid& id, bytes_view block);

} // namespace weir::ipld
