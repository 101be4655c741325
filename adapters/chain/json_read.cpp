#include "adapters/chain/json_read.hpp"

#include "messages/types/base64.hpp"
#include "storage/filecoin/address_text.hpp"

#include <nlohmann/json.hpp>

#include <limits>

namespace weir::lotus {

namespace {

/// The value, or `bad_json` with the reason and the offending JSON.
template <class T>
T need(result<T> r, const json& from) {
  if (!r)
    throw bad_json{r.error().message + ": "
                   + printable(from.dump(-1, ' ', false, json::error_handler_t::replace), 100)};
  return *std::move(r);
}

[[noreturn]] void expected(const char* what, const json& got) {
  throw bad_json{std::string{what} + " was expected, got "
                 + printable(got.dump(-1, ' ', false, json::error_handler_t::replace), 100)};
}

} // namespace

const json& member(const json& object, const char* name) {
  if (!object.is_object())
    expected("an object", object);
  auto found = object.find(name);
  if (found == object.end())
    throw bad_json{std::string{"the member "} + name + " is missing"};
  return *found;
}

const json* optional_member(const json& object, const char* name) {
  if (!object.is_object())
    expected("an object", object);
  auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

void for_each(const json& array, const std::function<void(const json&)>& what) {
  if (array.is_null())
    return;
  if (!array.is_array())
    expected("a list", array);
  for (auto& element : array)
    what(element);
}

std::string read_text(const json& j) {
  if (!j.is_string())
    expected("a text", j);
  return j.get<std::string>();
}

std::uint64_t read_uint(const json& j) {
  if (!j.is_number_unsigned())
    expected("a number that is not negative", j);
  return j.get<std::uint64_t>();
}

std::int64_t read_int(const json& j) {
  if (!j.is_number_integer()
      || (j.is_number_unsigned() && j.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max()))
    expected("a number of 64 bits", j);
  return j.get<std::int64_t>();
}

bool read_bool(const json& j) {
  if (!j.is_boolean())
    expected("true or false", j);
  return j.get<bool>();
}

epoch read_epoch(const json& j) {
  return epoch{read_int(j)};
}

token_amount read_amount(const json& j) {
  return need(token_amount::parse(read_text(j)), j);
}

address read_address(const json& j) {
  return need(filecoin::parse_address(read_text(j)), j);
}

cid read_cid(const json& j) {
  return need(cid::parse(read_text(member(j, "/"))), j);
}

bytes read_base64(const json& j) {
  if (j.is_null())
    return {};
  return need(base64_decode(read_text(j)), j);
}

std::string printable(std::string_view text, std::size_t limit) {
  std::string out{text.substr(0, limit)};
  for (auto& c : out)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f')
      c = ' ';
  return text.size() > limit ? out + "…" : out;
}

error bad_answer(const std::string& why) {
  return fail(errc::protocol, "the chain node's answer cannot be understood: " + why);
}

} // namespace weir::lotus
