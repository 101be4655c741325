#pragma once
// DAG-CBOR (https://ipld.io/specs/codecs/dag-cbor/spec/), strict both ways:
// one encoding for each value. Refused: indefinite lengths, lengths and
// integers that are not in their shortest form, tags other than 42, floats of
// other than 64 bits, NaN and infinities, undefined, keys that are not text,
// not sorted (by length, then bytes) or twice, text that is not UTF-8,
// anything after the value, more than `max_depth` levels.
#include "messages/types/result.hpp"
#include "storage/ipld/value.hpp"

#include <functional>

namespace weir::ipld {

/// errc::malformed names the offset.
result<value> decode_dag_cbor(bytes_view data);

/// Sorts the keys itself. errc::invalid_argument: NaN, an infinity, a key twice.
result<bytes> encode_dag_cbor(const value& v);

/// The links of a block, in order.
status dag_cbor_links(bytes_view data, const std::function<void(const cid&)>& found);

} // namespace weir::ipld
