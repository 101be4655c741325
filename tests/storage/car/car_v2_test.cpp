#include "storage/car/car_v2.hpp"

#include "storage/car/car_file.hpp"
#include "storage/car/car_header.hpp"
#include "storage/hash/block_cid.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>

#include <gtest/gtest.h>

namespace weir {
namespace {

/// go-car's own sample (v2/testdata/sample-unixfs-v2.car): a folder in a folder
/// with a file of "hello world", its index of the format multihash-sorted.
const bytes& go_car_sample() {
  static const bytes car = *from_hex(
      "0aa16776657273696f6e020000000000000000000000000000000033000000000000001c010000000000004f010000000000003aa265726f"
      "6f747381d82a582500017012200a344871dee6c754207f596cfc95ae29d4a0a21e7023925a5d6125206dd4aab46776657273696f6e013001"
      "551220a948904f2f0f479b8f8197694b30184b0d2ed1c1cd2a1ec0fb85d299a192a44768656c6c6f20776f726c640a5901701220cbce1238"
      "69f855af03cc49752c1b05832020b7b8ac1ceb7c8e4acb671df67981122f0a2401551220a948904f2f0f479b8f8197694b30184b0d2ed1c1"
      "cd2a1ec0fb85d299a192a4471205622e747874180c0a02080155017012200a344871dee6c754207f596cfc95ae29d4a0a21e7023925a5d61"
      "25206dd4aab4122b0a2401701220cbce123869f855af03cc49752c1b05832020b7b8ac1ceb7c8e4acb671df6798112016118000a02080181"
      "08010000001200000000000000010000002800000078000000000000000a344871dee6c754207f596cfc95ae29d4a0a21e7023925a5d6125"
      "206dd4aab4c600000000000000a948904f2f0f479b8f8197694b30184b0d2ed1c1cd2a1ec0fb85d299a192a4473b00000000000000cbce12"
      "3869f855af03cc49752c1b05832020b7b8ac1ceb7c8e4acb671df679816c00000000000000");
  return car;
}

bytes digest_of_hello() {
  auto id = *cid_of({}, as_bytes("hello world\n"));
  return to_bytes(id.digest());
}

void write(const std::filesystem::path& path, bytes_view data) {
  std::ofstream{path, std::ios::binary}.write(reinterpret_cast<const char*>(data.data()),
                                              static_cast<std::streamsize>(data.size()));
}

bytes read(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

struct parsed {
  status done;
  std::vector<cid> roots;
  std::vector<car_position> where;
  std::uint64_t payload = 0;
};

parsed parse(bytes_view car, std::size_t step) {
  parsed out;
  car_parser parser{[&](const cid&, bytes_view, const car_position& at) {
    out.where.push_back(at);
    return status{};
  }};
  for (std::size_t at = 0; at < car.size(); at += step)
    if (!parser.feed(car.subspan(at, std::min(step, car.size() - at))))
      break;
  out.done = parser.finish();
  out.roots = parser.roots().value_or(std::vector<cid>{});
  out.payload = parser.payload_size();
  return out;
}

TEST(car_v2, go_cars_sample_is_read_as_a_stream) {
  for (std::size_t step : {1u, 10u, 11u, 51u, 60u, 1000u}) {
    auto seen = parse(go_car_sample(), step);
    ASSERT_TRUE(seen.done) << to_string(seen.done.error());
    EXPECT_EQ(seen.roots[0].text(), "bafybeiakgrehdxxgy5kca72znt6jllrj2sqkehtqeojfuxlbeuqg3vfkwq");
    EXPECT_EQ(seen.where.size(), 3u);
    EXPECT_EQ(seen.payload, 0x11cu);
    EXPECT_EQ(seen.where[0].frame, 51u + 59) << "offsets are those of the file";
  }
}

TEST(car_v2, go_cars_sample_is_served_and_its_index_fits) {
  test::temp_dir folder;
  write(folder / "v2.car", go_car_sample());
  auto car = *car_file::open(folder / "v2.car");
  EXPECT_EQ(car->count(), 3u);
  auto hello = cid::v1(codec::raw, hash_code::sha2_256, digest_of_hello());
  EXPECT_EQ(as_text(*car->get(hello)), "hello world\n");
  auto index = *read_car_v2_index(folder / "v2.car");
  ASSERT_TRUE(index);
  EXPECT_EQ(index->format, car_index_format::multihash_sorted);
  ASSERT_EQ(index->entries.size(), 3u);
  EXPECT_EQ(index->entries[1].digest, digest_of_hello());
  EXPECT_EQ(index->entries[1].offset, 59u);
}

TEST(car_v2, what_is_written_is_what_go_car_writes) {
  test::temp_dir folder;
  auto where = car_v2_front_size;
  write(folder / "v1.car", bytes_view{go_car_sample()}.subspan(where, 0x11c));
  ASSERT_TRUE(write_car_v2(folder / "v1.car", folder / "v2.car"));
  EXPECT_EQ(read(folder / "v2.car"), go_car_sample());
  ASSERT_TRUE(write_car_v2(folder / "v2.car", folder / "again.car")) << "a version 2 can be the source";
  EXPECT_EQ(read(folder / "again.car"), go_car_sample());
  ASSERT_TRUE(write_car_v2(folder / "v1.car", folder / "sorted.car", car_index_format::sorted));
  auto index = *read_car_v2_index(folder / "sorted.car");
  EXPECT_EQ(index->format, car_index_format::sorted);
  EXPECT_EQ(index->entries.size(), 3u);
  EXPECT_EQ(index->entries[0].hash, 0u);
  EXPECT_FALSE(*read_car_v2_index(folder / "v1.car")) << "a version 1 has none";
  EXPECT_FALSE(std::filesystem::exists(folder / "sorted.car.tmp"));
}

TEST(car_v2, identity_blocks_and_other_hashes_and_several_roots) {
  test::temp_dir folder;
  bytes v1;
  car_writer out{[&](bytes_view data) {
    v1.insert(v1.end(), data.begin(), data.end());
    return status{};
  }};
  auto small = *cid_of({1, codec::raw, hash_code::identity}, as_bytes("tiny"));
  auto long_hash = *cid_of({1, codec::raw, hash_code::sha2_512}, as_bytes("a"));
  auto other_hash = *cid_of({1, codec::raw, hash_code::blake2b_256}, as_bytes("b"));
  auto usual = *cid_of({}, as_bytes("c"));
  ASSERT_TRUE(out.start({small, usual}));
  for (auto& [id, text] : {std::pair{small, "tiny"}, {long_hash, "a"}, {other_hash, "b"}, {usual, "c"}, {usual, "c"}})
    ASSERT_TRUE(out.append(id, as_bytes(text)));
  write(folder / "v1.car", v1);
  ASSERT_TRUE(write_car_v2(folder / "v1.car", folder / "v2.car"));
  auto car = *car_file::open(folder / "v2.car");
  EXPECT_EQ(car->roots(), (std::vector<cid>{small, usual}));
  for (auto& id : {small, long_hash, other_hash, usual})
    EXPECT_TRUE(car->get(id));
  auto index = *read_car_v2_index(folder / "v2.car");
  std::vector<std::uint64_t> hashes;
  for (auto& e : index->entries)
    hashes.push_back(e.hash);
  EXPECT_EQ(hashes, (std::vector<std::uint64_t>{0x12, 0x12, 0x13, 0xb220})) << "by hash, no identity, both frames";
  auto summary = read_car(folder / "v2.car", [](auto&, auto, auto&) { return status{}; });
  EXPECT_EQ(summary->blocks, 5u);
}

TEST(car_v2, damage_is_named_with_its_place_in_the_file) {
  auto car = go_car_sample();
  car[51 + 59 + 40] ^= 1; // in "hello world"
  auto seen = parse(car, 7);
  EXPECT_EQ(seen.done.error().code, errc::corrupt);
  EXPECT_NE(seen.done.error().message.find("byte 110 "), std::string::npos) << seen.done.error().message;
  for (std::size_t size = 0; size < 51 + 0x11c; size += 13)
    EXPECT_EQ(parse(bytes_view{go_car_sample()}.first(size), 8).done.error().code, errc::malformed) << size;
  EXPECT_TRUE(parse(bytes_view{go_car_sample()}.first(51 + 0x11c), 8).done) << "only the index is missing";

  auto shorter = go_car_sample();
  shorter[35] -= 3; // data_size: the last frame is longer than the data
  EXPECT_EQ(parse(shorter, 8).done.error().code, errc::malformed);
  test::temp_dir folder;
  write(folder / "a.car", shorter);
  EXPECT_EQ(car_file::open(folder / "a.car").error().code, errc::malformed);
  write(folder / "b.car", bytes_view{go_car_sample()}.first(200));
  EXPECT_EQ(car_file::open(folder / "b.car").error().code, errc::malformed);
}

TEST(car_v2, header) {
  auto round = [](const car_v2_header& h) {
    return decode_car_v2_header(bytes_view{car_v2_front(h)}.subspan(car_v2_pragma_size));
  };
  car_v2_header h{true, 60, 1000, 2000};
  EXPECT_EQ(*round(h), h);
  for (auto bad : {car_v2_header{false, 50, 10, 0}, car_v2_header{false, 51, 0, 0}, car_v2_header{false, 51, 10, 60},
                   car_v2_header{false, 51, ~0ull, 0}, car_v2_header{false, ~0ull, 10, 0}})
    EXPECT_EQ(round(bad).error().code, errc::malformed);
}

TEST(car_v2, index_is_strict) {
  std::vector<car_index_entry> entries{{0x12, bytes(32, 2), 5}, {0x12, bytes(32, 1), 9}, {0x13, bytes(64, 0), 7}};
  auto good = encode_car_index(car_index_format::multihash_sorted, entries);
  EXPECT_EQ(decode_car_index(good)->entries[0].offset, 9u);
  for (std::size_t i = 0; i < good.size(); ++i)
    EXPECT_FALSE(decode_car_index(bytes_view{good}.first(i))) << i;
  auto changed = [&](std::size_t at, std::uint8_t value) {
    auto bad = good;
    bad[at] = value;
    return decode_car_index(bad);
  };
  EXPECT_EQ(changed(0, 0x85).error().code, errc::unsupported);
  EXPECT_EQ(changed(2, 0xff).error().code, errc::malformed) << "number of hash functions";
  EXPECT_EQ(changed(6, 0x14).error().code, errc::malformed) << "hash functions out of order";
  EXPECT_EQ(changed(18, 4).error().code, errc::malformed) << "width below an offset";
  EXPECT_EQ(changed(29, 0x7f).error().code, errc::malformed) << "2^63 bytes";
  EXPECT_EQ(changed(30, 9).error().code, errc::malformed) << "digests out of order";
  good.push_back(0);
  EXPECT_EQ(decode_car_index(good).error().code, errc::malformed);
}

} // namespace
} // namespace weir
