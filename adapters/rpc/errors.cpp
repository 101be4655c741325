#include "adapters/rpc/errors.hpp"

#include <string_view>

namespace weir::rpc {

namespace {

kj::Exception::Type type_of(errc code) {
  switch (info(code).rpc) {
  case rpc_kind::overloaded:
    return kj::Exception::Type::OVERLOADED;
  case rpc_kind::disconnected:
    return kj::Exception::Type::DISCONNECTED;
  case rpc_kind::unimplemented:
    return kj::Exception::Type::UNIMPLEMENTED;
  default:
    return kj::Exception::Type::FAILED;
  }
}

void drop_prefix(std::string_view& text, std::string_view prefix) {
  if (text.starts_with(prefix))
    text.remove_prefix(prefix.size());
}

/// Takes "value: X" and "limit: Y" off the end.
void take_details(error& e) {
  auto open = e.message.rfind(" (");
  if (open == e.message.npos || !e.message.ends_with(')'))
    return;
  std::string_view inside{e.message};
  inside = inside.substr(open + 2, e.message.size() - open - 3);
  constexpr std::string_view value{"value: "}, limit{"limit: "};
  auto comma = inside.rfind(", limit: ");
  if (inside.starts_with(limit))
    e.limit = inside.substr(limit.size());
  else if (inside.starts_with(value)) {
    e.value = inside.substr(value.size(), comma == inside.npos ? comma : comma - value.size());
    if (comma != inside.npos)
      e.limit = inside.substr(comma + 2 + limit.size());
  } else
    return;
  e.message.resize(open);
}

} // namespace

kj::Exception to_exception(const error& e) {
  return kj::Exception{type_of(e.code), "weir", 0, kj::str(to_string(e).c_str())};
}

error from_exception(const kj::Exception& e) {
  auto description = e.getDescription();
  std::string_view text{description.begin(), description.size()};
  drop_prefix(text, "remote exception: ");
  auto colon = text.find(": ");
  if (colon != text.npos)
    for (const auto& entry : error_catalogue())
      if (entry.name == text.substr(0, colon)) {
        error out{entry.code, std::string{text.substr(colon + 2)}, {}, {}};
        take_details(out);
        return out;
      }
  bool gone = e.getType() == kj::Exception::Type::DISCONNECTED;
  if (gone)
    return fail(errc::unreachable, "The connection was lost.", std::string{text});
  if (e.getType() == kj::Exception::Type::UNIMPLEMENTED)
    return fail(errc::unsupported, "The peer does not know this call.", std::string{text});
  return fail(errc::protocol, "The peer broke the protocol.", std::string{text});
}

kj::Promise<void> answered(const status& s) {
  if (s)
    return kj::READY_NOW;
  return to_exception(s.error());
}

} // namespace weir::rpc
