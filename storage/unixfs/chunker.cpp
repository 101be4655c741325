#include "storage/unixfs/chunkers.hpp"

#include "storage/blocks/block_io.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace weir::unixfs {

namespace {

constexpr std::size_t chunk_limit = max_block_size - leaf_overhead;
/// The window of the rabin fingerprint: a chunk cannot be shorter.
constexpr std::size_t rabin_least = 16;
constexpr std::size_t rabin_default = 256 << 10;

error not_a_chunker(std::string_view text) {
  return fail(errc::malformed, "not a chunker", std::string{text}.substr(0, 100),
              "size-BYTES, rabin, rabin-AVERAGE, rabin-LEAST-AVERAGE-MOST, buzhash");
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    auto dash = text.find('-');
    parts.push_back(text.substr(0, dash));
    if (dash == text.npos)
      return parts;
    text.remove_prefix(dash + 1);
  }
}

/// A number, with or without its label ("min:16384").
std::optional<std::size_t> number(std::string_view text, std::string_view label) {
  if (!label.empty() && text.starts_with(label))
    text.remove_prefix(label.size());
  std::size_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty())
    return std::nullopt;
  return value;
}

std::optional<chunking> parse_parts(const std::vector<std::string_view>& parts) {
  if (parts.size() == 1 && parts[0] == "buzhash")
    return chunking::buzhash();
  if (parts.size() == 1 && parts[0] == "rabin")
    return chunking::rabin(rabin_default);
  if (parts.size() == 2 && (parts[0] == "size" || parts[0] == "rabin")) {
    auto size = number(parts[1], {});
    if (!size)
      return std::nullopt;
    return parts[0] == "size" ? chunking::fixed(*size) : chunking::rabin(*size);
  }
  if (parts.size() != 4 || parts[0] != "rabin")
    return std::nullopt;
  auto least = number(parts[1], "min:"), average = number(parts[2], "avg:"), most = number(parts[3], "max:");
  if (!least || !average || !most)
    return std::nullopt;
  return chunking{chunking::method::rabin, *most, *least, *average};
}

class fixed_chunker : public chunker {
public:
  explicit fixed_chunker(std::size_t size) : size_{size}, left_{size} {}

  std::optional<std::size_t> next_cut(bytes_view data) override {
    if (data.size() < left_) {
      left_ -= data.size();
      return std::nullopt;
    }
    return std::exchange(left_, size_);
  }

private:
  std::size_t size_, left_;
};

} // namespace

chunking chunking::rabin(std::size_t average) {
  average = std::min(average, chunk_limit + 1); // too large either way, and cannot overflow
  return {method::rabin, average + average / 2, average / 3, average};
}

chunking chunking::buzhash() {
  return {method::buzhash, 512 << 10, 128 << 10, 0};
}

result<chunking> chunking::parse(std::string_view text) {
  auto found = text.size() > 100 ? std::nullopt : parse_parts(split(text));
  if (!found)
    return not_a_chunker(text);
  WEIR_CHECK(check(*found));
  return *found;
}

std::string chunking::text() const {
  switch (how) {
  case method::size:
    return "size-" + std::to_string(most);
  case method::rabin:
    return "rabin-" + std::to_string(least) + "-" + std::to_string(average) + "-" + std::to_string(most);
  case method::buzhash:
    break;
  }
  return "buzhash";
}

status check(const chunking& c) {
  if (c.most < 1 || c.most > chunk_limit)
    return fail(errc::invalid_argument, "chunk size is out of range", std::to_string(c.most),
                "1 to " + std::to_string(chunk_limit));
  if (c.how == chunking::method::rabin && (c.least < rabin_least || c.least >= c.average || c.average >= c.most))
    return fail(errc::invalid_argument, "the chunker's least, average and most must be in this order, from 16 on",
                c.text());
  if (c.how == chunking::method::buzhash && c != chunking::buzhash())
    return fail(errc::invalid_argument, "buzhash has no sizes to choose");
  return {};
}

std::unique_ptr<chunker> make_chunker(const chunking& c) {
  switch (c.how) {
  case chunking::method::rabin:
    return make_rabin(c);
  case chunking::method::buzhash:
    return make_buzhash(c);
  case chunking::method::size:
    break;
  }
  return std::make_unique<fixed_chunker>(c.most);
}

} // namespace weir::unixfs
