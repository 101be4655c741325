// Writes the records of a node that has kept many contents for a while: each
// thousand of them in a bucket of its own, packed into one piece with six
// active deals. Usage: fill_records DATA_FOLDER CONTENTS (node_bench.py).
#include "storage/records/facts.hpp"
#include "storage/records/store.hpp"
#include "storage/records/transaction_builder.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace {

using namespace weir;

constexpr unsigned in_a_bucket = 1000;

cid number_cid(unsigned n) {
  bytes digest(32);
  for (int i = 0; i < 4; ++i)
    digest[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(n >> (8 * i));
  return cid::v1(codec::raw, hash_code::sha2_256, digest);
}

cid piece_cid_of(unsigned n) {
  return cid::v1(codec::fil_commitment_unsealed, hash_code::sha2_256_trunc254_padded,
                 bytes(32, static_cast<std::uint8_t>(n)));
}

transaction one_content(unsigned n, unsigned group) {
  content c;
  c.id = content_id{"content-" + std::to_string(n)};
  c.owner = owner_id{"local"};
  c.name = "a file of about this length.bin";
  c.cid = number_cid(n);
  c.size = c.dag_size = 1000;
  c.state = content_state::active;
  c.bucket = bucket_id{"bucket-" + std::to_string(group)};
  c.created_at = epoch{1};
  placement p;
  p.content = c.id;
  p.piece = piece_cid_of(group);
  p.root = c.cid;
  p.length = 1100;
  return records::transaction_builder{}
      .create(c)
      .create(p)
      .say(event_kind::content_stored, c.id.value, c.owner, {records::fact("size", c.size)})
      .take();
}

transaction one_bucket(unsigned group) {
  bucket b;
  b.id = bucket_id{"bucket-" + std::to_string(group)};
  b.state = bucket_state::complete;
  b.ready = bucket_ready::count;
  b.count = in_a_bucket;
  b.created_at = b.ready_at = b.complete_at = epoch{1};
  b.pieces = {piece_cid_of(group)};
  piece p;
  p.cid = b.pieces.front();
  p.padded_size = 1 << 21;
  p.payload_size = 1'100'000;
  p.bucket = b.id;
  p.state = piece_state::placed;
  p.local = false;
  p.contents = in_a_bucket;
  p.created_at = epoch{1};
  records::transaction_builder t;
  t.create(b).create(p);
  for (unsigned i = 0; i < 6; ++i) {
    deal d;
    d.uuid = deal_uuid{"deal-" + std::to_string(group) + "-" + std::to_string(i)};
    d.piece = p.cid;
    d.padded_size = p.padded_size;
    d.provider = address::from_id(2000 + i);
    d.state = deal_state::active;
    d.id = deal_id{1'000'000 + group * 6 + i};
    d.start = epoch{1};
    d.end = epoch{3'000'000};
    t.create(d);
  }
  return t.take();
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: fill_records DATA_FOLDER CONTENTS\n", stderr);
    return 2;
  }
  auto store = records::record_store::open(std::filesystem::path{argv[1]} / "records");
  if (!store) {
    std::fprintf(stderr, "%s\n", to_string(store.error()).c_str());
    return 1;
  }
  auto groups = static_cast<unsigned>(std::atoi(argv[2])) / in_a_bucket;
  for (unsigned group = 0; group < groups; ++group) {
    std::vector<transaction> all{one_bucket(group)};
    for (unsigned i = 0; i < in_a_bucket; ++i)
      all.push_back(one_content(group * in_a_bucket + i, group));
    for (auto& done : (*store)->commit_group(std::move(all), unix_ms{0}))
      if (!done) {
        std::fprintf(stderr, "%s\n", to_string(done.error()).c_str());
        return 1;
      }
  }
  return 0;
}
