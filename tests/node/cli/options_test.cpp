#include "node/cli/progress.hpp"
#include "node/cli/table.hpp"
#include "node/cli/units.hpp"
#include "tests/node/cli/typed.hpp"

#include <gtest/gtest.h>
#include <set>

namespace weir::cli {
namespace {

TEST(command_line, every_command_has_help_with_an_example) {
  std::set<std::string_view> names;
  for (const auto& c : commands()) {
    EXPECT_TRUE(names.insert(c.name).second) << c.name << " is there twice";
    EXPECT_TRUE(c.example.starts_with("weir " + std::string{c.name})) << c.name;
    EXPECT_TRUE(c.summary.ends_with(".") || c.summary.find(".") != c.summary.npos) << c.name;
    std::vector<std::string> words;
    std::istringstream in{std::string{c.name}};
    for (std::string w; in >> w;)
      words.push_back(w);
    words.push_back("--help");
    auto help = typed(words);
    EXPECT_EQ(help.status, 0) << c.name << help.err;
    EXPECT_NE(help.out.find("Example:\n  weir " + std::string{c.name}), std::string::npos) << help.out;
  }
}

TEST(command_line, typos_get_the_nearest_word) {
  EXPECT_EQ(typed({"stauts", "x"}).status, 2);
  EXPECT_NE(typed({"stauts", "x"}).err.find("Did you mean 'weir status'?"), std::string::npos);
  EXPECT_NE(typed({"bucket", "craete", "x"}).err.find("weir bucket create"), std::string::npos);
  EXPECT_NE(typed({"ls", "--sate", "x"}).err.find("--state"), std::string::npos);
  EXPECT_NE(typed({"bucket"}).err.find("create"), std::string::npos);
  EXPECT_EQ(typed({}).status, 2);
  EXPECT_EQ(typed({"--help"}).status, 0);
}

TEST(command_line, wrong_use_is_exit_status_2) {
  EXPECT_EQ(typed({"status"}).status, 2) << "something is missing";
  EXPECT_EQ(typed({"status", "a", "b"}).status, 2) << "too much";
  EXPECT_EQ(typed({"ls", "--state"}).status, 2) << "no value";
  EXPECT_EQ(typed({"ls", "--json=yes"}).status, 2) << "a flag takes none";
  EXPECT_EQ(typed({"add", "x", "--wait", "soon"}).status, 2) << "not a choice";
  EXPECT_EQ(typed({"ls", "--state", "a", "--state", "b"}).status, 2) << "given twice";
}

TEST(command_line, values_by_equals_and_the_end_of_options) {
  command c{"x", "A…", "s.", "weir x", {{"name", "N", ""}, {"kind", "K", "", true}}, 0, 9, nullptr};
  std::vector<std::string> words{"a", "--name=b=c", "--kind", "1", "--kind", "2", "--", "--name"};
  auto p = parse_arguments(c, words);
  ASSERT_TRUE(p);
  EXPECT_EQ(p->get("name"), "b=c");
  EXPECT_EQ(p->all("kind").size(), 2u);
  EXPECT_EQ(p->arguments, (std::vector<std::string>{"a", "--name"}));
}

TEST(command_line, a_node_that_is_not_there_is_exit_status_1) {
  auto o = typed({"ls", "--api", "127.0.0.1:1"}); // lint: nothing ever listens on port 1
  EXPECT_EQ(o.status, 1);
  EXPECT_EQ(o.out, "");
  EXPECT_NE(o.err.find("unreachable"), std::string::npos);
}

TEST(completion, knows_every_command) {
  for (auto shell : {"bash", "zsh", "fish"}) {
    auto o = typed({"completion", shell});
    EXPECT_EQ(o.status, 0);
    for (const auto& c : commands())
      EXPECT_NE(o.out.find(std::string{c.name.substr(c.name.rfind(' ') + 1)}), std::string::npos) << shell << c.name;
  }
  EXPECT_EQ(typed({"completion", "tcsh"}).status, 2);
}

TEST(units, sizes) {
  EXPECT_EQ(*parse_size("4096"), 4096u);
  EXPECT_EQ(*parse_size("64MiB"), 64u << 20);
  EXPECT_EQ(*parse_size("1.5G"), 3ull << 29);
  EXPECT_EQ(*parse_size("20KB"), 20'000u);
  for (auto bad : {"", "x", "-1", "1.3", "5 parsecs", "1e30", "99999999P"})
    EXPECT_FALSE(parse_size(bad)) << bad;
  EXPECT_EQ(size_text(1023), "1023 B");
  EXPECT_EQ(size_text(1536), "1.5 KiB");
  EXPECT_EQ(size_text(1048575), "1.0 MiB");
}

TEST(units, durations_are_epochs) {
  EXPECT_EQ(*parse_duration("90s"), 3);
  EXPECT_EQ(*parse_duration("2d"), 5760);
  EXPECT_EQ(*parse_duration("10epochs"), 10);
  EXPECT_EQ(*parse_duration("1s"), 1) << "rounded up";
  for (auto bad : {"", "5", "d", "1 fortnight", "-2d"})
    EXPECT_FALSE(parse_duration(bad)) << bad;
  EXPECT_EQ(epochs_text(5760), "2d");
  EXPECT_EQ(time_text(3661), "1:01:01");
}

TEST(printable, keeps_a_terminal_safe) {
  EXPECT_EQ(printable("a\x1b[2Jb\n"), "a\\x1b[2Jb\\x0a");
  EXPECT_EQ(printable("gr\xc3\xbcn \xff"), "gr\xc3\xbcn \\xff");
}

TEST(progress, plain_lines_where_there_is_no_terminal) {
  std::ostringstream to;
  auto now = progress::clock::time_point{};
  progress p{to, false, [&] { return now; }};
  p.start("adding", 100 << 20);
  now += std::chrono::seconds{1};
  p.update(1 << 20);
  EXPECT_EQ(to.str(), "") << "not a line for each step";
  now += std::chrono::seconds{5};
  p.update(50 << 20);
  EXPECT_NE(to.str().find("50.0 MiB of 100 MiB  8.3 MiB/s  0:06 left\n"), std::string::npos) << to.str();
  EXPECT_EQ(to.str().find('\r'), std::string::npos);
}

TEST(table, columns_as_wide_as_their_cells) {
  table t{{"A", "B"}};
  t.row({"x…y", "1"});
  EXPECT_EQ(t.lines(), (std::vector<std::string>{"A    B", "x…y  1"}));
}

} // namespace
} // namespace weir::cli
