#include "storage/pieces/piece_cid.hpp"

#include <gtest/gtest.h>

namespace weir {

namespace {

bytes rows(std::size_t zeros_after) {
  bytes out;
  for (std::uint8_t value = 0; value < 4; ++value)
    out.insert(out.end(), quad_payload, value);
  out.resize(out.size() + zeros_after);
  return out;
}

struct vector {
  bytes payload;
  const char* v1;
  const char* v2;
};

const vector published[] = {
    {rows(0), "baga6ea4seaqes3nobte6ezpp4wqan2age2s5yxcatzotcvobhgcmv5wi2xh5mbi",
     "bafkzcibcaaces3nobte6ezpp4wqan2age2s5yxcatzotcvobhgcmv5wi2xh5mbi"},
    {bytes(0), "baga6ea4seaqdomn3tgwgrh3g532zopskstnbrd2n3sxfqbze7rxt7vqn7veigmy",
     "bafkzcibcp4bdomn3tgwgrh3g532zopskstnbrd2n3sxfqbze7rxt7vqn7veigmy"},
    {bytes(127), "baga6ea4seaqdomn3tgwgrh3g532zopskstnbrd2n3sxfqbze7rxt7vqn7veigmy",
     "bafkzcibcaabdomn3tgwgrh3g532zopskstnbrd2n3sxfqbze7rxt7vqn7veigmy"},
    {bytes(128), "baga6ea4seaqgiktap34inmaex4wbs6cghlq5i2j2yd2bb2zndn5ep7ralzphkdy",
     "bafkzcibcpybwiktap34inmaex4wbs6cghlq5i2j2yd2bb2zndn5ep7ralzphkdy"},
    {rows(4), "baga6ea4seaqn42av3szurbbscwuu3zjssvfwbpsvbjf6y3tukvlgl2nf5rha6pa",
     "bafkzcibd7abqlxticxolgseegik2stpfgkkuwyf6kufex3doorkvmzpjuxwe4dz4"},
    {rows(5), "baga6ea4seaqn42av3szurbbscwuu3zjssvfwbpsvbjf6y3tukvlgl2nf5rha6pa",
     "bafkzcibd64bqlxticxolgseegik2stpfgkkuwyf6kufex3doorkvmzpjuxwe4dz4"},
    {rows(508), "baga6ea4seaqn42av3szurbbscwuu3zjssvfwbpsvbjf6y3tukvlgl2nf5rha6pa",
     "bafkzcibcaac542av3szurbbscwuu3zjssvfwbpsvbjf6y3tukvlgl2nf5rha6pa"},
    {bytes(127, 0xcc), "baga6ea4seaqmfldjtozgne6adk7eve2vdxte7vzlivae7nzsbrawobo546zkijq", nullptr},
    {bytes(192, 0xcc), "baga6ea4seaqkx7m2s6r4zahtlbwrs5ryvemkclwfp7nijopdd5swpdnxzjf7wkq", nullptr},
    {bytes(255, 0xcc), "baga6ea4seaqg7celu5y2iwbi2ra5koygvotxtzr5lj6vzvxi6gfub6mpa6niwpi", nullptr},
    {bytes(508, 0xcc), "baga6ea4seaqb6ckbupixkhwp7thgb52f4en222boppajkqk7gaomkpof3lh4cei", nullptr},
    {bytes(1016, 0xcc), "baga6ea4seaqjxgfdkdu37aryhg7bqqiwizj5f6ugasftgeocabwnj4cxkgisaoq", nullptr},
};

TEST(piece_cid, published_cids_go_both_ways) {
  for (auto& v : published) {
    auto c = commp_of(v.payload);
    EXPECT_EQ(piece_cid_v1(c.root).text(), v.v1);
    EXPECT_EQ(*piece_root(*cid::parse(v.v1)), c.root);
    if (v.v2 == nullptr)
      continue;
    EXPECT_EQ(piece_cid_v2(c).text(), v.v2);
    EXPECT_EQ(*parse_piece_cid_v2(*cid::parse(v.v2)), c);
    EXPECT_EQ(to_piece_cid_v1(*cid::parse(v.v2))->text(), v.v1);
  }
}

TEST(piece_cid, zeros_of_whole_sectors) {
  EXPECT_EQ(piece_cid_v1(zero_root(32ULL << 30)).text(),
            "baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq");
  EXPECT_EQ(piece_cid_v1(zero_root(64ULL << 30)).text(),
            "baga6ea4seaqomqafu276g53zko4k23xzh4h4uecjwicbmvhsuqi7o4bhthhm4aq");
}

TEST(piece_cid, other_cids_are_refused) {
  auto digest = to_bytes(piece_cid_v2(commp_of(bytes(127))).digest());
  auto made = [](const bytes& d) { return cid::v1(codec::raw, hash_code::fr32_sha256_trunc254_padbintree, d); };
  auto tall = digest, low = digest, bits = digest, empty = digest;
  tall[1] = 32;
  low[1] = 1;
  bits.back() |= 0x80;
  empty[0] = 127; // all of the piece is padding
  EXPECT_TRUE(is_piece_cid_v2(made(empty)));
  auto over = empty;
  over[0] = 0x80;
  over.insert(over.begin() + 1, 1); // 128 of 127 bytes are
  for (auto& d : {tall, low, bits, over, bytes{}, bytes{0}})
    EXPECT_FALSE(is_piece_cid_v2(made(d))) << to_hex(d);
  EXPECT_FALSE(piece_root(cid{}));
  EXPECT_FALSE(piece_root(cid::v1(codec::raw, hash_code::sha2_256, bytes(32))));
  auto with = [](std::uint64_t codec, bytes d) { return cid::v1(codec, hash_code::sha2_256_trunc254_padded, d); };
  EXPECT_FALSE(piece_root(with(codec::fil_commitment_sealed, bytes(32))));
  EXPECT_FALSE(piece_root(with(codec::fil_commitment_unsealed, bytes(32, 0xff))));
}

} // namespace

} // namespace weir
