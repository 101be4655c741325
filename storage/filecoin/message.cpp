#include "storage/filecoin/message.hpp"

#include "storage/filecoin/chain_hash.hpp"

#include <algorithm>

namespace weir::filecoin {

namespace {

constexpr std::size_t message_fields = 10;
constexpr std::size_t signed_fields = 2;

} // namespace

void encode(cbor_writer& out, const message& m) {
  out.array(message_fields);
  out.uint(m.version);
  out.addr(m.to);
  out.addr(m.from);
  out.uint(m.nonce);
  out.amount(m.value);
  out.integer(m.gas_limit);
  out.amount(m.gas_fee_cap);
  out.amount(m.gas_premium);
  out.uint(m.method);
  out.byte_string(m.params);
}

void decode(cbor_reader& in, message& m) {
  in.array(message_fields);
  m.version = in.uint();
  if (in.ok() && m.version != 0)
    in.refuse("a message's version is not 0");
  m.to = in.addr();
  m.from = in.addr();
  m.nonce = in.uint();
  m.value = in.amount();
  m.gas_limit = in.integer();
  m.gas_fee_cap = in.amount();
  m.gas_premium = in.amount();
  m.method = in.uint();
  m.params = to_bytes(in.byte_string());
}

void encode(cbor_writer& out, const signed_message& m) {
  out.array(signed_fields);
  encode(out, m.msg);
  encode(out, m.sig);
}

void decode(cbor_reader& in, signed_message& m) {
  in.array(signed_fields);
  decode(in, m.msg);
  decode(in, m.sig);
}

bytes encode(const message& m) {
  cbor_writer out;
  encode(out, m);
  return out.take();
}

bytes encode(const signed_message& m) {
  cbor_writer out;
  encode(out, m);
  return out.take();
}

result<message> decode_message(bytes_view data) {
  cbor_reader in{data};
  message m;
  decode(in, m);
  WEIR_CHECK(in.finish());
  return m;
}

result<signed_message> decode_signed_message(bytes_view data) {
  cbor_reader in{data};
  signed_message m;
  decode(in, m);
  WEIR_CHECK(in.finish());
  return m;
}

cid message_cid(const message& m) {
  return chain_cid(encode(m));
}

cid signed_message_cid(const signed_message& m) {
  return m.sig.kind == signature::type::bls ? message_cid(m.msg) : chain_cid(encode(m));
}

token_amount max_cost(const message& m) {
  return m.value + m.gas_fee_cap * token_amount{static_cast<std::uint64_t>(std::max<std::int64_t>(0, m.gas_limit))};
}

} // namespace weir::filecoin
