#include "adapters/deals/mk12_messages.hpp"

#include "adapters/deals/transfer_params.hpp"
#include "storage/filecoin/multiaddr.hpp"

#include <algorithm>

namespace weir::deals {

namespace mk12 = filecoin::mk12;

namespace {

error garbage(const error& why) {
  return fail(errc::protocol, "the provider's answer cannot be understood: " + why.message);
}

/// Words of a stranger end up on terminals and in records.
std::string printable(std::string text) {
  constexpr std::size_t limit = 1000;
  if (text.size() > limit)
    text.resize(limit);
  auto control = [](unsigned char c) { return c < ' ' || c == 0x7f; };
  std::replace_if(text.begin(), text.end(), control, ' ');
  return text;
}

} // namespace

result<std::vector<std::string>> base_urls(const provider_endpoint& of) {
  std::vector<std::string> out;
  for (auto& text : of.multiaddrs) {
    auto parsed = filecoin::multiaddr::parse(text);
    auto url = parsed ? parsed->base_url() : result<std::string>{parsed.error()};
    if (url && std::find(out.begin(), out.end(), *url) == out.end())
      out.push_back(*std::move(url));
  }
  if (out.empty())
    return fail(errc::unsupported, "the provider has no address that speaks HTTP",
                of.multiaddrs.empty() ? std::string{} : of.multiaddrs.front());
  return out;
}

filecoin::deal_proposal proposal_of(const deal& record) {
  filecoin::deal_proposal p;
  p.piece = record.piece;
  p.padded_size = record.padded_size;
  p.verified = record.verified;
  p.client = record.client;
  p.provider = record.provider;
  p.label = {record.label, true};
  p.start = record.start;
  p.end = record.end;
  p.price_per_epoch = record.price_per_epoch;
  p.provider_collateral = record.provider_collateral;
  p.client_collateral = record.client_collateral;
  return p;
}

result<bytes> encode_parcel(const proposal_parcel& parcel) {
  mk12::deal_params m;
  WEIR_TRY(m.id, mk12::parse_uuid(parcel.record.uuid.value));
  WEIR_TRY(m.proposal.client_signature, filecoin::signature_from_bytes(parcel.signature));
  m.proposal.proposal = proposal_of(parcel.record);
  http_transfer from{parcel.transfer_url, {}};
  if (!parcel.transfer_token.empty())
    from.fields.emplace("Authorization", "Bearer " + parcel.transfer_token);
  m.data = {parcel.transfer_size, "http", encode_http_transfer(from), {}};
  m.payload_root = parcel.payload_root;
  return encode(m);
}

result<bytes> encode_status_request(const get_deal_status& request) {
  mk12::status_request m;
  WEIR_TRY(m.id, mk12::parse_uuid(request.record.uuid.value));
  WEIR_TRY(m.client_signature, filecoin::signature_from_bytes(request.signature));
  return encode(m);
}

bytes encode_ask_request(const address& provider) {
  return encode(mk12::ask_request{provider});
}

result<proposal_answer> read_proposal_answer(bytes_view body) {
  auto m = mk12::decode_deal_response(body);
  if (!m)
    return garbage(m.error());
  return proposal_answer{m->accepted, printable(std::move(m->message))};
}

result<provider_deal_status> read_status_answer(bytes_view body, const get_deal_status& request) {
  auto m = mk12::decode_status_response(body);
  if (!m)
    return garbage(m.error());
  if (mk12::to_text(m->id) != request.record.uuid.value)
    return fail(errc::protocol, "the provider answered about another deal", mk12::to_text(m->id));
  provider_deal_status out;
  out.message = printable(std::move(m->problem));
  if (!m->deal)
    return out;
  out.known = true;
  out.failed = !m->deal->problem.empty();
  if (out.failed)
    out.message = printable(std::move(m->deal->problem));
  out.status = printable(std::move(m->deal->status));
  out.publish_message = m->deal->publish_message;
  out.id = m->deal->id;
  return out;
}

result<storage_ask> read_ask_answer(bytes_view body, const address& provider) {
  auto m = mk12::decode_ask_response(body);
  if (!m)
    return garbage(m.error());
  if (!m->answer || m->answer->what.miner != provider)
    return fail(errc::protocol, "the provider gave no ask of its own");
  auto& ask = m->answer->what;
  if (ask.price.negative() || ask.verified_price.negative() || ask.min_piece > ask.max_piece)
    return fail(errc::protocol, "the provider's ask makes no sense", ask.price.decimal());
  return storage_ask{ask.price, ask.verified_price, ask.min_piece, ask.max_piece, ask.expiry};
}

} // namespace weir::deals
