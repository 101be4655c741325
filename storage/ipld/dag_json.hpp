#pragma once
// DAG-JSON (https://ipld.io/specs/codecs/dag-json/spec/). Written without
// white space and with sorted keys; links are {"/": "<cid>"}, bytes
// {"/": {"bytes": "<base64 without padding>"}}. Refused when read: keys twice,
// other uses of a lone key "/", integers beyond 64 bits, text that is not
// UTF-8, lone surrogates, anything after the value, more than `max_depth` levels.
#include "messages/types/result.hpp"
#include "storage/ipld/value.hpp"

#include <string>

namespace weir::ipld {

/// errc::malformed names the offset. White space and any order of keys are accepted.
result<value> decode_dag_json(std::string_view text);

/// errc::invalid_argument: NaN, an infinity, a key twice, a map that would read back as a link.
result<std::string> encode_dag_json(const value& v);

} // namespace weir::ipld
