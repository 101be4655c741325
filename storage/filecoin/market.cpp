#include "storage/filecoin/market.hpp"

#include "storage/filecoin/rle_plus.hpp"

#include <algorithm>

namespace weir::filecoin::market {

bytes encode_add_balance(const address& beneficiary) {
  cbor_writer out;
  out.addr(beneficiary);
  return out.take();
}

result<address> decode_add_balance(bytes_view params) {
  cbor_reader in{params};
  auto beneficiary = in.addr();
  WEIR_CHECK(in.finish());
  return beneficiary;
}

bytes encode(const withdrawal& w) {
  cbor_writer out;
  out.array(2);
  out.addr(w.from);
  out.amount(w.amount);
  return out.take();
}

result<withdrawal> decode_withdrawal(bytes_view params) {
  cbor_reader in{params};
  withdrawal w;
  in.array(2);
  w.from = in.addr();
  w.amount = in.amount();
  WEIR_CHECK(in.finish());
  return w;
}

bytes encode_publish(const std::vector<client_deal_proposal>& deals) {
  cbor_writer out;
  out.array(1);
  out.array(deals.size());
  for (auto& d : deals)
    encode(out, d);
  return out.take();
}

result<std::vector<client_deal_proposal>> decode_publish(bytes_view params) {
  cbor_reader in{params};
  in.array(1);
  std::vector<client_deal_proposal> deals;
  for (auto left = in.array(); left > 0 && in.ok(); --left)
    decode(in, deals.emplace_back());
  WEIR_CHECK(in.finish());
  return deals;
}

deal_id published::id_at(std::uint64_t index) const {
  auto found = std::lower_bound(valid.begin(), valid.end(), index);
  if (found == valid.end() || *found != index)
    return {};
  return ids[static_cast<std::size_t>(found - valid.begin())];
}

bytes encode(const published& p) {
  cbor_writer out;
  out.array(2);
  out.array(p.ids.size());
  for (auto id : p.ids)
    out.uint(id.value);
  out.byte_string(encode_rle_plus(p.valid));
  return out.take();
}

result<published> decode_published(bytes_view returned) {
  cbor_reader in{returned};
  published p;
  in.array(2);
  for (auto left = in.array(); left > 0 && in.ok(); --left)
    p.ids.push_back(deal_id{in.uint()});
  auto field = in.byte_string();
  WEIR_CHECK(in.finish());
  WEIR_TRY(p.valid, decode_rle_plus(field, max_published));
  if (p.valid.size() != p.ids.size())
    return fail(errc::malformed, "a publish message returned as many ids as it has valid deals: not so here",
                std::to_string(p.ids.size()), std::to_string(p.valid.size()));
  return p;
}

} // namespace weir::filecoin::market
