#pragma once
// The messages of the deal protocol "mk12" (Boost's markets 1.2.x), as Boost
// and Curio encode them: CBOR maps with text keys. Both directions, since
// clients and providers both need them. Unknown keys are ignored and any order
// is read; what is written is in the one canonical order.
// Source: github.com/filecoin-project/boost storagemarket/types.
#include "messages/types/cid.hpp"
#include "messages/types/ids.hpp"
#include "storage/filecoin/proposal.hpp"

#include <array>
#include <optional>

namespace weir::filecoin::mk12 {

/// Identifies a deal; chosen by the client.
using uuid = std::array<std::uint8_t, 16>;
/// Text of 36 characters, either case; errc::malformed otherwise.
result<uuid> parse_uuid(std::string_view text);
std::string to_text(const uuid& id);

/// How the provider gets the bytes. All empty for an offline deal.
struct transfer {
  std::uint64_t size = 0; ///< bytes to download
  std::string type;       ///< "http" or "libp2p"
  bytes params;           ///< JSON: where from, with which headers
  std::string client_id;  ///< unused
};

/// The request to make a deal.
struct deal_params {
  uuid id{};
  transfer data;
  bool offline = false;
  cid payload_root;
  bool skip_announce = false; ///< do not tell the network's indexers
  client_deal_proposal proposal;
  bool remove_unsealed = false;
};

struct deal_response {
  bool accepted = false;
  std::string message; ///< why not
};

struct status_request {
  uuid id{};
  signature client_signature; ///< of the 16 bytes of `id`
};

struct deal_status {
  std::string problem; ///< not empty: the deal failed
  std::string status;  ///< name of the last checkpoint that was passed
  deal_proposal proposal;
  cid publish_message; ///< empty until published
  weir::deal_id id;    ///< 0 until published
  std::string sealing;
  cid signed_proposal;
};

struct status_response {
  std::string problem; ///< e.g. unknown deal, wrong signature
  uuid id{};
  bool offline = false;
  std::optional<deal_status> deal;
  std::uint64_t transfer_size = 0;
  std::uint64_t bytes_received = 0;
};

struct ask_request {
  address miner;
};

struct ask {
  address miner;
  token_amount price; ///< attoFIL per GiB and epoch
  token_amount verified_price;
  std::uint64_t min_piece = 0; ///< padded bytes
  std::uint64_t max_piece = 0;
  epoch timestamp;
  epoch expiry;
  std::uint64_t sequence = 0;
};

struct signed_ask {
  ask what;
  std::optional<signature> provider_signature; ///< of the miner's worker, over the encoded ask
};

struct ask_response {
  std::optional<signed_ask> answer;
};

bytes encode(const deal_params& m);
bytes encode(const deal_response& m);
bytes encode(const status_request& m);
bytes encode(const status_response& m);
bytes encode(const ask_request& m);
bytes encode(const ask_response& m);
/// What the provider signs.
bytes encode(const ask& m);

/// errc::malformed, errc::too_large: strings and counts as in cbor.hpp.
result<deal_params> decode_deal_params(bytes_view data);
result<deal_response> decode_deal_response(bytes_view data);
result<status_request> decode_status_request(bytes_view data);
result<status_response> decode_status_response(bytes_view data);
result<ask_request> decode_ask_request(bytes_view data);
result<ask_response> decode_ask_response(bytes_view data);

} // namespace weir::filecoin::mk12
