#pragma once
// What nearly every file of the API and the runtime includes anyway: compiled once.
#include "actors/support/committer.hpp"
#include "adapters/http/exchange.hpp"
#include "messages/actors/buckets.hpp"
#include "messages/actors/content.hpp"
#include "messages/actors/deals.hpp"
#include "messages/actors/records.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>
