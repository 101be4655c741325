#pragma once
// Our requests to a provider in mk12's words, and its answers in ours. Pure.
#include "messages/actors/deals.hpp"
#include "storage/filecoin/mk12.hpp"

namespace weir::deals {

/// "http://host:port" of every address that speaks HTTP, in their order, each
/// once. errc::unsupported when there is none.
result<std::vector<std::string>> base_urls(const provider_endpoint& of);

/// The proposal that a deal record stands for: what was or will be signed.
filecoin::deal_proposal proposal_of(const deal& record);

/// errc::malformed for a record whose UUID or signature cannot be sent.
result<bytes> encode_parcel(const proposal_parcel& parcel);
result<bytes> encode_status_request(const get_deal_status& request);
bytes encode_ask_request(const address& provider);

/// errc::protocol for an answer that does not parse or is about another thing.
result<proposal_answer> read_proposal_answer(bytes_view body);
result<provider_deal_status> read_status_answer(bytes_view body, const get_deal_status& request);
result<storage_ask> read_ask_answer(bytes_view body, const address& provider);

} // namespace weir::deals
