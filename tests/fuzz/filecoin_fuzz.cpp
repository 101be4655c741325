// Everything of the deal world that strangers send, but its JSON.
#include "storage/filecoin/address_text.hpp"
#include "storage/filecoin/market.hpp"
#include "storage/filecoin/message.hpp"
#include "storage/filecoin/mk12.hpp"
#include "storage/filecoin/multiaddr.hpp"
#include "storage/filecoin/rle_plus.hpp"
#include "storage/pieces/aggregate.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace weir;
using namespace weir::filecoin;
using fuzz::require;

namespace {

/// Chain objects have one encoding: what is read is what is written again.
void chain_objects(bytes_view in) {
  auto same = [&](const bytes& again) { require(again == to_bytes(in)); };
  if (auto p = decode_proposal(in))
    same(encode(*p));
  if (auto p = decode_client_proposal(in))
    same(encode(*p));
  if (auto m = decode_message(in))
    same(encode(*m));
  if (auto m = decode_signed_message(in))
    same(encode(*m));
  if (auto deals = market::decode_publish(in))
    same(market::encode_publish(*deals));
  if (auto w = market::decode_withdrawal(in))
    same(market::encode(*w));
  (void)market::decode_published(in);
  if (auto bits = decode_rle_plus(in, 4096))
    require(*decode_rle_plus(encode_rle_plus(*bits), 4096) == *bits);
}

/// Maps may come in any order: what is written again is read the same.
void mk12_messages(bytes_view in) {
  auto stable = [](auto decode, const bytes& once) { require(encode(*decode(once)) == once); };
  if (auto m = mk12::decode_deal_params(in); m && !m->payload_root.empty())
    stable(mk12::decode_deal_params, encode(*m));
  if (auto m = mk12::decode_deal_response(in))
    stable(mk12::decode_deal_response, encode(*m));
  (void)mk12::decode_status_request(in);
  (void)mk12::decode_status_response(in);
  (void)mk12::decode_ask_request(in);
  (void)mk12::decode_ask_response(in);
}

void texts(std::string_view text) {
  if (auto a = parse_address(text))
    require(to_text(*a).substr(1) == text.substr(1));
  if (auto m = multiaddr::parse(text))
    require(*multiaddr::parse(m->text()) == *m && *multiaddr::from_bytes(m->data()) == *m);
  (void)mk12::parse_uuid(text);
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bytes_view in{data, size};
  chain_objects(in);
  mk12_messages(in);
  texts(fuzz::text_of(data, size));
  if (auto m = multiaddr::from_bytes(in))
    require(*multiaddr::from_bytes(m->data()) == *m);
  for (auto& s : parse_index(in, 1 << 20))
    require(s.offset + s.size <= index_offset(1 << 20));
  return 0;
}
