#include "messages/types/states.hpp"

#include <algorithm>
#include <array>

namespace weir {

namespace {

using cs = content_state;
using bs = bucket_state;
using ps = piece_state;
using ds = deal_state;

constexpr std::array<std::string_view, 9> content_names{"stored", "in_bucket", "packed", "proposed", "published",
                                                        "active", "degraded",  "failed", "removed"};
constexpr std::array<std::string_view, 2> bucket_names{"init", "complete"};
constexpr std::array<std::string_view, 6> ready_names{"open", "size", "age", "schedule", "count", "closed"};
constexpr std::array<std::string_view, 4> piece_names{"built", "placed", "degraded", "retired"};
constexpr std::array<std::string_view, 9> deal_names{"intended", "proposed", "published", "activated", "active",
                                                     "rejected", "failed",   "slashed",   "expired"};

// A content moves back along the line when a proposal fails, a reorg takes a
// deal back, or more copies are promised; it never skips being packed.
constexpr std::array content_table{
    transition<cs>{cs::stored, cs::in_bucket},  transition<cs>{cs::stored, cs::removed},
    transition<cs>{cs::in_bucket, cs::stored},  transition<cs>{cs::in_bucket, cs::packed},
    transition<cs>{cs::in_bucket, cs::failed},  transition<cs>{cs::stored, cs::failed},
    transition<cs>{cs::in_bucket, cs::removed}, transition<cs>{cs::packed, cs::proposed},
    transition<cs>{cs::packed, cs::published},  transition<cs>{cs::packed, cs::active},
    transition<cs>{cs::packed, cs::failed},     transition<cs>{cs::packed, cs::removed},
    transition<cs>{cs::proposed, cs::packed},   transition<cs>{cs::proposed, cs::published},
    transition<cs>{cs::proposed, cs::active},   transition<cs>{cs::proposed, cs::removed},
    transition<cs>{cs::published, cs::packed},  transition<cs>{cs::published, cs::proposed},
    transition<cs>{cs::published, cs::active},  transition<cs>{cs::published, cs::removed},
    transition<cs>{cs::active, cs::degraded},   transition<cs>{cs::active, cs::removed},
    transition<cs>{cs::degraded, cs::active},   transition<cs>{cs::degraded, cs::failed},
    transition<cs>{cs::degraded, cs::removed},  transition<cs>{cs::failed, cs::stored},
    transition<cs>{cs::failed, cs::removed},
};

constexpr std::array bucket_table{transition<bs>{bs::init, bs::complete}};

constexpr std::array piece_table{
    transition<ps>{ps::built, ps::placed},    transition<ps>{ps::built, ps::retired},
    transition<ps>{ps::placed, ps::degraded}, transition<ps>{ps::placed, ps::retired},
    transition<ps>{ps::degraded, ps::placed}, transition<ps>{ps::degraded, ps::retired},
    transition<ps>{ps::retired, ps::built}, // the same bytes are promised again
};

// Backwards moves are reorgs. A deal can be first seen far along the line
// when the node was away.
constexpr std::array deal_table{
    transition<ds>{ds::intended, ds::proposed},   transition<ds>{ds::intended, ds::rejected},
    transition<ds>{ds::intended, ds::failed},     transition<ds>{ds::intended, ds::published},
    transition<ds>{ds::proposed, ds::published},  transition<ds>{ds::proposed, ds::activated},
    transition<ds>{ds::proposed, ds::active},     transition<ds>{ds::proposed, ds::rejected},
    transition<ds>{ds::proposed, ds::failed},     transition<ds>{ds::published, ds::proposed},
    transition<ds>{ds::published, ds::activated}, transition<ds>{ds::published, ds::active},
    transition<ds>{ds::published, ds::failed},    transition<ds>{ds::published, ds::slashed},
    transition<ds>{ds::activated, ds::proposed},  transition<ds>{ds::activated, ds::published},
    transition<ds>{ds::activated, ds::active},    transition<ds>{ds::activated, ds::slashed},
    transition<ds>{ds::activated, ds::expired},   transition<ds>{ds::active, ds::slashed},
    transition<ds>{ds::active, ds::expired},
};

template <class State, std::size_t N>
bool in_table(const std::array<transition<State>, N>& table, State from, State to) {
  return std::find(table.begin(), table.end(), transition<State>{from, to}) != table.end();
}

template <class State, std::size_t N>
bool leads_nowhere(const std::array<transition<State>, N>& table, State from) {
  return std::none_of(table.begin(), table.end(), [from](const auto& t) { return t.first == from; });
}

template <class State, std::size_t N>
std::optional<State> find_name(const std::array<std::string_view, N>& names, std::string_view name) {
  auto i = std::find(names.begin(), names.end(), name);
  if (i == names.end())
    return std::nullopt;
  return static_cast<State>(i - names.begin());
}

} // namespace

std::string_view to_string(content_state s) {
  return content_names.at(static_cast<std::size_t>(s));
}
std::string_view to_string(content_use u) {
  constexpr std::array<std::string_view, 2> names{"promise", "stage"};
  return names.at(static_cast<std::size_t>(u));
}
std::string_view to_string(bucket_state s) {
  return bucket_names.at(static_cast<std::size_t>(s));
}
std::string_view to_string(bucket_ready s) {
  return ready_names.at(static_cast<std::size_t>(s));
}
std::string_view to_string(piece_state s) {
  return piece_names.at(static_cast<std::size_t>(s));
}
std::string_view to_string(deal_state s) {
  return deal_names.at(static_cast<std::size_t>(s));
}

template <>
std::optional<cs> state_from_name<cs>(std::string_view name) {
  return find_name<cs>(content_names, name);
}
template <>
std::optional<bs> state_from_name<bs>(std::string_view name) {
  return find_name<bs>(bucket_names, name);
}
template <>
std::optional<bucket_ready> state_from_name<bucket_ready>(std::string_view name) {
  return find_name<bucket_ready>(ready_names, name);
}
template <>
std::optional<ps> state_from_name<ps>(std::string_view name) {
  return find_name<ps>(piece_names, name);
}
template <>
std::optional<ds> state_from_name<ds>(std::string_view name) {
  return find_name<ds>(deal_names, name);
}

std::span<const transition<cs>> content_transitions() {
  return content_table;
}
std::span<const transition<bs>> bucket_transitions() {
  return bucket_table;
}
std::span<const transition<ps>> piece_transitions() {
  return piece_table;
}
std::span<const transition<ds>> deal_transitions() {
  return deal_table;
}

bool allowed(cs from, cs to) {
  return in_table(content_table, from, to);
}
bool allowed(bs from, bs to) {
  return in_table(bucket_table, from, to);
}
bool allowed(ps from, ps to) {
  return in_table(piece_table, from, to);
}
bool allowed(ds from, ds to) {
  return in_table(deal_table, from, to);
}

bool is_final(cs s) {
  return leads_nowhere(content_table, s);
}
bool is_final(ds s) {
  return leads_nowhere(deal_table, s);
}
bool is_good(ds s) {
  return s <= ds::active;
}

} // namespace weir
