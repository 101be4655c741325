#pragma once
// Type ids of what only actors of the domain say to each other.
#include "actors/support/timer.hpp"
#include "messages/actors/chain.hpp"
#include "messages/types/ids.hpp"

CAF_BEGIN_TYPE_ID_BLOCK(weir_internal, WEIR_TYPE_IDS(10))
WEIR_MESSAGE(weir_internal, (weir::content_id))
CAF_END_TYPE_ID_BLOCK(weir_internal)
