#pragma once
// Closed enumerations of FFS (seed 000) and what they allow.
#include "messages/types/states.hpp"

#include <string>

namespace weir::ffs {

///   queued ─► in_progress ─► done | failed
///      └───────────┴───────► cancelled
enum class job_state : std::uint8_t {
  queued,      ///< committed, not yet begun
  in_progress, ///< an actor works on it; resumed after a restart
  failed,      ///< ended with an ErrCause
  cancelled,   ///< ended on request, or a newer push of its CID took its place
  done,        ///< what its CidConfig wants is so
};

/// Why a job was made.
enum class job_cause : std::uint8_t { push, replace, import, renew, repair, move };

/// How far a running job has come: for people; it decides nothing.
enum class job_step : std::uint8_t { waiting, hot, unfreeze, cold, finish };

std::string_view to_string(job_state s);
std::string_view to_string(job_cause c);
std::string_view to_string(job_step s);

std::span<const transition<job_state>> job_transitions();
bool allowed(job_state from, job_state to);
/// failed, cancelled, done.
bool is_final(job_state s);

/// What a token may do; bits of access_token::scopes.
namespace scope {
inline constexpr std::uint32_t read = 1;   ///< look and watch
inline constexpr std::uint32_t store = 2;  ///< stage, push, replace, remove, cancel
inline constexpr std::uint32_t wallet = 4; ///< addresses, balances, send, sign
inline constexpr std::uint32_t admin = 8;  ///< tokens, defaults, webhooks of the instance
inline constexpr std::uint32_t all = 15;
} // namespace scope

/// "read,store"; the names in this order.
std::string scopes_text(std::uint32_t scopes);
/// Nothing for a name that is none; a list separated by commas or spaces.
std::optional<std::uint32_t> scopes_from_text(std::string_view text);

} // namespace weir::ffs

namespace weir {
template <>
std::optional<ffs::job_state> state_from_name<ffs::job_state>(std::string_view name);
} // namespace weir
