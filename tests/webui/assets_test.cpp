// What a browser gets: every file that the page names is there, compressed,
// typed and cacheable as its name promises.
#include "webui/assets.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <zlib.h>

namespace weir::webui {

namespace {

std::string inflate_all(const asset& a) {
  z_stream z{};
  std::string out(a.size + 1, '\0');
  EXPECT_EQ(inflateInit2(&z, 16 + MAX_WBITS), Z_OK);
  z.next_in = const_cast<unsigned char*>(a.gz.data());
  z.avail_in = static_cast<uInt>(a.gz.size());
  z.next_out = reinterpret_cast<unsigned char*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&z, Z_FINISH), Z_STREAM_END);
  out.resize(z.total_out);
  inflateEnd(&z);
  return out;
}

} // namespace

TEST(assets, the_root_is_the_page) {
  const asset* page = find_asset("/");
  ASSERT_NE(page, nullptr);
  EXPECT_EQ(page, find_asset("/index.html"));
  EXPECT_EQ(page->mime, "text/html; charset=utf-8");
  EXPECT_EQ(cache_control(*page), "no-cache");
}

TEST(assets, everything_that_the_page_names_exists_and_may_be_cached) {
  auto html = inflate_all(*find_asset("/"));
  std::regex name{R"re((?:src|href)="(/[^"]+)")re"};
  int found = 0;
  for (std::sregex_iterator i{html.begin(), html.end(), name}, end; i != end; ++i, ++found) {
    const asset* a = find_asset((*i)[1].str());
    ASSERT_NE(a, nullptr) << (*i)[1];
    if (a->path.starts_with("/assets/")) {
      EXPECT_EQ(cache_control(*a), "public, max-age=31536000, immutable");
    }
  }
  EXPECT_GE(found, 3);
}

TEST(assets, all_bytes_decompress_to_the_stated_size) {
  for (const auto& a : assets()) {
    EXPECT_EQ(inflate_all(a).size(), a.size) << a.path;
    EXPECT_EQ(find_asset(a.path), &a);
    EXPECT_EQ(a.etag.size(), 18u);
  }
}

TEST(assets, the_page_runs_nothing_inline) {
  auto html = inflate_all(*find_asset("/"));
  EXPECT_EQ(html.find("<style"), std::string::npos);
  EXPECT_EQ(html.find(" style="), std::string::npos);
  EXPECT_EQ(html.find("onload="), std::string::npos);
  EXPECT_EQ(html.find("<script>"), std::string::npos);
}

TEST(assets, other_paths_are_not_there) {
  EXPECT_EQ(find_asset("/assets/"), nullptr);
  EXPECT_EQ(find_asset(""), nullptr);
  EXPECT_EQ(find_asset("/../index.html"), nullptr);
}

} // namespace weir::webui
