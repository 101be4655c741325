#pragma once
// Closed enumerations of the states of contents, buckets, pieces and deals,
// and every allowed transition, in one table each (states.cpp).
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace weir {

/// The life of a content: the stations of the dashboard's life line.
///
///   stored ─► in_bucket ─► packed ─► proposed ─► published ─► active
///                              ▲                                │
///                              └──────── degraded ◄─────────────┘
enum class content_state : std::uint8_t {
  stored,    ///< bytes are durable here, no bucket yet
  in_bucket, ///< assigned to a bucket (its bucket-uuid is set)
  packed,    ///< part of at least one piece
  proposed,  ///< every promised copy is at least accepted by a provider
  published, ///< every promised copy is at least published on chain
  active,    ///< every promised copy is active at the chain's finality
  degraded,  ///< was active; at least one promised copy has to be replaced
  failed,    ///< left the queue: could not be packed or placed for three months
  removed,   ///< its owner removed it
};

/// What a content is kept for.
enum class content_use : std::uint8_t {
  promise, ///< copies of it are promised to its owner: it goes into a bucket
  stage,   ///< held for a while, until its owner says what becomes of it (FFS)
};

/// Seed 001: a bucket is `init` until it is `complete`.
enum class bucket_state : std::uint8_t { init, complete };

/// Why a bucket no longer takes contents; `open` while it does.
enum class bucket_ready : std::uint8_t { open, size, age, schedule, count, closed };

enum class piece_state : std::uint8_t {
  built,    ///< bytes and commP exist, deals are wanted
  placed,   ///< all promised deals are active
  degraded, ///< was placed; deals have to be replaced
  retired,  ///< nobody's promise needs it any more
};

///   intended ─► proposed ─► published ─► activated ─► active ─► expired
///      │            │           │            │           │
///      ▼            ▼           ▼            ▼           ▼
///   rejected      failed      failed      slashed     slashed
enum class deal_state : std::uint8_t {
  intended,  ///< committed before anything left the process; may or may not have arrived
  proposed,  ///< accepted by the provider
  published, ///< on chain with a deal id
  activated, ///< sector started, not yet final
  active,    ///< sector started and final: counts as a promised copy
  rejected,  ///< refused by the provider (its words in `problem`)
  failed,    ///< accepted but never became active in time
  slashed,   ///< ended by the chain before its end epoch
  expired,   ///< reached its end epoch
};

std::string_view to_string(content_state s);
std::string_view to_string(content_use u);
std::string_view to_string(bucket_state s);
std::string_view to_string(bucket_ready s);
std::string_view to_string(piece_state s);
std::string_view to_string(deal_state s);

template <class State>
std::optional<State> state_from_name(std::string_view name);

template <class State>
using transition = std::pair<State, State>;

std::span<const transition<content_state>> content_transitions();
std::span<const transition<bucket_state>> bucket_transitions();
std::span<const transition<piece_state>> piece_transitions();
std::span<const transition<deal_state>> deal_transitions();

bool allowed(content_state from, content_state to);
bool allowed(bucket_state from, bucket_state to);
bool allowed(piece_state from, piece_state to);
bool allowed(deal_state from, deal_state to);

/// No transition leads out of it.
bool is_final(content_state s);
bool is_final(deal_state s);
/// Counts towards the promise, or still may: intended, proposed, published, activated, active.
bool is_good(deal_state s);

} // namespace weir
