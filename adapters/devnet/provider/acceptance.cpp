#include "adapters/devnet/provider/acceptance.hpp"

#include "storage/filecoin/address_text.hpp"
#include "storage/filecoin/keys.hpp"
#include "storage/filecoin/proposal.hpp"

#include <nlohmann/json.hpp>

namespace weir::devnet {

namespace {

constexpr epoch_delta max_extension = 3680640;
constexpr std::size_t max_url = 4096, max_headers = 64, max_header_bytes = 16 * 1024;

std::string number(epoch e) {
  return std::to_string(e.value);
}

std::string wrong_proposal(const filecoin::deal_proposal& p, const chain_facts& facts, const deal_rules& rules) {
  if (p.provider != rules.provider)
    return "incorrect provider for deal; proposal.Provider: " + filecoin::to_text(p.provider) + "; provider.Address: ["
           + filecoin::to_text(rules.provider) + "]";
  if (p.label.data.size() > filecoin::deal_label::max_size)
    return "deal label can be at most 256 bytes, is " + std::to_string(p.label.data.size());
  if (p.padded_size < 128)
    return "proposal piece size is invalid: minimum piece size is 128 bytes";
  if ((p.padded_size & (p.padded_size - 1)) != 0)
    return "proposal piece size is invalid: padded piece size must be a power of 2";
  if (p.piece.version() != 1 || p.piece.codec() != codec::fil_commitment_unsealed
      || p.piece.hash_code() != hash_code::sha2_256_trunc254_padded || p.piece.digest().size() != 32)
    return "proposal PieceCID had wrong prefix";
  if (p.end <= p.start)
    return "proposal end " + number(p.end) + " before proposal start " + number(p.start);
  if (facts.head > p.start)
    return "deal start epoch " + number(p.start) + " has already elapsed (current epoch: " + number(facts.head) + ")";
  auto duration = p.end - p.start;
  if (duration < rules.min_duration || duration > rules.max_duration)
    return "deal duration out of bounds (min, max, provided): " + std::to_string(rules.min_duration) + ", "
           + std::to_string(rules.max_duration) + ", " + std::to_string(duration);
  if (p.end > facts.head + max_extension)
    return "invalid deal end epoch " + number(p.end) + ": cannot be more than " + std::to_string(max_extension)
           + " past current epoch " + number(facts.head);
  return {};
}

std::string wrong_money(const filecoin::deal_proposal& p, const chain_facts& facts) {
  auto most = facts.least_collateral * token_amount{2};
  if (p.provider_collateral < facts.least_collateral)
    return "proposed provider collateral " + p.provider_collateral.decimal() + " below minimum "
           + facts.least_collateral.decimal();
  if (p.provider_collateral > most)
    return "proposed provider collateral " + p.provider_collateral.decimal() + " above maximum " + most.decimal();
  auto available = facts.client_escrow.available();
  auto needed = filecoin::client_funds(p);
  if (available < needed)
    return "client available funds in escrow " + available.decimal() + " not enough to meet storage cost for deal "
           + needed.decimal();
  if (p.verified && facts.client_datacap.zero())
    return "client is not a verified client";
  if (p.verified && facts.client_datacap < token_amount{p.padded_size})
    return "verified deal DataCap too small for proposed piece size";
  return {};
}

std::string wrong_for_ask(const filecoin::deal_proposal& p, const behaviour& b) {
  auto least = (token_amount{p.verified ? b.verified_price : b.price} * token_amount{p.padded_size})
                   .divided_by(std::uint64_t{1} << 30);
  if (p.price_per_epoch < least)
    return "storage price per epoch less than asking price: " + p.price_per_epoch.decimal() + " < " + least.decimal();
  if (p.padded_size < b.min_piece)
    return "piece size less than minimum required size: " + std::to_string(p.padded_size) + " < "
           + std::to_string(b.min_piece);
  if (p.padded_size > b.max_piece)
    return "piece size more than maximum allowed size: " + std::to_string(p.padded_size) + " > "
           + std::to_string(b.max_piece);
  return {};
}

/// The padded size of what is transferred must be the piece's, to the byte.
std::string wrong_transfer(const filecoin::mk12::deal_params& p) {
  if (p.offline)
    return "offline deals are not allowed on this provider";
  if (p.data.type == "libp2p")
    return "libp2p URLs are not supported by this provider";
  if (p.data.type != "http")
    return "failed to de-serialize transport params bytes: unsupported transfer type '" + p.data.type + "'";
  std::uint64_t padded = 128;
  while (padded / 128 * 127 < p.data.size && padded < (std::uint64_t{1} << 60))
    padded *= 2;
  if (p.data.size == 0 || padded != p.proposal.proposal.padded_size)
    return "piece size mismatch: transfer of " + std::to_string(p.data.size) + " bytes pads to "
           + std::to_string(padded) + ", proposal has " + std::to_string(p.proposal.proposal.padded_size);
  if (auto source = parse_transfer(p.data.params); !source)
    return source.error().message;
  return {};
}

} // namespace

std::string refusal(const filecoin::mk12::deal_params& p, const chain_facts& facts, const deal_rules& rules,
                    const behaviour& b) {
  auto& proposal = p.proposal.proposal;
  if (proposal.piece.empty())
    return "failed validation: proposal PieceCID undefined";
  if (facts.client_key.empty())
    return "failed validation: server error: validating signature";
  if (!filecoin::verify(p.proposal, facts.client_key))
    return "failed validation: invalid signature";
  auto why = wrong_proposal(proposal, facts, rules);
  if (why.empty())
    why = wrong_money(proposal, facts);
  if (why.empty())
    why = wrong_for_ask(proposal, b);
  if (!why.empty())
    return "failed validation: " + why;
  if (!b.refuse.empty())
    return b.refuse;
  return wrong_transfer(p);
}

result<transfer_source> parse_transfer(bytes_view params) {
  auto bad = [&](const std::string& why) {
    return fail(errc::malformed, "failed to de-serialize transport params bytes '"
                                     + std::string{as_text(params.first(std::min<std::size_t>(params.size(), 512)))}
                                     + "': " + why);
  };
  auto j = nlohmann::json::parse(as_text(params), nullptr, false);
  if (!j.is_object() || !j.contains("URL") || !j["URL"].is_string())
    return bad("no URL");
  transfer_source s;
  s.url = j["URL"].get<std::string>();
  bool http = s.url.starts_with("http://") || s.url.starts_with("https://");
  if (!http || s.url.size() > max_url || s.url.substr(0, s.url.find('/', 8)).find('@') != std::string::npos)
    return bad("the URL must be http or https, without user info, of at most 4096 bytes");
  auto headers = j.value("Headers", nlohmann::json{});
  if (!headers.is_null() && (!headers.is_object() || headers.size() > max_headers))
    return bad("Headers must be an object of at most 64 strings");
  std::size_t total = 0;
  for (auto& [name, value] : headers.items()) {
    if (!value.is_string() || (total += name.size() + value.get_ref<const std::string&>().size()) > max_header_bytes
        || (name + value.get<std::string>()).find_first_of("\r\n") != std::string::npos)
      return bad("a header that cannot be sent");
    s.headers.emplace_back(name, value.get<std::string>());
  }
  return s;
}

} // namespace weir::devnet
