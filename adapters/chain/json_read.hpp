#pragma once
// Strict reading of Lotus' JSON shapes (filecoin.md 4.1): amounts are decimal
// strings, CIDs {"/": "…"}, bytes padded base64, absent lists null. What does
// not fit throws `bad_json`, which `decoding` turns into errc::protocol, so
// that it never leaves this room.
#include "messages/types/address.hpp"
#include "messages/types/cid.hpp"
#include "messages/types/ids.hpp"
#include "messages/types/token_amount.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <memory>
#include <string>

namespace weir::lotus {

using nlohmann::json;
/// A parsed answer that several may look at.
using json_ptr = std::shared_ptr<const json>;

struct bad_json {
  std::string why;
};

const json& member(const json& object, const char* name);
/// Null when the member is missing or null.
const json* optional_member(const json& object, const char* name);
/// Of an array; nothing to do for null.
void for_each(const json& array, const std::function<void(const json&)>& what);

std::string read_text(const json& j);
std::uint64_t read_uint(const json& j);
std::int64_t read_int(const json& j);
bool read_bool(const json& j);
epoch read_epoch(const json& j);
token_amount read_amount(const json& j);
address read_address(const json& j);
cid read_cid(const json& j);
/// Null is empty.
bytes read_base64(const json& j);

/// At most so many characters, nothing but printable ones: for words of a
/// stranger in our errors.
std::string printable(std::string_view text, std::size_t limit = 500);

error bad_answer(const std::string& why);

/// Calls `read` and turns `bad_json` into errc::protocol.
template <class Read>
auto decoding(Read read) -> result<decltype(read())> {
  try {
    return read();
  } catch (const bad_json& e) {
    return bad_answer(e.why);
  }
}

} // namespace weir::lotus
