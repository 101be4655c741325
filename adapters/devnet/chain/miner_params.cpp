#include "adapters/devnet/chain/miner_params.hpp"

#include "adapters/devnet/chain/params.hpp"
#include "storage/filecoin/cbor.hpp"
#include "storage/filecoin/rle_plus.hpp"

namespace weir::devnet {

namespace {

using filecoin::cbor_reader;
using filecoin::cbor_writer;

constexpr std::size_t max_multiaddr = 1024, max_sectors = 4096;

void put_blobs(cbor_writer& out, const std::vector<bytes>& blobs) {
  out.array(blobs.size());
  for (auto& b : blobs)
    out.byte_string(b);
}

std::vector<bytes> take_blobs(cbor_reader& in) {
  std::vector<bytes> blobs;
  for (auto n = in.array(); n > 0 && in.ok(); --n)
    blobs.push_back(to_bytes(in.byte_string(max_multiaddr)));
  return blobs;
}

template <class T>
result<T> finish(cbor_reader& in, T value) {
  WEIR_CHECK(in.finish());
  return value;
}

bytes uint_item(std::uint64_t value) {
  cbor_writer out;
  out.uint(value);
  return out.take();
}

void encode(cbor_writer& out, const piece_activation& p) {
  out.array(4);
  out.link(p.piece);
  out.uint(p.padded_size);
  out.null(); // no verified allocation
  out.array(p.deals.size());
  for (auto id : p.deals) {
    out.array(2);
    out.addr(address::from_id(actor::market));
    out.byte_string(uint_item(id));
  }
}

piece_activation take_piece(cbor_reader& in) {
  piece_activation p;
  in.array(4);
  p.piece = in.link();
  p.padded_size = in.uint();
  if (!in.take_null())
    in.skip();
  for (auto n = in.array(); n > 0 && in.ok(); --n) {
    in.array(2);
    auto to = in.addr();
    cbor_reader payload{in.byte_string()};
    if (to != address::from_id(actor::market))
      continue;
    p.deals.push_back(payload.uint());
    if (!payload.finish())
      in.refuse("a notification of the market that is not a deal id");
  }
  return p;
}

} // namespace

bytes encode(const create_miner_params& p) {
  cbor_writer out;
  out.array(p.wanted.empty() ? 5 : 6);
  out.addr(p.owner);
  out.addr(p.worker);
  out.integer(p.window_post_proof);
  out.byte_string(p.peer_id);
  put_blobs(out, p.multiaddrs);
  if (!p.wanted.empty())
    out.addr(p.wanted);
  return out.take();
}

result<create_miner_params> decode_create_miner(bytes_view data) {
  cbor_reader in{data};
  create_miner_params p;
  auto n = in.array();
  if (n != 5 && n != 6)
    in.refuse("five or six elements were expected");
  p.owner = in.addr();
  p.worker = in.addr();
  p.window_post_proof = in.integer();
  p.peer_id = to_bytes(in.byte_string(max_multiaddr));
  p.multiaddrs = take_blobs(in);
  if (n == 6)
    p.wanted = in.addr();
  return finish(in, std::move(p));
}

bytes encode_multiaddrs(const std::vector<bytes>& multiaddrs) {
  cbor_writer out;
  out.array(1);
  put_blobs(out, multiaddrs);
  return out.take();
}

result<std::vector<bytes>> decode_multiaddrs(bytes_view data) {
  cbor_reader in{data};
  in.array(1);
  auto blobs = take_blobs(in);
  return finish(in, std::move(blobs));
}

bytes encode_prove_commit(const std::vector<sector_activation>& sectors) {
  cbor_writer out;
  out.array(6);
  out.array(sectors.size());
  for (auto& s : sectors) {
    out.array(2);
    out.uint(s.number);
    out.array(s.pieces.size());
    for (auto& p : s.pieces)
      encode(out, p);
  }
  out.array(sectors.size());
  for (std::size_t i = 0; i < sectors.size(); ++i)
    out.byte_string(as_bytes("devnet proof"));
  out.byte_string({}); // no aggregate
  out.null();
  out.boolean(true);
  out.boolean(true);
  return out.take();
}

result<std::vector<sector_activation>> decode_prove_commit(bytes_view data) {
  cbor_reader in{data};
  std::vector<sector_activation> sectors;
  in.array(6);
  for (auto n = in.array(); n > 0 && in.ok(); --n) {
    sector_activation s;
    in.array(2);
    s.number = in.uint();
    for (auto k = in.array(); k > 0 && in.ok(); --k)
      s.pieces.push_back(take_piece(in));
    sectors.push_back(std::move(s));
  }
  for (int i = 0; i < 5; ++i)
    in.skip();
  return finish(in, std::move(sectors));
}

bytes encode_terminate(const std::vector<std::uint64_t>& sectors) {
  cbor_writer out;
  out.array(1);
  out.array(1);
  out.array(3);
  out.uint(0);
  out.uint(0);
  out.byte_string(filecoin::encode_rle_plus(sectors));
  return out.take();
}

result<std::vector<std::uint64_t>> decode_terminate(bytes_view data) {
  cbor_reader in{data};
  std::vector<std::uint64_t> sectors;
  in.array(1);
  for (auto n = in.array(); n > 0 && in.ok(); --n) {
    in.array(3);
    in.uint();
    in.uint();
    WEIR_TRY(auto members, filecoin::decode_rle_plus(in.byte_string(), max_sectors));
    sectors.insert(sectors.end(), members.begin(), members.end());
  }
  return finish(in, std::move(sectors));
}

bytes encode_report_fault(const std::vector<std::uint64_t>& deals) {
  cbor_writer out;
  out.array(deals.size());
  for (auto id : deals)
    out.uint(id);
  return out.take();
}

result<std::vector<std::uint64_t>> decode_report_fault(bytes_view data) {
  cbor_reader in{data};
  std::vector<std::uint64_t> deals;
  for (auto n = in.array(); n > 0 && in.ok(); --n)
    deals.push_back(in.uint());
  return finish(in, std::move(deals));
}

} // namespace weir::devnet
