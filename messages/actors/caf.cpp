#include "messages/actors/caf.hpp"

#include <caf/exit_reason.hpp>
#include <caf/make_message.hpp>
#include <caf/sec.hpp>

namespace weir {

namespace {

constexpr auto category = caf::atom("weir");

errc code_of(const caf::error& e) {
  if (e == caf::sec::request_timeout)
    return errc::timeout;
  if (e == caf::sec::request_receiver_down || e.category() == caf::atom("exit"))
    return errc::shutting_down;
  return errc::internal;
}

} // namespace

caf::error to_caf(const error& e) {
  return caf::error{static_cast<std::uint8_t>(e.code), category, caf::make_message(e)};
}

error from_caf(const caf::error& e) {
  if (!e)
    return fail(errc::none);
  if (e.category() == category && e.context().match_elements<error>())
    return e.context().get_as<error>(0);
  return fail(code_of(e), {}, "caf code " + std::to_string(e.code()));
}

} // namespace weir
