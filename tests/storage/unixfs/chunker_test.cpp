#include "storage/hash/digest.hpp"
#include "storage/unixfs/chunker.hpp"

#include <gtest/gtest.h>

namespace weir::unixfs {
namespace {

std::vector<std::size_t> cuts(const chunking& c, bytes_view data, std::size_t step) {
  auto cutter = make_chunker(c);
  std::vector<std::size_t> out;
  for (std::size_t at = 0; at < data.size();) {
    auto part = data.subspan(at, std::min(step, data.size() - at));
    auto cut = cutter->next_cut(part);
    at += cut.value_or(part.size());
    if (cut)
      out.push_back(at);
  }
  return out;
}

bytes noise(std::size_t size) {
  bytes out;
  for (std::size_t i = 0; out.size() < size; ++i) {
    auto block = sha2_256(as_bytes(std::to_string(i)));
    out.insert(out.end(), block.begin(), block.end());
  }
  out.resize(size);
  return out;
}

TEST(chunking, text_forms_are_those_of_ipfs_add) {
  EXPECT_EQ(*chunking::parse("size-1"), chunking::fixed(1));
  EXPECT_EQ(chunking::parse("rabin")->text(), "rabin-87381-262144-393216");
  EXPECT_EQ(chunking::parse("rabin-32768")->text(), "rabin-10922-32768-49152");
  EXPECT_EQ(chunking::parse("rabin-min:16384-avg:32768-max:65536")->text(), "rabin-16384-32768-65536");
  for (auto text : {"size-2096896", "rabin-16-17-18", "rabin-16384-32768-65536", "buzhash"})
    EXPECT_EQ(chunking::parse(text)->text(), text);
  for (auto text : {"", "size", "size-", "size-x", "size--1", "size-1-2", "size-99999999999999999999", "rabin-1-2",
                    "rabin-1-2-3-4", "rabin-avg:16-17-18", "buzhash-1", "Rabin", "fastcdc"})
    EXPECT_EQ(chunking::parse(text).error().code, errc::malformed) << text;
  for (auto text : {"size-0", "size-2096897", "rabin-47", "rabin-1397932", "rabin-15-20-30", "rabin-20-20-30",
                    "rabin-20-30-30", "rabin-20-30-2096897", "rabin-18446744073709551615"})
    EXPECT_EQ(chunking::parse(text).error().code, errc::invalid_argument) << text;
}

TEST(chunker, cuts_do_not_depend_on_how_the_bytes_come) {
  auto data = noise(900'001);
  for (auto text : {"size-1000", "rabin-1000-4096-9000", "rabin-16-64-500", "buzhash"}) {
    auto c = *chunking::parse(text);
    auto whole = cuts(c, data, data.size());
    EXPECT_FALSE(whole.empty());
    for (std::size_t step : {1u, 7u, 4096u, 100'000u})
      EXPECT_EQ(cuts(c, data, step), whole) << text;
    std::size_t before = 0;
    for (auto cut : whole) {
      EXPECT_LE(cut - before, c.most);
      EXPECT_GE(cut - before, c.least);
      before = cut;
    }
  }
}

// That a cut depends on what is near it only is what these chunkers are for.
TEST(chunker, an_insertion_moves_few_cuts) {
  auto data = noise(2 << 20);
  auto changed = data;
  changed.insert(changed.begin() + 1000, {1, 2, 3});
  for (auto text : {"rabin-4096-16384-65536", "buzhash"}) {
    auto c = *chunking::parse(text);
    auto before = cuts(c, data, data.size()), after = cuts(c, changed, changed.size());
    EXPECT_EQ(before.back() + 3, after.back()) << text;
  }
}

TEST(chunker, bytes_that_never_cut) {
  // The fingerprint of zeros is zero: every chunk is as short as may be.
  EXPECT_EQ(cuts(*chunking::parse("rabin-100-256-1000"), bytes(250, 0), 250), (std::vector<std::size_t>{100, 200}));
  auto same = cuts(chunking::buzhash(), bytes(1 << 20, 7), 1 << 20);
  EXPECT_EQ(same.size(), 2u) << "half a MiB each, as the window's hash never changes";
}

} // namespace
} // namespace weir::unixfs
