#pragma once
// Every actor starts with `prepare(self)`: what nobody handles goes to the
// log instead of standard output, and its start and end are logged.
#include <caf/actor_system.hpp>
#include <caf/scheduled_actor.hpp>

namespace weir {

void prepare(caf::scheduled_actor* self);

} // namespace weir
