#pragma once
// What an owner wishes for the deals of one content (seed 000: ColdConfig).
#include "messages/types/address.hpp"
#include "messages/types/ids.hpp"
#include "messages/types/token_amount.hpp"

#include <string>
#include <vector>

namespace weir {

/// The wishes of an owner for the deals of one content (FFS: ColdConfig). With
/// `own` its piece and its deals are its alone: they are told apart from those
/// of others by `deal::content`, even when the bytes are the same.
struct deal_terms {
  bool own = false;
  bool open = false;                  ///< new deals are made now; without, the present ones only go on
  std::string round;                  ///< the job that asks for them; nobody who fails in it is asked twice
  address client;                     ///< who pays
  std::vector<address> only;          ///< FixedMiners: nobody else; empty: who is known
  std::vector<address> trusted;       ///< first, if they fit
  std::vector<address> excluded;      ///< never
  std::vector<std::string> countries; ///< ISO 3166-1 alpha-2; empty: everywhere
  token_amount max_price;             ///< attoFIL per GiB and epoch; 0: the operator's limit alone
  bool verified = false;              ///< with the client's DataCap
  bool fast_retrieval = true;         ///< the provider keeps an unsealed copy
  bool by_reputation = false;         ///< ReputationSorted; else the cheapest first
  epoch_delta duration = 0;           ///< epochs; 0: the operator's
  epoch_delta start_offset = 0;       ///< epochs until it has to be active; 0: the operator's
  epoch_delta renew_before = 0;       ///< epochs before its end at which a deal gets a successor; 0: never

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("own", s.own);
    v("open", s.open);
    v("round", s.round);
    v("client", s.client);
    v("only", s.only);
    v("trusted", s.trusted);
    v("excluded", s.excluded);
    v("countries", s.countries);
    v("maxPrice", s.max_price);
    v("verified", s.verified);
    v("fastRetrieval", s.fast_retrieval);
    v("byReputation", s.by_reputation);
    v("duration", s.duration);
    v("startOffset", s.start_offset);
    v("renewBefore", s.renew_before);
  }
};

} // namespace weir
