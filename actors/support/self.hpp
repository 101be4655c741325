#pragma once
// How an actor of Weir is written: a state with a constructor that takes the
// actor's pointer, logic as plain member functions that a test calls without
// an actor system, and a short behaviour that wires messages to them.
#include <concepts>
#include <type_traits>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace weir {

/// An aggregate would be filled from the pointer by accident: it must have a constructor.
template <class State, class Actor>
concept actor_state = !std::is_aggregate_v<State> && std::constructible_from<State, typename Actor::pointer>;

template <class Actor, class State>
requires actor_state<State, Actor>
using self_of = typename Actor::template stateful_pointer<State>;

} // namespace weir
