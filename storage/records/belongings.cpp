#include "storage/records/belongings.hpp"

namespace weir::records {

result<bool> belongings::ordered(const deal& d) const {
  if (d.content.value.empty())
    return false;
  ++looked_;
  WEIR_TRY(auto of, owner_of(records_, d));
  return of == owner_;
}

result<bool> belongings::has(const deal& d) {
  return d.content.value.empty() ? has(d.piece) : ordered(d);
}

result<bool> belongings::has(const cid& piece) {
  if (auto known = pieces_.find(piece); known != pieces_.end())
    return known->second;
  bool mine = false;
  status failed;
  auto look = [&](std::string_view key, std::string_view, revision) {
    auto parsed = decode_key<piece_contents::key_type>(key);
    if (!parsed)
      return true;
    ++looked_;
    auto c = records_.find<content>(std::get<1>(*parsed));
    if (!c)
      failed = c.error();
    else
      mine = *c && (*c)->value.owner == owner_;
    return failed.ok() && !mine;
  };
  WEIR_CHECK(records_.scan_raw(piece_contents::id, {encode_prefix(piece), {}}, look));
  WEIR_CHECK(failed);
  return pieces_.emplace(piece, mine).first->second;
}

result<owner_id> owner_of(const reader& r, const deal& d) {
  if (d.content.value.empty())
    return owner_id{};
  WEIR_TRY(auto c, r.find<content>(d.content));
  return c ? c->value.owner : owner_id{};
}

result<owner_id> owner_of(const reader& r, const address& wallet) {
  WEIR_TRY(auto held, r.find<wallet_address>(wallet));
  bool tenants = held && !held->value.instance.value.empty();
  return tenants ? ffs::owner_of(held->value.instance) : owner_id{};
}

} // namespace weir::records
