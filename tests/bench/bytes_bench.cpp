// Bytes: hashing leaves together, and the one pass from a file to CAR and
// commP against its own stages measured alone. Processor time, so that
// neighbours count for little; the slices alternate.
#include "storage/blocks/block_store.hpp"
#include "storage/car/car_writer.hpp"
#include "storage/commp/kernel.hpp"
#include "storage/hash/digest.hpp"
#include "storage/import/stream_file.hpp"
#include "storage/import/tree_import.hpp"
#include "storage/pieces/piece_file.hpp"
#include "storage/support/file.hpp"
#include "tests/bench/bench.hpp"
#include "tests/support/temp_dir.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <ctime>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

namespace weir {
namespace {

/// Of all threads of the process, seconds.
double cpu_now() {
  timespec t{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

double cpu_of(const std::function<void()>& work) {
  auto before = cpu_now();
  work();
  return cpu_now() - before;
}

bytes noise(std::size_t size) {
  bytes out(size);
  std::uint64_t x = 1;
  for (auto& byte : out)
    byte = static_cast<std::uint8_t>((x = x * 6364136223846793005 + 1442695040888963407) >> 56);
  return out;
}

void write(const std::filesystem::path& path, bytes_view data) {
  std::ofstream{path, std::ios::binary}.write(reinterpret_cast<const char*>(data.data()),
                                              static_cast<std::streamsize>(data.size()));
}

void hash_together(bytes_view data, std::size_t leaf) {
  const std::uint8_t* messages[commp::lanes];
  std::uint8_t digests[commp::lanes * commp::node_size];
  for (std::size_t at = 0; at + leaf * commp::lanes <= data.size(); at += leaf * commp::lanes) {
    for (std::size_t i = 0; i < commp::lanes; ++i)
      messages[i] = data.data() + at + i * leaf;
    commp::best_kernel().sha256_lanes(messages, commp::lanes, leaf, digests);
  }
}

WEIR_BENCH(bytes_hashing, "leaves one by one and sixteen together, and commP, against OpenSSL") {
  auto data = noise(16 << 20);
  double alone = 0, together = 0, tree = 0;
  for (int round = 0; round < 5; ++round) {
    alone += cpu_of([&] {
      for (std::size_t at = 0; at < data.size(); at += 1 << 20)
        (void)sha2_256(bytes_view{data}.subspan(at, 1 << 20));
    });
    together += cpu_of([&] { hash_together(data, 1 << 20); });
    tree += cpu_of([&] { (void)commp_of(data); });
  }
  const double gigabytes = 5.0 * static_cast<double>(data.size()) / 1e9;
  const auto& kernel = commp::best_kernel();
  report.add("kernel " + std::string{kernel.name} + ", leaves together", gigabytes / together, "GB/s");
  report.at_least("leaves together / one by one", alone / together, "x",
                  kernel.worthwhile_lanes > commp::lanes ? 0 : 1);
  // Both kernels that want AVX-512 have it in their name.
  const bool wide = kernel.name.find("512") != kernel.name.npos;
  report.at_least("commP / one stream of SHA-256", alone / tree, "x", wide ? 0.60 : 0.48);
}

WEIR_BENCH(bytes_kernels, "commP by every kernel of this processor, against one stream of OpenSSL's SHA-256") {
  auto kernels = commp::available_kernels().subspan(1); // without the portable one, ten times slower
  constexpr std::size_t chunks = 16;
  auto data = noise(chunks * commp::chunk_size);
  std::vector<double> seconds(kernels.size());
  double alone = 0;
  for (int round = 0; round < 10; ++round) {
    alone += cpu_of([&] { (void)sha2_256(data); });
    for (std::size_t i = 0; i < kernels.size(); ++i)
      seconds[i] += cpu_of([&] {
        std::uint8_t root[commp::node_size];
        for (std::size_t at = 0; at < data.size(); at += commp::chunk_size)
          kernels[i]->hash_chunk(data.data() + at, root);
      });
  }
  for (std::size_t i = 0; i < kernels.size(); ++i)
    report.add(std::string{kernels[i]->name}, alone / seconds[i], "x");
}

/// What the disk takes, by the way that the import goes.
status write_alone(const std::filesystem::path& path, bytes_view data) {
  WEIR_TRY(auto file, stream_file::create(path, [](std::uint64_t, bytes_view) {}));
  WEIR_CHECK(file->append(data));
  return file->finish();
}

WEIR_BENCH(bytes_import, "a file into CAR and commP in one pass, against its stages alone") {
  constexpr std::size_t size = 1 << 30;
  test::temp_dir folder;
  auto data = noise(size);
  write(folder / "in", data);
  // The best of the rounds: others only add to them.
  double pass = 1e9, stages = 1e9, wall = 1e9, two = 1e9, halves = 1e9, bare = 1e9;
  bool written = true;
  const auto hash = [](bytes_view part) {
    hash_together(part, 1 << 20);
    (void)commp_of(part);
  };
  for (int round = 0; round < 8; ++round) {
    stages = std::min(stages, cpu_of([&] { hash(data); }));
    auto start = bench::now();
    {
      std::jthread other{[&] { hash(bytes_view{data}.first(size / 2)); }};
      hash(bytes_view{data}.subspan(size / 2));
    }
    halves = std::min(halves, bench::now() - start);
    start = bench::now();
    pass = std::min(pass, cpu_of([&] { (void)import_to_car(folder / "in", folder / "out.car", {.workers = 1}); }));
    wall = std::min(wall, bench::now() - start);
    std::filesystem::remove(folder / "out.car"); // a GiB of it to free is not the import's work
    start = bench::now();
    (void)import_to_car(folder / "in", folder / "out.car", {.workers = 2});
    two = std::min(two, bench::now() - start);
    std::filesystem::remove(folder / "out.car");
    start = bench::now();
    written = written && write_alone(folder / "out.car", data);
    bare = std::min(bare, bench::now() - start);
    std::filesystem::remove(folder / "out.car");
  }
  report.add("one pass", size / 1e6 / wall, "MB/s");
  report.add("one pass, of processor time", size / 1e6 / pass, "MB/s");
  report.at_least("stages alone (hash and commP) / one pass", stages / pass, "x", 0.85);
  report.add("with two workers", size / 1e6 / two, "MB/s");
  report.add("stages alone in two threads / in one", stages / halves, "x");
  report.add("writing as much, and nothing else", written ? size / 1e6 / bare : 0, "MB/s");
  constexpr double goal = 1.7 * 0.85;
  const bool disk_allows = bare < stages / goal;
  report.at_least("two workers / stages alone (wall)", stages / two, "x", disk_allows ? goal : 0);
  report.at_least("two workers / writing alone", bare / two, "x", disk_allows ? 0 : 0.85);
}

WEIR_BENCH(bytes_packs, "random blocks out of a pack") {
  test::temp_dir folder;
  constexpr int files = 20'000;
  std::filesystem::create_directory(folder / "in");
  auto data = noise(files + 4096);
  for (int i = 0; i < files; ++i)
    write(folder / ("in/" + std::to_string(i)), bytes_view{data}.subspan(static_cast<std::size_t>(i), 4096));
  double best = 1e9;
  for (int round = 0; round < 3; ++round)
    best = std::min(best, cpu_of([&] { (void)import_to_car(folder / "in", folder / "a.car", {.workers = 1}); }));
  report.at_least("files of 4 KiB into a CAR, of one core", files / best / 1e3, "k/s", 60);
  auto store = block_store::open(folder / "blocks");
  if (!store || !(*store)->add_pack(folder / "a.car", false))
    return;
  std::vector<cid> all;
  (void)(*store)->for_each([&](bytes_view multihash, std::uint64_t) {
    all.push_back(cid::v1(codec::raw, multihash));
    return status{};
  });
  bytes block;
  for (const auto& id : all) // the first read checks
    (void)(*store)->get(id, block);
  auto start = cpu_now();
  constexpr std::size_t reads = 200'000;
  for (std::size_t i = 0, at = 0; i < reads; ++i, at = (at + 7919) % all.size())
    (void)(*store)->get(all[at], block);
  report.at_least("random reads of 4 KiB", reads / (cpu_now() - start) / 1e3, "k/s", 300);
}

/// A pack with so many small blocks.
void write_pack(const std::filesystem::path& path, std::uint32_t blocks) {
  std::ofstream out{path, std::ios::binary};
  car_writer car{[&](bytes_view data) {
    out.write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(data.size()));
    return status{};
  }};
  (void)car.start({cid::v1(codec::raw, hash_code::sha2_256, sha2_256({}))});
  bytes block(64);
  for (std::uint32_t i = 0; i < blocks; ++i) {
    std::memcpy(block.data(), &i, sizeof i);
    (void)car.put(cid::v1(codec::raw, hash_code::sha2_256, sha2_256(block)), block);
  }
}

WEIR_BENCH(bytes_open, "opening a store with a million packed blocks") {
  test::temp_dir folder;
  write_pack(folder / "a.car", 1'000'000);
  if (auto store = block_store::open(folder / "blocks"); !store || !(*store)->add_pack(folder / "a.car", false))
    return;
  auto start = bench::now();
  auto store = block_store::open(folder / "blocks");
  report.at_most("opening", bench::now() - start, "s", 1);
  report.add("blocks", static_cast<double>((*store)->stat()->packed_blocks) / 1e3, "k");
}

/// Blocks of 4 KiB a second, `many` in each commit, which is durable before the next.
double puts_per_second(block_store& store, int writers, int many, std::uint32_t from, double seconds) {
  std::atomic<std::uint64_t> done{0};
  const auto start = bench::now(), end = start + seconds;
  std::vector<std::thread> all;
  for (int w = 0; w < writers; ++w)
    all.emplace_back([&, w] {
      bytes block(4096);
      auto writer = store.writer();
      for (std::uint32_t i = 1; bench::now() < end; ++i) {
        const std::uint32_t name[] = {from, static_cast<std::uint32_t>(w), i};
        std::memcpy(block.data(), name, sizeof name);
        (void)writer->put(cid::v1(codec::raw, hash_code::sha2_256, sha2_256(block)), block);
        if (i % static_cast<std::uint32_t>(many) == 0 && writer->commit())
          done += static_cast<std::uint64_t>(many);
      }
    });
  for (auto& t : all)
    t.join();
  return static_cast<double>(done) / (bench::now() - start);
}

/// Groups of 4 MiB a second, written and synced one after the other, as blocks of 4 KiB.
double bare_groups(const std::filesystem::path& path, double seconds) {
  auto data = noise(4 << 20);
  auto fd = open_file(path, O_WRONLY | O_CREAT);
  std::uint64_t at = 0;
  const auto start = bench::now();
  while (fd && bench::now() < start + seconds) {
    (void)write_all_at(fd->get(), data, at, path);
    (void)sync_file(fd->get(), path);
    at += data.size();
  }
  return static_cast<double>(at) / 4096 / (bench::now() - start);
}

WEIR_BENCH(bytes_puts, "durable puts of 4 KiB into packs that grow, and into flatfs") {
  test::temp_dir folder;
  auto store = *block_store::open(folder / "blocks");
  auto flatfs = *block_store::open(folder / "loose", {.small_block = 0});
  double one = 0, one_loose = 0, each = 0, each_loose = 0, many = 0, many_loose = 0, bare = 0;
  constexpr int rounds = 3;
  for (std::uint32_t round = 0; round < rounds; ++round) {
    const auto from = round * 10;
    one += puts_per_second(*store, 1, 1, from + 1, 0.7);
    one_loose += puts_per_second(*flatfs, 1, 1, from + 1, 0.7);
    each += puts_per_second(*store, 64, 1, from + 2, 1);
    each_loose += puts_per_second(*flatfs, 64, 1, from + 2, 1);
    many += puts_per_second(*store, 64, 256, from + 3, 2);
    many_loose += puts_per_second(*flatfs, 64, 256, from + 3, 1);
    bare += bare_groups(folder / "bare", 1);
  }
  report.add("one writer, each put durable", one / rounds / 1e3, "k/s");
  report.at_least("that / flatfs", one / one_loose, "x", 1);
  report.add("64 writers, each put durable", each / rounds / 1e3, "k/s");
  report.at_least("that / flatfs", each / each_loose, "x", 1);
  report.at_least("64 writers, uploads of 256 blocks", many / rounds / 1e3, "k/s", 100);
  report.at_least("that / flatfs", many / std::max(many_loose, 1.0), "x", 1);
  report.add("that / bare writes and syncs of 4 MiB", many / bare, "x");
}

/// MiB that the process had at most since `forget_peak`.
double peak_mib() {
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:"))
      return std::stod(line.substr(6)) / 1024;
  return bench::resident_mib();
}

void forget_peak() {
  std::ofstream{"/proc/self/clear_refs"} << 5;
}

/// A file with holes, each MiB of it another: no block is there twice, and the
/// CAR has all of it.
void write_sparse(const std::filesystem::path& path, std::uint64_t mebibytes) {
  auto fd = open_file(path, O_WRONLY | O_CREAT | O_TRUNC);
  for (std::uint64_t i = 0; fd && i < mebibytes; ++i) {
    const auto name = bytes_view{reinterpret_cast<const std::uint8_t*>(&i), sizeof i};
    (void)write_all_at(fd->get(), name, i << 20, path);
  }
  (void)::truncate(path.c_str(), static_cast<off_t>(mebibytes << 20));
}

WEIR_BENCH(bytes_memory, "8 GiB through the one-pass import, and through commP alone") {
  constexpr std::uint64_t mebibytes = 8 << 10;
  test::temp_dir folder;
  write_sparse(folder / "in", mebibytes);
  for (unsigned workers : {1U, 2U}) {
    forget_peak();
    auto start = bench::now();
    auto made = import_to_car(folder / "in", folder / "out.car", {.workers = workers});
    const auto name = std::to_string(workers) + (workers == 1 ? " worker" : " workers");
    report.add("CAR and commP, " + name, mebibytes * 1.048576 / (bench::now() - start), "MB/s");
    report.at_least("GiB in the CAR", made ? static_cast<double>(made->size) / (1 << 30) : 0, "GiB", 8);
    report.at_most("resident at most, " + name, peak_mib(), "MiB", 256);
    std::filesystem::remove(folder / "out.car");
  }
  forget_peak();
  auto start = bench::now();
  if (!commp_of_file(folder / "in"))
    return;
  report.add("commP alone", mebibytes * 1.048576 / (bench::now() - start), "MB/s");
  report.at_most("resident at most, commP alone", peak_mib(), "MiB", 256);
}

} // namespace
} // namespace weir
