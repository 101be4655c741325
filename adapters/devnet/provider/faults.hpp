#pragma once
// How a simulated provider misbehaves, and what it charges: set at run time
// by key and value, kept across restarts.
#include "messages/types/ids.hpp"
#include "messages/types/result.hpp"
#include "messages/types/token_amount.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace weir::devnet {

enum class answer_kind : std::uint8_t { normal, garbage, flood };

struct behaviour {
  std::string refuse;                          ///< reason; empty: takes deals
  bool never_publish = false;                  ///< takes deals, and that is all
  bool never_seal = false;                     ///< publishes, never activates
  bool wrong_commp = false;                    ///< finds another commP than the proposal's
  bool hang = false;                           ///< takes requests and never answers
  bool disconnect = false;                     ///< breaks downloads off half-way
  bool corrupt_retrieval = false;              ///< flips a bit of what it gives back
  bool short_retrieval = false;                ///< cuts off what it gives back
  answer_kind retrieval = answer_kind::normal; ///< gives back something else, or without end
  bool offline = false;                        ///< drops every connection
  bool lose_answer = false;                    ///< takes the deal and answers 503
  answer_kind answer = answer_kind::normal;
  epoch slash_at = no_epoch; ///< ends its sectors at this epoch
  std::uint64_t slow = 0;    ///< milliseconds before every answer
  std::uint64_t price = 0;   ///< attoFIL per GiB and epoch
  std::uint64_t verified_price = 0;
  std::uint64_t min_piece = 256; ///< padded bytes
  std::uint64_t max_piece = std::uint64_t{32} << 30;
};

/// Sets one key, as listed by `behaviour_keys`. An empty value or "off" ends
/// a fault. errc::invalid_argument names the keys or what the value must be.
status set_behaviour(behaviour& b, std::string_view key, std::string_view value);
/// All keys with their values as text.
std::map<std::string, std::string> show_behaviour(const behaviour& b);

/// One "key=value" a line; what is not there stays as in `defaults`.
result<behaviour> load_behaviour(const std::filesystem::path& file, behaviour defaults);
status save_behaviour(const std::filesystem::path& file, const behaviour& b);

} // namespace weir::devnet
