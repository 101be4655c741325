#pragma once
// What nearly every file of the server needs, parsed once.
#include "messages/actors/content.hpp"
#include "messages/actors/records.hpp"
#include "messages/rpc/weir.capnp.h"
#include "storage/records/store.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <capnp/rpc-twoparty.h>
#include <kj/async-io.h>
#include <spdlog/spdlog.h>
