// The verified registry actor f06: who may make verified deals, and for how many bytes.
#include "adapters/devnet/chain/registry.hpp"

#include "adapters/devnet/chain/execute.hpp"

namespace weir::devnet {

bytes encode(const verified_client& c) {
  filecoin::cbor_writer out;
  out.array(2);
  out.addr(c.client);
  out.amount(c.allowance);
  return out.take();
}

result<verified_client> decode_verified_client(bytes_view params) {
  filecoin::cbor_reader in{params};
  in.array(2);
  verified_client c;
  c.client = in.addr();
  c.allowance = in.amount();
  WEIR_CHECK(in.finish());
  return c;
}

outcome call_registry(execution& x, const call& c) {
  if (c.message.method != method::add_verified_client)
    return {exit_code::unhandled, {}};
  auto wanted = decode_verified_client(c.message.params);
  if (!wanted)
    return {exit_code::serialization, {}};
  if (c.from != x.state.lookup(x.params.accounts.front().key))
    return {exit_code::forbidden, {}};
  auto kind = wanted->client.empty() ? address::protocol::id : wanted->client.kind();
  auto id = x.state.lookup(wanted->client);
  if (!id && kind == address::protocol::secp256k1)
    id = x.state.ensure_account(wanted->client);
  if (!id || wanted->allowance < token_amount{x.params.least_allocation})
    return {exit_code::illegal_argument, {}};
  x.state.add_datacap(*id, wanted->allowance);
  return {};
}

} // namespace weir::devnet
