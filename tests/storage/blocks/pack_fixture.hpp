#pragma once
// Blocks, CARs and pieces of them for the tests of packs.
#include "storage/blocks/block_store.hpp"
#include "storage/car/car_writer.hpp"
#include "storage/hash/block_cid.hpp"
#include "storage/pieces/piece_file.hpp"

#include <fstream>

namespace weir::test {

inline bytes block(int i) {
  bytes data(1000 + static_cast<std::size_t>(i), static_cast<std::uint8_t>(i));
  data[0] = static_cast<std::uint8_t>(i >> 8);
  return data;
}

inline cid id_of(int i) {
  return *cid_of({}, block(i));
}

/// A CAR of the blocks `from` up to `to`, without the last.
inline bytes car_of(int from, int to) {
  bytes out;
  car_writer car{[&](bytes_view data) {
    out.insert(out.end(), data.begin(), data.end());
    return status{};
  }};
  (void)car.start({id_of(from)});
  for (int i = from; i < to; ++i)
    (void)car.append(id_of(i), block(i));
  return out;
}

inline void write_file(const std::filesystem::path& path, bytes_view data) {
  std::ofstream{path, std::ios::binary}.write(reinterpret_cast<const char*>(data.data()),
                                              static_cast<std::streamsize>(data.size()));
}

/// A piece with one segment for each CAR.
inline status write_piece(const std::filesystem::path& path, const std::vector<bytes>& cars) {
  std::vector<segment_source> sources;
  for (const auto& car : cars)
    sources.push_back({car.size(), [&car](const byte_sink& out) { return out(car); }});
  auto done = write_piece_file(path, sources);
  return done ? status{} : status{done.error()};
}

/// How many files there are under the names of loose blocks.
inline int loose_files(const std::filesystem::path& store) {
  int count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{store})
    count += entry.path().extension() == ".data";
  return count;
}

} // namespace weir::test
