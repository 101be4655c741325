#include "storage/filecoin/proposal.hpp"

#include "storage/filecoin/chain_hash.hpp"

#include <algorithm>

namespace weir::filecoin {

namespace {

constexpr std::size_t proposal_fields = 11;
constexpr std::size_t signed_fields = 2;

void encode(cbor_writer& out, const deal_label& label) {
  if (label.is_text)
    out.text(label.data);
  else
    out.byte_string(as_bytes(label.data));
}

void decode(cbor_reader& in, deal_label& label) {
  label.is_text = in.at_text();
  label.data = label.is_text ? in.text(deal_label::max_size) : as_text(in.byte_string(deal_label::max_size));
}

template <class T>
bytes encoded(const T& value) {
  cbor_writer out;
  encode(out, value);
  return out.take();
}

template <class T>
result<T> decoded(bytes_view data) {
  cbor_reader in{data};
  T value;
  decode(in, value);
  WEIR_CHECK(in.finish());
  return value;
}

} // namespace

void encode(cbor_writer& out, const deal_proposal& p) {
  out.array(proposal_fields);
  out.link(p.piece);
  out.uint(p.padded_size);
  out.boolean(p.verified);
  out.addr(p.client);
  out.addr(p.provider);
  encode(out, p.label);
  out.integer(p.start.value);
  out.integer(p.end.value);
  out.amount(p.price_per_epoch);
  out.amount(p.provider_collateral);
  out.amount(p.client_collateral);
}

void decode(cbor_reader& in, deal_proposal& p) {
  in.array(proposal_fields);
  p.piece = in.link();
  p.padded_size = in.uint();
  p.verified = in.boolean();
  p.client = in.addr();
  p.provider = in.addr();
  decode(in, p.label);
  p.start = epoch{in.integer()};
  p.end = epoch{in.integer()};
  p.price_per_epoch = in.amount();
  p.provider_collateral = in.amount();
  p.client_collateral = in.amount();
}

void encode(cbor_writer& out, const client_deal_proposal& p) {
  out.array(signed_fields);
  encode(out, p.proposal);
  encode(out, p.client_signature);
}

void decode(cbor_reader& in, client_deal_proposal& p) {
  in.array(signed_fields);
  decode(in, p.proposal);
  decode(in, p.client_signature);
}

bytes encode(const deal_proposal& p) {
  return encoded(p);
}

bytes encode(const client_deal_proposal& p) {
  return encoded(p);
}

result<deal_proposal> decode_proposal(bytes_view data) {
  return decoded<deal_proposal>(data);
}

result<client_deal_proposal> decode_client_proposal(bytes_view data) {
  return decoded<client_deal_proposal>(data);
}

cid proposal_cid(const deal_proposal& p) {
  return chain_cid(encode(p));
}

cid signed_proposal_cid(const client_deal_proposal& p) {
  return cid::v1(codec::dag_cbor, hash_code::sha2_256, sha2_256(encode(p)));
}

token_amount client_funds(const deal_proposal& p) {
  auto epochs = static_cast<std::uint64_t>(std::max<epoch_delta>(0, p.end - p.start));
  return p.client_collateral + p.price_per_epoch * token_amount{epochs};
}

} // namespace weir::filecoin
