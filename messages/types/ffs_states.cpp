#include "messages/types/ffs_states.hpp"

#include <algorithm>
#include <array>

namespace weir::ffs {

namespace {

using js = job_state;

constexpr std::array<std::string_view, 5> job_names{"queued", "in_progress", "failed", "cancelled", "done"};
constexpr std::array<std::string_view, 6> cause_names{"push", "replace", "import", "renew", "repair", "move"};
constexpr std::array<std::string_view, 5> step_names{"waiting", "hot", "unfreeze", "cold", "finish"};
constexpr std::array<std::string_view, 4> scope_names{"read", "store", "wallet", "admin"};

constexpr std::array job_table{
    transition<js>{js::queued, js::in_progress},    transition<js>{js::queued, js::cancelled},
    transition<js>{js::in_progress, js::done},      transition<js>{js::in_progress, js::failed},
    transition<js>{js::in_progress, js::cancelled},
};

} // namespace

std::string_view to_string(job_state s) {
  return job_names.at(static_cast<std::size_t>(s));
}
std::string_view to_string(job_cause c) {
  return cause_names.at(static_cast<std::size_t>(c));
}
std::string_view to_string(job_step s) {
  return step_names.at(static_cast<std::size_t>(s));
}

std::span<const transition<js>> job_transitions() {
  return job_table;
}

bool allowed(js from, js to) {
  return std::find(job_table.begin(), job_table.end(), transition<js>{from, to}) != job_table.end();
}

bool is_final(js s) {
  return s >= js::failed;
}

std::string scopes_text(std::uint32_t scopes) {
  std::string text;
  for (std::size_t i = 0; i < scope_names.size(); ++i)
    if ((scopes >> i & 1u) != 0)
      text.append(text.empty() ? "" : ",").append(scope_names[i]);
  return text;
}

std::optional<std::uint32_t> scopes_from_text(std::string_view text) {
  std::uint32_t scopes = 0;
  while (!text.empty()) {
    auto end = std::min(text.find_first_of(", "), text.size());
    auto name = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), end + 1));
    if (name.empty())
      continue;
    auto found = std::find(scope_names.begin(), scope_names.end(), name);
    if (found == scope_names.end())
      return std::nullopt;
    scopes |= 1u << (found - scope_names.begin());
  }
  return scopes;
}

} // namespace weir::ffs

namespace weir {

template <>
std::optional<ffs::job_state> state_from_name<ffs::job_state>(std::string_view name) {
  auto found = std::find(ffs::job_names.begin(), ffs::job_names.end(), name);
  if (found == ffs::job_names.end())
    return std::nullopt;
  return static_cast<ffs::job_state>(found - ffs::job_names.begin());
}

} // namespace weir
