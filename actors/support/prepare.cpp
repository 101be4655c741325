#include "actors/support/prepare.hpp"

#include "messages/actors/caf.hpp"

#include <exception>
#include <string>

#include <caf/message_view.hpp>
#include <caf/sec.hpp>
#include <spdlog/spdlog.h>

namespace weir {

namespace {

std::string who(const caf::scheduled_actor* self) {
  return std::string{self->name()} + "#" + std::to_string(self->id());
}

std::string words(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "not a standard exception";
  }
}

} // namespace

void prepare(caf::scheduled_actor* self) {
  auto name = who(self);
  spdlog::debug("SPAWN {}", name);
  self->attach_functor([name](const caf::error& reason) {
    if (!reason || reason == caf::exit_reason::user_shutdown)
      spdlog::debug("TERMINATE {}", name);
    else
      spdlog::warn("TERMINATE {}: {}", name, to_string(from_caf(reason)));
  });
  self->set_default_handler([name](caf::scheduled_actor*, caf::message_view& x) -> caf::result<caf::message> {
    spdlog::warn("{}: no handler for {}", name, to_string(x.content()));
    return caf::sec::unexpected_message;
  });
  self->set_error_handler([name](caf::scheduled_actor*, caf::error& e) {
    spdlog::warn("{}: unhandled error: {}", name, to_string(from_caf(e)));
  });
  self->set_down_handler([](caf::scheduled_actor*, caf::down_msg&) {});
  self->set_exception_handler([name](caf::scheduled_actor*, std::exception_ptr& thrown) -> caf::error {
    spdlog::error("{}: died of an exception: {}", name, words(thrown));
    return to_caf(fail(errc::internal, words(thrown)));
  });
}

} // namespace weir
