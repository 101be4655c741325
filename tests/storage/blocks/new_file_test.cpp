// A file that is there as a whole or not at all, whatever the sizes of what is appended.
#include "storage/blocks/new_file.hpp"

#include "tests/support/temp_dir.hpp"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace weir {
namespace {

constexpr std::size_t buffered = 8192;

bytes counting(std::size_t size) {
  bytes out(size);
  for (std::size_t i = 0; i < size; ++i)
    out[i] = static_cast<std::uint8_t>(i * 31 + i / 256);
  return out;
}

bytes content_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return bytes{std::istreambuf_iterator<char>{in}, {}};
}

TEST(new_file, has_every_byte_whatever_the_steps) {
  test::temp_dir folder;
  for (std::size_t size :
       {std::size_t{0}, std::size_t{1}, buffered - 1, buffered, buffered + 1, 3 * buffered, 5 * buffered + 77})
    for (std::size_t step : {std::size_t{1000}, buffered, 3 * buffered + 5}) {
      const auto wanted = counting(size);
      const auto file = folder / ("file-" + std::to_string(size) + "-" + std::to_string(step));
      auto out = new_file::create(file, buffered);
      ASSERT_TRUE(out);
      for (std::size_t at = 0; at < size; at += step)
        ASSERT_TRUE(out->append(bytes_view{wanted}.subspan(at, std::min(step, size - at))));
      EXPECT_EQ(out->size(), size);
      EXPECT_FALSE(std::filesystem::exists(file)) << "not before it is whole";
      ASSERT_TRUE(out->finish());
      EXPECT_EQ(content_of(file), wanted) << size << " bytes in steps of " << step;
    }
}

TEST(new_file, leaves_nothing_when_it_is_not_finished) {
  test::temp_dir folder;
  {
    auto out = new_file::create(folder / "file", buffered);
    ASSERT_TRUE(out);
    ASSERT_TRUE(out->append(counting(3 * buffered)));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder / ""));
}

} // namespace
} // namespace weir
