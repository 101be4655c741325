#include "adapters/devnet/genesis.hpp"

#include "messages/types/varint.hpp"
#include "storage/filecoin/chain_hash.hpp"

namespace weir::devnet {

namespace {

struct place {
  const char* name;
  const char* country;
  std::uint64_t price; ///< attoFIL per GiB and epoch
};
constexpr place places[] = {
    {"amber", "DE", 50'000'000},  {"birch", "FI", 20'000'000},  {"cedar", "CA", 30'000'000},
    {"delta", "NL", 40'000'000},  {"ember", "US", 60'000'000},  {"fjord", "NO", 80'000'000},
    {"grove", "JP", 100'000'000}, {"heath", "BR", 150'000'000},
};

constexpr std::uint64_t sector_32_gib = std::uint64_t{32} << 30;
const token_amount one_fil{1'000'000'000'000'000'000};

filecoin::digest256 derive(std::uint64_t seed, const std::string& what, std::uint64_t round) {
  bytes data = to_bytes(as_bytes("weir devnet "));
  put_varint(data, seed);
  put_varint(data, round);
  data.insert(data.end(), what.begin(), what.end());
  return filecoin::blake2b_256(data);
}

filecoin::secret_key derive_key(std::uint64_t seed, const std::string& what) {
  for (std::uint64_t round = 0;; ++round)
    if (auto key = filecoin::secret_key::from_bytes(derive(seed, what, round)))
      return *std::move(key);
}

/// An identity multihash of an ed25519 key, as libp2p has it.
bytes derive_peer(std::uint64_t seed, const std::string& what) {
  bytes id{0x00, 0x24, 0x08, 0x01, 0x12, 0x20};
  auto key = derive(seed, what + " peer", 0);
  id.insert(id.end(), key.begin(), key.end());
  return id;
}

provider_seed provider_number(const options& o, std::size_t i) {
  auto& p = places[i % std::size(places)];
  std::string name = p.name;
  if (i >= std::size(places))
    name += "-" + std::to_string(i / std::size(places) + 1);
  provider_seed s{address::from_id(actor::first_miner + i),
                  derive_key(o.seed, name),
                  derive_peer(o.seed, name),
                  name,
                  p.country,
                  {}};
  s.defaults.price = p.price;
  s.defaults.verified_price = p.price / 10;
  s.defaults.max_piece = sector_32_gib;
  s.defaults.min_piece = o.limits == profile::real ? std::uint64_t{16} << 30 : 256;
  return s;
}

} // namespace

population populate(const options& o) {
  population all{derive_key(o.seed, "master"), {}, {}};
  auto& p = all.params;
  p.seed = o.seed;
  p.network = o.limits == profile::real ? "weir-devnet-real" : "weir-devnet";
  p.genesis_time = o.genesis_time;
  p.finality = o.finality;
  p.min_duration = o.min_duration;
  p.accounts.push_back({all.master.address(), one_fil * token_amount{400'000'000}});
  for (std::size_t i = 0; i < o.providers; ++i) {
    all.providers.push_back(provider_number(o, i));
    auto& s = all.providers.back();
    p.accounts.push_back({s.key.address(), one_fil * token_amount{100'000}});
    p.miners.push_back({s.key.address(), s.peer_id});
  }
  return all;
}

} // namespace weir::devnet
